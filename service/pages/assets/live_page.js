// A result page under the draft: products are dragged or stepped to a place, boosted and buried.

import { small } from "./cards.js";
import { slider } from "./campaign_form.js";
import { by, node, repaint } from "./dom.js";
import { label } from "./labels.js";
import { sayValue } from "./conditions.js";
import { moreAction, pinOf, pinned, unpinned, weighed, weightOf } from "./campaign_values.js";

const DRAGGED = "text/x-souk-product";
/** A menu or another window takes the pointer's release away. */
const RELEASED = ["pointerup", "pointercancel", "contextmenu", "blur"];

/** Draws the page; while `now()` gives no campaign (null) it is only looked at. `change(campaign, said)` hears of edits. */
export function showPage(page, now, change) {
  const campaign = now();
  const before = new Map(page.before.results.map((item, i) => [item.product_id, i + 1]));
  const items = page.after.results;
  const pin = (item, at) => change(pinned(now(), item.product_id, at), label("f_pinned_at", { name: item.title, at }));
  const row = (item, i) => {
    const place = i + 1;
    const was = before.get(item.product_id);
    const key = (name) => `${item.product_id}-${name}`;
    const isPinned = campaign && pinOf(campaign, item.product_id);
    const moved = was === undefined ? label("f_new_here") : was === place ? "" : label("f_was", { place: was });
    const element = node("li", { class: [was === place ? "" : "moved", isPinned ? "pinned" : ""].join(" ").trim() || null, "data-product": item.product_id, draggable: campaign ? "true" : null },
      node("span", { class: "place" }, String(place)), small(item, () => {}),
      node("p", { class: "meta move-note" }, isPinned ? node("span", { class: "pin-note" }, label("f_pinned")) : null, moved ? ` ${moved}` : null));
    if (!campaign) return element;
    const step = (name, sign, at) => node("button", { type: "button", class: "step", "data-key": key(name), "aria-label": `${label(`f_${name}`)}: ${item.title}`, title: label(`f_${name}`), disabled: at < 1 || at > items.length, onclick: () => pin(item, at) }, sign);
    element.append(
      node("div", { class: "steps" }, step("up", "↑", place - 1), step("down", "↓", place + 1),
        isPinned
          ? node("button", { type: "button", class: "step wide", "data-key": key("pin"), "aria-pressed": "true", "aria-label": `${label("f_unpin")}: ${item.title}`, onclick: () => change(unpinned(now(), item.product_id), label("f_unpinned", { name: item.title })) }, label("f_unpin"))
          : node("button", { type: "button", class: "step wide", "data-key": key("pin"), "aria-pressed": "false", "aria-label": `${label("f_pin_here")}: ${item.title}`, onclick: () => pin(item, place) }, label("f_pin_here"))),
      weights(item, now, change, key));
    element.onpointerdown = () => hold(element);
    element.ondragstart = (event) => {
      event.dataTransfer.setData(DRAGGED, item.product_id);
      event.dataTransfer.effectAllowed = "move";
      element.classList.add("dragged");
    };
    element.ondragend = () => element.classList.remove("dragged");
    element.ondragover = (event) => {
      if (![...event.dataTransfer.types].includes(DRAGGED)) return;
      event.preventDefault();
      element.classList.add("over");
    };
    element.ondragleave = () => element.classList.remove("over");
    element.ondrop = (event) => {
      event.preventDefault();
      element.classList.remove("over");
      const dropped = items.find((one) => one.product_id === event.dataTransfer.getData(DRAGGED));
      if (dropped && dropped !== item) pin(dropped, place);
    };
    return element;
  };
  const open = new Set([...by("live").querySelectorAll("details[open]")].map((one) => one.dataset.of));
  repaint(by("live"), ...items.map(row));
  for (const details of by("live").querySelectorAll("details")) details.open = open.has(details.dataset.of);
}

/** Hears the first of these events anywhere on the page, and then none. */
function hearFirst(events, heard) {
  const over = new AbortController();
  const first = () => (over.abort(), heard());
  for (const event of events) addEventListener(event, first, { signal: over.signal });
}

/** Pressed, a product is in the hand until it is let go. */
function hold(element) {
  element.classList.add("held");
  hearFirst(RELEASED, () => element.classList.remove("held"));
}

/** When no product is in the hand: a page that comes meanwhile would tear it out, or swallow the click. */
export async function letGo() {
  while (by("live").querySelector(".held, .dragged")) {
    await new Promise((done) => hearFirst([...RELEASED, "drop", "dragend"], () => setTimeout(done)));
  }
}

/** Sliders for the product, and for what it has in common with others. */
function weights(item, now, change, key) {
  const choices = [["products", item.product_id, item.title], ["categories", item.category, item.category_path.at(-1)]];
  if (item.colour) choices.push(["colours", item.colour, sayValue("colours", item.colour)]);
  if (item.brand) choices.push(["brands", item.brand, item.brand]);
  const rows = choices.map(([kind, value, said]) => {
    const choice = { [kind]: [value] };
    const name = `${label(`f_${kind}`)}: ${said}`;
    return node("div", { class: "weigh" }, node("span", { class: "meta" }, name), slider({ key: key(kind), name, value: weightOf(now(), choice), changed: (weight) => change(weighed(now(), choice, weight), name) }));
  });
  const hide = node("button", { type: "button", class: "quiet", "data-key": key("hide"), "aria-label": `${label("f_hide")}: ${item.title}`, onclick: () => change(moreAction(now(), { hide: { products: [item.product_id] } }), label("f_hide")) }, label("f_hide"));
  return node("details", { class: "weights", "data-of": item.product_id }, node("summary", { "data-key": key("weights"), "aria-label": `${label("f_weigh")}: ${item.title}` }, label("f_weigh")), ...rows, hide);
}
