// The detected objects over the photo: tap one, or draw a box with pointer or keyboard.

import { node } from "./cards.js";
import { label } from "./labels.js";

const STEP = 0.02;

export function showBoxes(layer, objects, focus, choose) {
  layer.replaceChildren(
    ...objects.map((found) => {
      const [left, top, right, bottom] = found.box;
      const whole = right - left > 0.995 && bottom - top > 0.995;
      const name = found.category ? found.category.path.at(-1) : whole ? label("whole") : label("object");
      const button = node(
        "button",
        { type: "button", class: `box${found.id === focus ? " focus" : ""}`, "aria-pressed": String(found.id === focus), onclick: () => choose({ object: found.id, box: found.box }) },
        node("span", {}, name),
      );
      button.style.cssText = `left:${left * 100}%;top:${top * 100}%;width:${(right - left) * 100}%;height:${(bottom - top) * 100}%`;
      return button;
    }).sort((a, b) => parseFloat(b.style.width) * parseFloat(b.style.height) - parseFloat(a.style.width) * parseFloat(a.style.height)),
  );
}

/** Lets the shopper draw one box; calls `done([left, top, right, bottom])` with shares of the photo. */
export function drawBox(layer, done) {
  layer.classList.add("drawing");
  let start = null;
  const shape = node("div", { class: "box focus", tabindex: "0", role: "application", "aria-label": label("draw") });
  let box = [0.25, 0.25, 0.75, 0.75];
  const paint = () => {
    shape.style.cssText = `left:${box[0] * 100}%;top:${box[1] * 100}%;width:${(box[2] - box[0]) * 100}%;height:${(box[3] - box[1]) * 100}%`;
  };
  const place = (event) => {
    const area = layer.getBoundingClientRect();
    const share = (value, from, size) => Math.min(1, Math.max(0, (value - from) / size));
    return [share(event.clientX, area.left, area.width), share(event.clientY, area.top, area.height)];
  };
  const finish = () => {
    layer.classList.remove("drawing");
    layer.onpointerdown = layer.onpointermove = layer.onpointerup = null;
    if (box[2] - box[0] > 0.02 && box[3] - box[1] > 0.02) done(box.map((value) => Math.round(value * 1e4) / 1e4));
  };
  layer.replaceChildren(shape);
  paint();
  shape.focus();
  shape.onkeydown = (event) => {
    const move = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (event.key === "Enter") return finish();
    if (!move) return undefined;
    event.preventDefault();
    const corners = event.shiftKey ? [2, 3] : [0, 1, 2, 3];
    for (const corner of corners) box[corner] = Math.min(1, Math.max(0, box[corner] + move[corner % 2]));
    return paint();
  };
  layer.onpointerdown = (event) => {
    layer.setPointerCapture(event.pointerId);
    start = place(event);
  };
  layer.onpointermove = (event) => {
    if (!start) return;
    const [x, y] = place(event);
    box = [Math.min(start[0], x), Math.min(start[1], y), Math.max(start[0], x), Math.max(start[1], y)];
    paint();
  };
  layer.onpointerup = finish;
}
