// Products as cards: picture, price, rating, sizes, what is folded under them, and why they are here.

import { product } from "./api.js";
import { icon, node } from "./dom.js";
import { label } from "./labels.js";

const MOST_ALIKE = 12;

export function picture(item, size = 256, eager = false) {
  if (!item.image_url) return node("span", { class: "no-picture" }, icon("photo"));
  return node("img", { src: item.image_url, alt: "", loading: eager ? "eager" : "lazy", fetchpriority: eager ? "high" : null, decoding: "async", width: size, height: size });
}

export function card(item, { market, language, open, eager }) {
  const out = item.available ? null : node("span", { class: "badge gone" }, label("out"));
  const button = node("button", { type: "button", class: "picture", "aria-label": `${item.title}, ${item.price.display}`, onclick: () => open(item) }, picture(item, 256, eager), out ?? discount(item));
  const text = node(
    "div",
    { class: "text" },
    node("div", { class: "title" }, item.title),
    prices(item),
    node("div", { class: "facts" }, rating(item), item.prime ? node("span", { class: "prime" }, icon("check"), market.prime_name) : null),
    node("div", { class: "meta sizes" }, sizes(item)),
    item.rules.length ? node("div", { class: "meta rule" }, item.rules.map((rule) => rule.reason).join("; ")) : null,
    node("div", { class: "extras" }, item.duplicates ? alike(item, { market, language, open }) : null, item.explanation?.length ? why(item) : null),
  );
  return node("article", { class: "card", "data-product": item.product_id, "data-position": item.position }, button, text);
}

/** A smaller card for shelves and columns. */
export function small(item, open) {
  return node(
    "article",
    { class: "card small" },
    node("button", { type: "button", class: "picture", "aria-label": `${item.title}, ${item.price.display}`, onclick: () => open(item) }, picture(item, 180)),
    node("div", { class: "text" }, node("div", { class: "title" }, item.title), prices(item), node("div", { class: "facts" }, rating(item))),
  );
}

export function prices(item) {
  const reduced = item.list_price && item.list_price.amount_minor > item.price.amount_minor;
  return node("div", { class: "price" }, item.price.display, reduced ? node("s", {}, item.list_price.display) : null);
}

export function rating(item) {
  if (item.rating === null) return node("span", { class: "meta" }, label("unrated"));
  const { lang } = document.documentElement;
  const stars = item.rating.toLocaleString(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const count = item.rating_count.toLocaleString(lang);
  const spoken = label("ratings", { rating: stars, n: count });
  return node("span", { class: "rating" }, icon("star"), node("span", { "aria-hidden": "true" }, `${stars} `, node("span", { class: "meta" }, `(${count})`)), node("span", { class: "visually-hidden" }, spoken));
}

export function sizes(item) {
  const named = item.sizes.filter((size) => size !== "free");
  if (item.sizes.includes("free")) return label("free_size");
  return named.length > 6 ? `${named.slice(0, 5).join(" · ")} +${named.length - 5}` : named.join(" · ");
}

export function skeletons(count) {
  return Array.from({ length: count }, () =>
    node("li", { "aria-hidden": "true" }, node("div", { class: "card ghost" }, node("div", { class: "picture skeleton" }), node("div", { class: "text" }, node("div", { class: "line skeleton" }), node("div", { class: "line short skeleton" }), node("div", { class: "line skeleton" })))),
  );
}

function discount(item) {
  if (!item.list_price || item.list_price.amount_minor <= item.price.amount_minor) return null;
  const share = Math.round((1 - item.price.amount_minor / item.list_price.amount_minor) * 100);
  const off = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(-share / 100);
  return share >= 10 ? node("span", { class: "badge" }, off.replace("-", "−")) : null;
}

function why(item) {
  return node("details", { class: "why" }, node("summary", {}, label("why")), node("ul", {}, ...item.explanation.map((sentence) => node("li", {}, sentence))));
}

/** "3 more like this": opens the folded offers in place, cheapest first. */
function alike(item, { market, language, open }) {
  const list = node("ul", { class: "alike" });
  const details = node("details", { class: "folded" }, node("summary", {}, label("alike", { n: item.duplicates })), list);
  details.addEventListener("toggle", async () => {
    if (!details.open || list.children.length) return;
    list.replaceChildren(node("li", { class: "meta" }, label("searching")));
    const found = await Promise.all(item.duplicate_ids.slice(0, MOST_ALIKE).map((id) => product(market.id, id, language).catch(() => null)));
    const rows = found.filter(Boolean).sort((a, b) => a.price.amount_minor - b.price.amount_minor);
    list.replaceChildren(...rows.map((one) => node("li", {}, node("button", { type: "button", class: "row-button", onclick: () => open(one) }, picture(one, 48), node("span", {}, node("span", { class: "title" }, one.title), prices(one))))));
  });
  return details;
}
