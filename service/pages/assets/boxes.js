// The detected objects over the photo: tap one, drag or resize the focus, or draw a new box.

import { node } from "./dom.js";
import { label } from "./labels.js";

const STEP = 0.02;
const LEAST = 0.04;
const CORNERS = { nw: [0, 1], ne: [2, 1], sw: [0, 3], se: [2, 3] };

const clamp = (value) => Math.min(1, Math.max(0, value));
const rounded = (box) => box.map((value) => Math.round(value * 1e4) / 1e4);
const area = ([left, top, right, bottom]) => (right - left) * (bottom - top);
const isWhole = (box) => area(box) > 0.98;

function place(element, [left, top, right, bottom]) {
  element.style.left = `${left * 100}%`;
  element.style.top = `${top * 100}%`;
  element.style.width = `${(right - left) * 100}%`;
  element.style.height = `${(bottom - top) * 100}%`;
}

/** `choose({object})` on a tap, `redraw(box)` when the focus was dragged or resized. */
export function showBoxes(layer, objects, focus, { choose, redraw }) {
  const largestFirst = [...objects].sort((a, b) => area(b.box) - area(a.box));
  layer.replaceChildren(
    ...largestFirst.map((found) => (found.id === focus && !isWhole(found.box) ? movable(layer, found.box, nameOf(found), redraw) : tappable(found, focus, choose))),
  );
}

function nameOf(found) {
  if (isWhole(found.box)) return label("whole");
  return found.category ? found.category.path.at(-1) : label("object");
}

function tappable(found, focus, choose) {
  const on = found.id === focus;
  const button = node(
    "button",
    { type: "button", class: `box${on ? " focus" : ""}${isWhole(found.box) ? " whole" : ""}`, "data-object": found.id, "aria-pressed": String(on), "aria-label": nameOf(found), onclick: () => choose({ object: found.id }) },
    node("span", { class: "box-name", "aria-hidden": "true" }, nameOf(found)),
  );
  place(button, found.box);
  return button;
}

/** The box in focus: drag it, pull a corner, or use the arrow keys (with Shift: its size), then Enter. */
function movable(layer, start, name, done) {
  let box = [...start];
  let grip = null;
  const frame = node("div", { class: "box focus movable", tabindex: "0", role: "group", "aria-label": `${name}. ${label("move_help")}` }, node("span", { class: "box-name", "aria-hidden": "true" }, name));
  for (const corner of Object.keys(CORNERS)) frame.append(node("span", { class: `grip ${corner}`, "data-corner": corner }));
  place(frame, box);
  const shift = (dx, dy) => {
    const width = box[2] - box[0];
    const height = box[3] - box[1];
    const left = Math.min(1 - width, clamp(box[0] + dx));
    const top = Math.min(1 - height, clamp(box[1] + dy));
    box = [left, top, left + width, top + height];
  };
  const pull = (corner, dx, dy) => {
    const [x, y] = CORNERS[corner];
    const next = [...box];
    next[x] = clamp(next[x] + dx);
    next[y] = clamp(next[y] + dy);
    if (next[2] - next[0] >= LEAST && next[3] - next[1] >= LEAST) box = next;
  };
  frame.onpointerdown = (event) => {
    event.preventDefault();
    frame.focus({ preventScroll: true });
    frame.setPointerCapture(event.pointerId);
    grip = { x: event.clientX, y: event.clientY, corner: event.target.dataset.corner, moved: false };
  };
  frame.onpointermove = (event) => {
    if (!grip) return;
    const shown = layer.getBoundingClientRect();
    const [dx, dy] = [(event.clientX - grip.x) / shown.width, (event.clientY - grip.y) / shown.height];
    if (grip.corner) pull(grip.corner, dx, dy);
    else shift(dx, dy);
    grip = { ...grip, x: event.clientX, y: event.clientY, moved: true };
    place(frame, box);
  };
  frame.onpointerup = () => {
    const moved = grip?.moved;
    grip = null;
    if (moved) done(rounded(box));
  };
  frame.onkeydown = (event) => {
    if (event.key === "Enter") return done(rounded(box));
    const move = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (!move) return undefined;
    event.preventDefault();
    if (event.shiftKey) pull("se", ...move);
    else shift(...move);
    return place(frame, box);
  };
  return frame;
}

/** A new box with the pointer; with the keyboard one in the middle appears to be moved. */
export function drawBox(layer, done) {
  layer.classList.add("drawing");
  const end = (box) => {
    layer.classList.remove("drawing");
    layer.onpointerdown = layer.onpointermove = layer.onpointerup = null;
    done(rounded(box));
  };
  const frame = movable(layer, [0.25, 0.2, 0.75, 0.8], label("drawn"), end);
  layer.replaceChildren(frame);
  frame.focus({ preventScroll: true });
  let start = null;
  let box = null;
  const at = (event) => {
    const shown = layer.getBoundingClientRect();
    return [clamp((event.clientX - shown.left) / shown.width), clamp((event.clientY - shown.top) / shown.height)];
  };
  layer.onpointerdown = (event) => {
    layer.setPointerCapture(event.pointerId);
    start = at(event);
  };
  layer.onpointermove = (event) => {
    if (!start) return;
    const [x, y] = at(event);
    box = [Math.min(start[0], x), Math.min(start[1], y), Math.max(start[0], x), Math.max(start[1], y)];
    place(frame, box);
  };
  layer.onpointerup = () => {
    start = null;
    if (box && box[2] - box[0] >= LEAST && box[3] - box[1] >= LEAST) end(box);
  };
}
