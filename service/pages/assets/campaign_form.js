// One campaign as a form: what it is called, when it holds, for which searches, and what it does.

import { by, fill, node, repaint } from "./dom.js";
import { conditions } from "./conditions.js";
import { label } from "./labels.js";
import { SELECTS, TRIGGERS, actionsOf, lessAction, moreAction, verbOf, weighed, withAction, withKey } from "./campaign_values.js";

const FIRST = { boost: () => ({ boost: {}, by: "0.3" }), bury: () => ({ bury: {}, by: "0.3" }), hide: () => ({ hide: {} }), filter: () => ({ filter: {} }), pin: () => ({ pin: { product: "" }, at: "1" }) };
const COMMIT = "change";

/**
 * Draws the campaign that `now()` gives; `change(values)` hears of every edit and draws it again,
 * `typed(values)` of what a field shows already. `words` knows the vocabularies.
 */
export function showForm(now, words, { change, typed }) {
  const campaign = now();
  const text = (key, extra = {}) => field(key, label(`f_${key}`), node(extra.tag || "input", { id: `form-${key}`, "data-key": `form-${key}`, autocomplete: "off", ...extra }), campaign[key] ?? "", (value) => typed(withKey(now(), key, value)));
  repaint(by("campaign-fields"),
    node("div", { class: "field", "data-path": "" }, node("ul", { class: "field-problem", role: "alert" })),
    node("div", { class: "field-row" }, text("id", { maxlength: 80 }), text("owner", { list: "owner-words", maxlength: 80 }), words.list("owner-words", words.owners)),
    text("reason", { tag: "textarea", rows: 2, maxlength: 500 }),
    node("fieldset", { class: "field-group" }, node("legend", {}, label("f_schedule")),
      node("div", { class: "field-row" }, text("from", { type: "date" }), text("until", { type: "date" }), text("priority", { type: "number", min: 0, max: 1000, step: 5 })),
      festivalFields(now, words, { change, typed })),
    node("fieldset", { class: "field-group", "data-path": "when" }, node("legend", {}, label("f_when")),
      conditions({ choice: campaign.when || {}, kinds: TRIGGERS, path: "when", name: label("f_when"), options: words.options, changed: (when) => change(withKey(now(), "when", when)) }), problems()),
    node("fieldset", { class: "field-group", "data-path": "actions" }, node("legend", {}, label("f_moves")),
      node("ol", { class: "moves" }, ...actionsOf(campaign).map((action, i) => move(now, action, i, words, { change, typed }))), problems(),
      node("div", { class: "buttons" }, ...Object.keys(FIRST).map((verb) => node("button", { type: "button", "data-key": `more-${verb}`, onclick: () => change(moreAction(now(), FIRST[verb]())) }, `+ ${label(`f_${verb}`)}`)))));
}

function field(path, said, input, value, changed) {
  input.value = value;
  input.addEventListener(COMMIT, () => changed(input.value.trim()));
  return node("div", { class: "field", "data-path": path }, node("label", { for: input.id }, said), input, problems());
}

const problems = () => node("ul", { class: "field-problem" });

const festivalOf = (campaign) => (typeof campaign.festival === "string" ? { name: campaign.festival } : campaign.festival || {});

function festivalFields(now, words, { change, typed }) {
  const festival = festivalOf(now());
  const usual = { days_before: "14", days_after: "0" };
  const select = node("select", { id: "form-festival", "data-key": "form-festival" });
  fill(select, [["", label("f_no_festival")], ...words.festivals], festival.name || "");
  select.onchange = () => change(withKey(now(), "festival", select.value ? { name: select.value, ...usual, ...without(festivalOf(now()), "name") } : ""));
  const days = (key) => field(`festival.${key}`, label(`f_${key}`), node("input", { id: `form-${key}`, "data-key": `form-${key}`, type: "number", min: 0, max: 120 }), festival[key] ?? usual[key], (value) => typed(withKey(now(), "festival", { ...festivalOf(now()), [key]: value })));
  return node("div", { class: "field-row" },
    node("div", { class: "field", "data-path": "festival" }, node("label", { for: "form-festival" }, label("f_festival")), select, problems()),
    ...(festival.name ? [days("days_before"), days("days_after")] : []));
}

function without(table, key) {
  const { [key]: _, ...rest } = table;
  return rest;
}

/** One action: its verb, its products, how far, and the way out. */
function move(now, action, i, words, { change, typed }) {
  const verb = verbOf(action);
  const path = `actions.${i}`;
  const put = (changes) => withAction(now(), i, { ...actionsOf(now())[i], ...changes });
  const choice = action[verb] || {};
  const name = `${i + 1}. ${label(`f_${verb || "moves"}`)}`;
  const parts = [];
  if (verb === "pin") {
    parts.push(field(`${path}.pin`, label("s_product"), node("input", { id: `${path}-product`, "data-key": `${path}-product`, size: 12 }), choice.product || "", (product) => typed(put({ pin: { product } }))));
    parts.push(field(`${path}.at`, label("f_at"), node("input", { id: `${path}-at`, "data-key": `${path}-at`, type: "number", min: 1, max: 100 }), action.at || "", (at) => typed(put({ at }))));
  } else if (verb === "replace") {
    parts.push(node("code", {}, `${choice.product} → ${action.with?.product ?? ""}`));
  } else if (verb) {
    parts.push(conditions({ choice, kinds: SELECTS, path, name, options: words.options, changed: (next) => change(put({ [verb]: next })) }));
  }
  if (verb === "boost" || verb === "bury") parts.push(slider({ key: `${path}-by`, name, value: (verb === "boost" ? 1 : -1) * Number(action.by || 0), changed: (weight) => change(weighed(now(), choice, weight)) }));
  return node("li", { class: "move", "data-path": path, "data-verb": verb },
    node("div", { class: "move-head" }, node("strong", {}, name), node("button", { type: "button", class: "quiet", "data-key": `${path}-less`, "aria-label": label("remove", { name }), onclick: () => change(lessAction(now(), i)) }, label("f_remove"))),
    ...parts, problems());
}

/** From bury on the left to boost on the right; 0 in the middle moves nothing. */
export function slider({ key, name, value, changed }) {
  const say = (weight) => (weight ? `${label(weight > 0 ? "f_boost" : "f_bury")} ${Math.abs(weight).toLocaleString(document.documentElement.lang)}` : label("f_nothing"));
  const output = node("output", { class: "weight" }, say(value));
  const input = node("input", { type: "range", min: -1, max: 1, step: 0.05, value, "data-key": key, "aria-label": `${name}: ${label("f_bury")} – ${label("f_boost")}`, "aria-valuetext": say(value) });
  input.oninput = () => {
    output.textContent = say(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.onchange = () => changed(Number(input.value));
  return node("div", { class: "slider" }, node("span", { class: "meta", "aria-hidden": "true" }, "−"), input, node("span", { class: "meta", "aria-hidden": "true" }, "+"), output);
}

/** Each finding at the field that it speaks of: the longest path that is on the form. */
export function showAtFields(findings, fields) {
  const at = new Map(fields.map((one) => [`${one.line}:${one.column}`, one.path]));
  const places = [...by("campaign-fields").querySelectorAll("[data-path]")];
  for (const place of places) {
    for (const list of place.querySelectorAll(":scope > .field-problem")) list.replaceChildren();
    for (const input of place.querySelectorAll(":scope > input, :scope > textarea, :scope > select")) input.removeAttribute("aria-invalid");
  }
  for (const finding of findings) {
    const missing = finding.code === "S001" ? /'(\w+)'/.exec(finding.found)?.[1] : null;
    const path = [at.get(`${finding.line}:${finding.column}`) ?? "", missing].filter(Boolean).join(".");
    const fits = (place) => path === place.dataset.path || path.startsWith(`${place.dataset.path}.`) || place.dataset.path === "";
    const named = places.find((place) => missing && place.dataset.path === missing);
    const place = named || places.filter(fits).toSorted((a, b) => b.dataset.path.length - a.dataset.path.length)[0];
    place?.querySelector(":scope > .field-problem")?.append(node("li", { class: finding.severity, lang: "en" }, `${finding.found}. ${finding.fix}`));
    if (finding.severity === "error") place?.querySelector(":scope > input, :scope > textarea, :scope > select")?.setAttribute("aria-invalid", "true");
  }
}
