// Products as cards, shelves and details; built as nodes, so that no text is ever read as markup.

import { label } from "./labels.js";

export function node(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function picture(item, size = 224) {
  if (!item.image_url) return node("span", { class: "skeleton" });
  return node("img", { src: item.image_url, alt: "", loading: "lazy", width: size, height: Math.round((size * 4) / 3) });
}

export function card(item, { primeName, open }) {
  const price = node("div", { class: "price" }, item.price.display);
  if (item.list_price && item.list_price.amount_minor > item.price.amount_minor) {
    price.append(node("s", {}, item.list_price.display));
  }
  const text = node(
    "div",
    { class: "text" },
    node("div", { class: "title" }, item.title),
    price,
    rating(item),
    node(
      "div",
      { class: "meta" },
      item.prime ? node("span", { class: "prime" }, `✓ ${primeName} `) : null,
      item.available ? null : node("span", { class: "gone" }, `${label("out")} `),
      item.sizes.filter((s) => s !== "free").slice(0, 6).join(" · "),
    ),
    item.duplicates ? node("div", { class: "meta" }, label("alike", { n: item.duplicates })) : null,
    item.rules.length ? node("div", { class: "meta" }, item.rules.map((rule) => rule.reason).join("; ")) : null,
  );
  if (item.explanation) {
    const sentences = item.explanation.map((sentence) => node("li", {}, sentence));
    text.append(node("details", {}, node("summary", { class: "meta" }, label("why")), node("ul", { class: "why" }, ...sentences)));
  }
  const button = node("button", { type: "button", class: "picture", "aria-label": item.title, onclick: () => open(item) }, picture(item));
  return node("article", { class: "card", "data-product": item.product_id }, button, text);
}

export function small(item, open) {
  const button = node("button", { type: "button", class: "picture", "aria-label": item.title, onclick: () => open(item) }, picture(item, 150));
  return node("article", { class: "card" }, button, node("div", { class: "text" }, node("div", { class: "meta" }, item.title), node("div", { class: "price" }, item.price.display)));
}

export function skeletons(count) {
  return Array.from({ length: count }, () =>
    node("li", {}, node("div", { class: "card", "aria-hidden": "true" }, node("div", { class: "picture skeleton" }), node("div", { class: "text" }, node("div", { class: "title" }, " "), node("div", { class: "price" }, " ")))),
  );
}

function rating(item) {
  if (item.rating === null) return node("div", { class: "meta" }, "–");
  const spoken = label("ratings", { rating: item.rating, n: item.rating_count });
  return node("div", { class: "meta" }, node("span", { "aria-hidden": "true" }, `★ ${item.rating} (${item.rating_count})`), node("span", { class: "hidden-input" }, spoken));
}
