// The same photo in two to seven marketplaces, side by side.

import { search, sentences } from "./api.js";
import { small } from "./cards.js";
import { by, node } from "./dom.js";
import { label, marketName } from "./labels.js";

export const FEWEST = 2;
const EACH = 6;

/** Remembers which marketplaces stand beside each other and what was asked last. */
export class Comparison {
  constructor(changed) {
    this.changed = changed;
    this.chosen = [];
    this.asked = null;
  }

  /** The marketplace of the page comes first; a second one is chosen when nothing else was. */
  begin(markets, current) {
    this.markets = markets;
    this.chosen = [current.id, ...this.chosen.filter((id) => id !== current.id && markets.some((m) => m.id === id))];
    if (this.chosen.length < FEWEST) {
      const other = markets.find((m) => m.currency !== current.currency && m.id !== current.id);
      this.chosen.push(other.id);
    }
    const others = markets.filter((m) => m !== current).sort((a, b) => marketName(a).localeCompare(marketName(b), document.documentElement.lang));
    by("compare-choices").replaceChildren(...[current, ...others].map((market) => this.#choice(market, current)));
  }

  /** Asks every chosen marketplace; `asked` holds photo and parameters. Nothing is asked twice. */
  run(asked) {
    if (this.asked !== asked) by("compare-columns").replaceChildren();
    this.asked = asked;
    const columns = by("compare-columns");
    for (const column of [...columns.children]) if (!this.chosen.includes(column.dataset.marketplace)) column.remove();
    for (const id of this.chosen) {
      if (columns.querySelector(`[data-marketplace="${id}"]`)) continue;
      const column = node("section", { class: "column", "data-marketplace": id });
      columns.append(column);
      this.#fill(column, this.markets.find((m) => m.id === id));
    }
    columns.dataset.count = String(this.chosen.length);
  }

  #choice(market, current) {
    const on = this.chosen.includes(market.id);
    return node("button", { type: "button", class: "chip", "aria-disabled": market.id === current.id ? "true" : null, "aria-pressed": String(on), "data-marketplace": market.id, onclick: (event) => market.id !== current.id && this.#toggle(market, event.currentTarget) }, marketName(market));
  }

  #toggle(market, button) {
    const on = !this.chosen.includes(market.id);
    if (!on && this.chosen.length <= FEWEST) {
      by("compare-note").textContent = label("compare_least");
      return;
    }
    by("compare-note").textContent = "";
    this.chosen = on ? [...this.chosen, market.id] : this.chosen.filter((id) => id !== market.id);
    button.setAttribute("aria-pressed", String(on));
    this.run(this.asked);
    this.changed();
  }

  async #fill(column, market) {
    const { asked } = this;
    const language = document.documentElement.lang.split("-")[0];
    const own = market.languages.find((tag) => tag.startsWith(language)) || market.default_language;
    const title = node("h3", {}, marketName(market));
    column.replaceChildren(title, node("p", { class: "path meta" }, label("searching")), node("ol", {}, ...Array.from({ length: EACH }, () => node("li", { "aria-hidden": "true" }, node("div", { class: "card small ghost" }, node("div", { class: "picture skeleton" }))))));
    try {
      const answer = await search(market.id, { photo: asked.photo, parameters: { ...asked.parameters, language: own, limit: EACH, accessories: false } });
      const focus = answer.objects.find((found) => found.id === answer.focus);
      const path = focus?.category?.path || answer.results[0]?.category_path || [];
      column.replaceChildren(
        title,
        node("p", { class: "path" }, path.join(" › ")),
        answer.results.length ? node("ol", {}, ...answer.results.map((item) => node("li", {}, small(item, () => open(`/?marketplace=${market.id}&product=${encodeURIComponent(item.product_id)}`))))) : node("p", { class: "meta" }, label("none")),
        node("p", { class: "meta" }, label("found", { n: answer.total })),
      );
    } catch (error) {
      const [what, fix] = sentences(error);
      column.replaceChildren(title, node("p", { class: "problem" }, `${what} ${fix}`), node("button", { type: "button", onclick: () => this.#fill(column, market) }, label("retry")));
    }
  }
}
