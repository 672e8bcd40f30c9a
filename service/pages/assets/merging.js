// Two people, one file: what both changed is shown side by side, and nothing is lost.

import { by, node } from "./dom.js";
import { label } from "./labels.js";
import { merge } from "./line_diff.js";

/** Asks until each place of dispute is decided; resolves to the merged texts, or null when left. */
export function settle(disputed) {
  const dialog = by("merge");
  const files = Object.entries(disputed).map(([name, { was, mine, theirs }]) => ({ name, parts: merge(was, mine, theirs) }));
  const clashes = files.flatMap(({ name, parts }) => parts.filter((part) => part.mine).map((part) => ({ name, part })));
  for (const { part } of clashes) part.lines = part.mine;
  const text = (parts) => parts.flatMap((part) => part.lines).join("\n");
  return new Promise((done) => {
    const take = node("button", { type: "button", class: "primary", onclick: () => { dialog.close("merged"); } }, label("s_merge"));
    dialog.replaceChildren(
      node("h2", { id: "merge-title" }, label("s_conflict")),
      node("p", {}, clashes.length ? label("s_clashes", { n: clashes.length }) : label("s_no_clash")),
      ...clashes.map(({ name, part }, i) => clash(name, part, i)),
      node("div", { class: "buttons" }, take, node("button", { type: "button", onclick: () => dialog.close("") }, label("s_later"))),
    );
    dialog.returnValue = "";
    dialog.onclose = () => done(dialog.returnValue === "merged" ? Object.fromEntries(files.map(({ name, parts }) => [name, text(parts)])) : null);
    dialog.showModal();
  });
}

function clash(name, part, place) {
  const choice = (key, lines, checked) => {
    const input = node("input", { type: "radio", name: `clash-${place}`, value: key, onchange: () => { part.lines = lines(); } });
    input.checked = checked;
    return node("label", {}, input, label(`s_${key}`));
  };
  return node(
    "fieldset",
    { class: "clash" },
    node("legend", {}, name),
    node("div", { class: "sides" },
      node("div", {}, choice("mine", () => part.mine, true), node("pre", { class: "new" }, part.mine.join("\n") || "–")),
      node("div", {}, choice("theirs", () => part.theirs, false), node("pre", { class: "gone" }, part.theirs.join("\n") || "–"))),
    choice("both", () => [...part.theirs, ...part.mine], false),
  );
}
