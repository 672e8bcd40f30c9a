// Before and after: the same photo, product or popular products under the rules in force and the draft.

import { small } from "./cards.js";
import { by, node } from "./dom.js";
import { label } from "./labels.js";
import { admin, clearProblem, showProblem } from "./session.js";

const POPULAR = 12;
const LOGGED = 200;

/** `asked()` gives {market, language, files}; a preview changes nothing. */
export function listenForPreview(asked) {
  const run = async (query) => {
    by("preview-status").textContent = label("searching");
    by("preview").setAttribute("aria-busy", "true");
    clearProblem();
    const { market, files } = asked();
    try {
      show(await admin(`${market.id}/rules:preview`, { files, ...query }));
    } catch (error) {
      by("preview-status").textContent = "";
      showProblem(error);
    } finally {
      by("preview").removeAttribute("aria-busy");
    }
  };
  by("preview-photo").onchange = async () => {
    const [photo] = by("preview-photo").files;
    if (photo) run({ photo: await base64(photo) });
    by("preview-photo").value = "";
  };
  by("preview-product").onsubmit = (event) => {
    event.preventDefault();
    run({ product_id: by("preview-id").value.trim() });
  };
  by("preview-popular").onclick = () => run({ popular: POPULAR });
  by("preview-logged").onclick = () => run({ logged: LOGGED });
}

function show({ pages: unsorted, changed }) {
  const pages = unsorted.toSorted((a, b) => Number(b.changed > 0) - Number(a.changed > 0));
  by("preview-status").textContent = pages.length ? (pages.length > 1 ? label("s_replayed", { n: pages.length, changed }) : label(changed ? "s_differs" : "s_same")) : label("s_none_logged");
  const first = pages.find((page) => page.changed) || pages[0];
  by("preview-list").replaceChildren(pages.length > 1 ? node("ul", { class: "replayed" }, ...pages.map((page) => node("li", {}, choice(page)))) : "");
  by("preview-sides").replaceChildren();
  if (first) sides(first);
}

/** One replayed search: what it looked for, how often, and how much of its page differs. */
function choice(page) {
  const said = page.changed ? label("s_changes", { n: page.changed }) : label("s_same_short");
  return node(
    "button",
    { type: "button", class: `replay${page.changed ? " differs" : ""}`, "data-query": page.query, "aria-pressed": "false", onclick: () => sides(page) },
    node("span", { class: "name" }, page.title || page.query),
    page.times > 1 ? node("span", { class: "meta" }, label("s_times", { n: page.times })) : null,
    node("span", { class: "meta difference" }, said),
  );
}

function sides(page) {
  for (const one of by("preview-list").querySelectorAll("[data-query]")) one.setAttribute("aria-pressed", String(one.dataset.query === page.query));
  by("preview-sides").replaceChildren(column(label("s_before"), page.before, page.after), column(label("s_after"), page.after, page.before));
}

function column(title, side, other) {
  const places = new Map(other.results.map((item, i) => [item.product_id, i]));
  const rows = side.results.map((item, i) => {
    const was = places.get(item.product_id);
    const moved = was === undefined ? "only" : was === i ? "" : "moved";
    const element = small(item, () => {});
    if (item.rules.length) element.querySelector(".text").append(node("p", { class: "rule meta" }, item.rules.map((rule) => `${rule.id}: ${rule.action}`).join("; ")));
    return node("li", { class: moved }, node("span", { class: "place" }, String(i + 1)), element);
  });
  const shelves = side.accessories.map((slot) => `${slot.title} (${slot.results.length})`).join(" · ");
  return node("section", { class: "side-column" }, node("h3", {}, title), node("ol", {}, ...rows), node("p", { class: "meta" }, shelves ? `${label("complete")}: ${shelves}` : ""));
}

export function base64(blob) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1]);
    reader.readAsDataURL(blob);
  });
}
