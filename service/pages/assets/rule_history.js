// Who published what, when and why: each version with its diff, and the way back.

import { by, node } from "./dom.js";
import { label } from "./labels.js";
import { diff, nearChanges } from "./line_diff.js";
import { admin, showProblem } from "./session.js";

/** `back(version)` rolls back to it after a reason was given. */
export async function showHistory(market, language, back) {
  const { versions } = await admin(`${market.id}/rules/history`);
  const when = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  by("history").replaceChildren(
    ...versions.map((row, i) => {
      const place = node("div", { class: "diff-place" });
      const details = node("details", {}, node("summary", {}, label("s_changes_of", { version: row.version })), place);
      details.addEventListener("toggle", () => details.open && !place.children.length && fillDiff(place, market, versions[i + 1]?.version, row.version));
      return node(
        "li",
        { class: i === 0 ? "current" : null },
        node("p", {}, node("strong", {}, row.reason)),
        node("p", { class: "meta" }, `${row.version} · ${label(`s_kind_${row.kind}`)} · ${row.by} · ${when.format(new Date(row.at))}`),
        details,
        i > 0 && row.version !== versions[0].version ? node("button", { type: "button", class: "quiet", onclick: () => back(row.version) }, label("s_back_to")) : node("span", { class: "meta" }, i === 0 ? label("s_serves") : ""),
      );
    }),
  );
  if (!versions.length) by("history").replaceChildren(node("li", { class: "meta" }, label("s_no_history")));
}

async function fillDiff(place, market, before, after) {
  place.replaceChildren(node("p", { class: "meta" }, label("searching")));
  try {
    const [old, now] = await Promise.all([before ? admin(`${market.id}/rules/versions/${before}`) : { files: {} }, admin(`${market.id}/rules/versions/${after}`)]);
    if (!before) return place.replaceChildren(node("p", { class: "meta" }, label("s_first")));
    const names = Object.keys({ ...old.files, ...now.files }).filter((name) => old.files[name] !== now.files[name]);
    return place.replaceChildren(...(names.length ? names.map((name) => diffView(name, old.files[name] || "", now.files[name] || "")) : [node("p", { class: "meta" }, label("s_elsewhere"))]));
  } catch (error) {
    place.replaceChildren();
    return showProblem(error);
  }
}

export function diffView(name, before, after) {
  const rows = nearChanges(diff(before, after));
  return node("figure", { class: "diff" }, node("figcaption", {}, name), node("div", { class: "diff-lines", tabindex: "0", role: "region", "aria-label": name }, ...rows.map(line)));
}

function line(row) {
  if (row === null) return node("div", { class: "gap" }, "⋯");
  const sign = { gone: "−", new: "+", same: " " }[row.kind];
  return node("div", { class: row.kind }, node("span", { class: "number" }, String(row.after || row.before)), node("span", { class: "sign" }, sign), row.text || " ");
}
