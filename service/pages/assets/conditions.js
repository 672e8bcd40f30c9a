// Which products, or which searches: conditions as chips that can be taken away, and one more.

import { icon, node } from "./dom.js";
import { known, label } from "./labels.js";
import { listed, withCondition, withoutCondition } from "./campaign_values.js";

/** `options(kind)` gives the known words; `changed(choice)` is called with each new choice. */
export function conditions({ choice, kinds, path, name, options, changed }) {
  const chips = kinds.flatMap((kind) => listed(choice[kind]).map((value) => chip(kind, value, () => changed(withoutCondition(choice, kind, value)), path)));
  const list = node("datalist", { id: `${path}-words` });
  const select = node("select", { "data-key": `${path}-kind`, "aria-label": `${name}: ${label("f_condition")}` }, ...kinds.map((kind) => node("option", { value: kind }, label(`f_${kind}`))));
  const input = node("input", { list: list.id, size: 10, "data-key": `${path}-value`, "aria-label": `${name}: ${label("f_value")}`, placeholder: label("f_value") });
  const offer = () => list.replaceChildren(...options(select.value).map(([value, said]) => node("option", { value }, said)));
  select.onchange = offer;
  offer();
  const add = () => input.value.trim() && changed(withCondition(choice, select.value, input.value.trim()));
  input.onkeydown = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  };
  return node("div", { class: "conditions" },
    node("ul", { class: "chips" }, ...(chips.length ? chips : [node("li", { class: "meta" }, label("f_anything"))])),
    node("div", { class: "adder" }, select, input, list, node("button", { type: "button", "data-key": `${path}-add`, onclick: add }, label("f_add"))));
}

function chip(kind, value, remove, path) {
  const said = `${label(`f_${kind}`)}: ${sayValue(kind, value)}`;
  return node("li", {}, node("button", { type: "button", class: "chip on", "data-key": `${path}-${kind}-${value}`, "aria-label": label("remove", { name: said }), onclick: remove }, said, icon("close")));
}

/** A value in the reader's words, where there are some. */
export function sayValue(kind, value) {
  if (kind === "colours" && known(`colour_${value}`)) return label(`colour_${value}`);
  if (kind === "genders" && known(value)) return label(value);
  return value;
}
