// The filters: choices with counts from the answer's facets; a change searches again in place.

import { by, icon, node, repaint } from "./dom.js";
import { label } from "./labels.js";

const MANY = ["colour", "gender"];
const SHOWN = 8;

export const noFilters = () => ({ prime: false, available: false, min_price: "", max_price: "", size: "", colour: [], gender: [], category: "" });

/** The filters as parameters of a search, and of a link. */
export function asParameters(chosen) {
  return { ...chosen, colour: chosen.colour.join(","), gender: chosen.gender.join(",") };
}

export function fromParameters(values) {
  const chosen = noFilters();
  for (const name of ["min_price", "max_price", "size", "category"]) chosen[name] = values.get(name) || "";
  for (const name of ["prime", "available"]) chosen[name] = values.get(name) === "true";
  for (const name of MANY) chosen[name] = (values.get(name) || "").split(",").filter(Boolean);
  return chosen;
}

export function countOf(chosen) {
  const one = ["prime", "available", "size", "category"].filter((name) => chosen[name]).length;
  return one + (chosen.min_price || chosen.max_price ? 1 : 0) + chosen.colour.length + chosen.gender.length;
}

/** A category's own name; where another one is named alike, whose it is too. */
export function nameAmong(category, all) {
  const own = category.path.at(-1);
  return all.filter((one) => one.path.at(-1) === own).length > 1 ? `${own} (${category.path[0]})` : own;
}

export class FilterPanel {
  /** `changed(chosen)` is called with the new filters after every choice. */
  constructor(form, changed) {
    this.form = form;
    this.changed = changed;
    this.chosen = noFilters();
    this.opened = new Set();
    this.names = new Map();
    form.onsubmit = (event) => event.preventDefault();
  }

  set(values) {
    this.chosen = { ...this.chosen, ...values };
    this.changed(this.chosen);
  }

  toggle(name, value) {
    if (!MANY.includes(name)) return this.set({ [name]: this.chosen[name] === value ? "" : value });
    const kept = this.chosen[name].filter((one) => one !== value);
    return this.set({ [name]: kept.length < this.chosen[name].length ? kept : [...kept, value] });
  }

  show(facets, market, language) {
    this.last = [facets, market, language];
    const money = new Intl.NumberFormat(language, { style: "currency", currency: market.currency, maximumFractionDigits: 0 });
    for (const one of facets.category) this.names.set(one.value, one.path.at(-1));
    repaint(
      this.form,
      node("div", { class: "group switches" }, this.#switch("prime", market.prime_name, facets.prime), this.#switch("available", label("available"), facets.available)),
      this.#group("category", facets.category.map((one) => ({ ...one, name: nameAmong(one, facets.category), hint: one.path.join(" › ") })), "row"),
      this.#prices(facets.price, money),
      this.#group("size", facets.size.map((one) => ({ ...one, name: one.value })), "pill"),
      this.#group("colour", facets.colour.map((one) => ({ ...one, name: label(`colour_${one.value}`) })), "swatch"),
      this.#group("gender", facets.gender.map((one) => ({ ...one, name: label(one.value) })), "pill"),
      node("p", { class: "meta" }, facets.exact ? label("counted_all", { n: facets.total }) : label("counted_some", { n: facets.counted, total: facets.total })),
    );
    this.#chips(money);
  }

  #switch(name, text, count) {
    const box = node("input", { type: "checkbox", name, "data-key": name, onchange: (event) => this.set({ [name]: event.target.checked }) });
    box.checked = this.chosen[name];
    return node("label", { class: "switch" }, box, node("span", {}, text), node("span", { class: "count" }, String(count)));
  }

  #group(name, values, look) {
    const asked = this.chosen[name];
    const isOn = (value) => (MANY.includes(name) ? asked.includes(value) : asked === value);
    const lacking = (MANY.includes(name) ? asked : [asked]).filter((one) => one && !values.some((v) => v.value === one));
    const all = [...lacking.map((value) => ({ value, name: this.#nameOf(name, value), count: 0 })), ...values];
    if (all.length === 0) return null;
    const open = this.opened.has(name) || look === "pill";
    const shown = all.filter((one, place) => open || place < SHOWN || isOn(one.value));
    const choices = shown.map((one) =>
      node(
        "button",
        { type: "button", class: `choice ${look}`, title: one.hint, "data-key": `${name}:${one.value}`, "data-colour": look === "swatch" ? one.value : null, "aria-pressed": String(isOn(one.value)), onclick: () => this.toggle(name, one.value) },
        look === "swatch" ? node("span", { class: "dot" }) : null,
        node("span", { class: "name" }, one.name),
        node("span", { class: "count" }, String(one.count)),
      ),
    );
    const rest = all.length - shown.length;
    const more = rest > 0 ? node("button", { type: "button", class: "quiet", "data-key": `${name}:more`, onclick: () => this.#open(name) }, label("more_choices", { n: rest })) : null;
    return node("fieldset", { class: "group", "data-facet": name }, node("legend", {}, label(name)), node("div", { class: `choices ${look}s` }, ...choices), more);
  }

  #open(name) {
    this.opened.add(name);
    this.show(...this.last);
  }

  #prices(steps, money) {
    const { min_price: low, max_price: high } = this.chosen;
    const same = (a, b) => (a === null ? b === "" : b !== "" && Number(a) === Number(b));
    const name = (step) => {
      if (step.min_price === null) return label("up_to", { price: money.format(Math.ceil(step.max_price)) });
      if (step.max_price === null) return label("from_price", { price: money.format(step.min_price) });
      return `${money.format(step.min_price)} – ${money.format(Math.ceil(step.max_price))}`;
    };
    const choices = steps.map((step) => {
      const on = same(step.min_price, low) && same(step.max_price, high);
      const next = on ? { min_price: "", max_price: "" } : { min_price: step.min_price ?? "", max_price: step.max_price ?? "" };
      return node("button", { type: "button", class: "choice row", "data-key": `price:${step.min_price}`, "aria-pressed": String(on), onclick: () => this.set(next) }, node("span", { class: "name" }, name(step)), node("span", { class: "count" }, String(step.count)));
    });
    return node("fieldset", { class: "group", "data-facet": "price" }, node("legend", {}, label("price")), node("div", { class: "choices rows" }, ...choices), node("div", { class: "between" }, this.#amount("min_price", low), node("span", { "aria-hidden": "true" }, "–"), this.#amount("max_price", high)));
  }

  #amount(name, value) {
    return node("input", { name, value, inputmode: "decimal", size: "7", "data-key": name, placeholder: label(name), "aria-label": `${label("price")}: ${label(name)}`, onchange: (event) => this.set({ [name]: event.target.value.trim().replace(",", ".") }) });
  }

  /** What is chosen, above the grid, each with its way out. */
  #chips(money) {
    const { chosen } = this;
    const chip = (key, text, values) => node("button", { type: "button", class: "chip on", "data-key": `chip:${key}`, "aria-label": label("remove", { name: text }), onclick: () => this.set(values) }, text, icon("close"));
    const chips = [];
    const [, market] = this.last;
    if (chosen.prime) chips.push(chip("prime", market.prime_name, { prime: false }));
    if (chosen.available) chips.push(chip("available", label("available"), { available: false }));
    if (chosen.category) chips.push(chip("category", this.#nameOf("category", chosen.category), { category: "" }));
    if (chosen.min_price || chosen.max_price) {
      const ends = [chosen.min_price, chosen.max_price].map((end) => (end ? money.format(Math.ceil(end)) : ""));
      chips.push(chip("price", ends.join(" – "), { min_price: "", max_price: "" }));
    }
    if (chosen.size) chips.push(chip("size", chosen.size, { size: "" }));
    for (const name of MANY) {
      for (const value of chosen[name]) {
        const text = this.#nameOf(name, value);
        chips.push(chip(value, text, { [name]: chosen[name].filter((one) => one !== value) }));
      }
    }
    if (chips.length > 1) chips.push(node("button", { type: "button", class: "quiet", "data-key": "chip:clear", onclick: () => this.set(noFilters()) }, label("clear")));
    repaint(by("chips"), ...chips);
    by("filter-count").textContent = countOf(chosen) ? String(countOf(chosen)) : "";
  }

  #nameOf(name, value) {
    if (name === "category") return this.names.get(value) || value;
    if (name === "colour") return label(`colour_${value}`);
    return name === "gender" ? label(value) : value;
  }
}
