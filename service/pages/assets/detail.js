// One product in a dialog: everything that is known of it here, and what is similar.

import { product, similar } from "./api.js";
import { picture, prices, rating, sizes, small } from "./cards.js";
import { by, icon, node } from "./dom.js";
import { label } from "./labels.js";

/** `seen` is the card's item with its explanation; `search` starts a search from this product. */
export async function showDetail(seen, { market, language, open, search, share }) {
  const dialog = by("detail");
  const found = await product(market.id, seen.product_id, language);
  const shelf = node("ul", { class: "rail", tabindex: "0", "aria-label": label("similar") }, ...Array.from({ length: 6 }, () => node("li", { "aria-hidden": "true" }, node("div", { class: "card small ghost" }, node("div", { class: "picture skeleton" })))));
  const said = node("span", { class: "meta", role: "status" });
  dialog.replaceChildren(
    node("form", { method: "dialog", class: "close-form" }, node("button", { class: "icon-button", "aria-label": label("close"), title: label("close") }, icon("close"))),
    node(
      "div",
      { class: "detail-body" },
      node("div", { class: "detail-picture" }, picture(found, 360, true)),
      node(
        "div",
        { class: "detail-text" },
        node("p", { class: "meta" }, found.category_path.join(" › ")),
        node("h2", { id: "detail-title" }, found.title),
        found.brand ? node("p", { class: "meta" }, found.brand) : null,
        node("div", { class: "facts" }, rating(found), found.prime ? node("span", { class: "prime" }, icon("check"), market.prime_name) : null, found.available ? null : node("span", { class: "gone" }, label("out"))),
        prices(found),
        facts(found),
        seen.explanation?.length ? node("section", { class: "why-box" }, node("h3", {}, label("why")), node("ul", {}, ...seen.explanation.map((sentence) => node("li", {}, sentence)))) : null,
        node("div", { class: "buttons" }, node("button", { type: "button", class: "primary", onclick: () => { dialog.close(); search(found); } }, icon("swap"), label("search_this")), node("button", { type: "button", onclick: async () => { said.textContent = await share(found); } }, icon("share"), label("share")), said),
        found.generated ? node("p", { class: "meta" }, label("generated")) : null,
      ),
    ),
    node("h3", {}, label("similar")),
    shelf,
  );
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  const alike = await similar(market.id, seen.product_id, { limit: 6, language });
  shelf.replaceChildren(...alike.results.map((other) => node("li", {}, small(other, open))));
}

function facts(found) {
  const rows = [
    [label("size"), sizes(found)],
    [label("colour"), found.colour ? label(`colour_${found.colour}`) : ""],
    [label("gender"), found.gender ? label(found.gender) : ""],
  ].filter(([, value]) => value);
  return node("dl", { class: "known" }, ...rows.flatMap(([name, value]) => [node("dt", {}, name), node("dd", {}, value)]));
}
