// The merchandiser's studio: edit, check while typing, preview, publish with a reason, go back.

import { CampaignDesk } from "./campaign_desk.js";
import { by, fill, node } from "./dom.js";
import { draftsOf, drop, keep } from "./drafts.js";
import { Editor } from "./editor.js";
import { label, marketName, speak } from "./labels.js";
import { settle } from "./merging.js";
import { diffView, showHistory } from "./rule_history.js";
import { listenForPreview } from "./rule_preview.js";
import { admin, askForToken, clearProblem, enterDesk, session, showProblem, signedIn } from "./session.js";
import { tabs } from "./tabs.js";

const CHECK_AFTER_MS = 400;
const FILES = ["merchandising.yaml", "accessories.yaml", "categories.yaml", "examples.yaml", "marketplace.yaml"];

const state = { markets: [], market: null, language: "en", base: "", published: {}, file: FILES[0], timer: null, checking: null, findings: [], schemas: {} };
const editor = new Editor(by("editor"), { changed: edited, moved: showCurrent });
const showTab = tabs(by("side-tabs"), chooseTab);
const campaigns = new CampaignDesk({
  market: () => state.market,
  language: () => state.language,
  files: texts,
  published: () => state.published,
  schema: schemaOf,
  take: takeText,
  confirm: (question) => askReason(question, { reason: false }),
  showTab: chooseTab,
});

start();

async function start() {
  const wanted = await enterDesk(state);
  if (!wanted) return undefined;
  nameMarkets(wanted.get("marketplace") || "in");
  listen();
  if (session.token) await open();
  else by("sign-in").hidden = false;
  return undefined;
}

function listen() {
  askForToken(open);
  by("marketplace").onchange = () => session.token && open();
  by("language").onchange = async () => {
    state.language = by("language").value;
    await speak(state.language);
    nameMarkets(by("marketplace").value);
    if (!by("desk").hidden) await open();
  };
  by("publish").onsubmit = publish;
  by("discard").onclick = discard;
  listenForPreview(() => ({ market: state.market, files: texts() }));
  addEventListener("beforeunload", () => clearTimeout(state.timer));
}

function nameMarkets(chosen) {
  fill(by("marketplace"), state.markets.map((m) => [m.id, marketName(m)]).sort(([, a], [, b]) => a.localeCompare(b, state.language)), chosen);
}

/** Reads what is in force; drafts stay as they are. */
async function open() {
  const before = state.market;
  state.market = state.markets.find((m) => m.id === by("marketplace").value);
  history.replaceState(null, "", `?${new URLSearchParams({ marketplace: state.market.id, language: state.language })}`);
  try {
    const answer = await admin(`${state.market.id}/rules`);
    Object.assign(state, { base: answer.version, published: answer.files });
    signedIn();
    clearProblem();
    campaigns.reset(before === state.market);
    by("desk").hidden = false;
    showFiles();
    await showFile(state.published[state.file] === undefined ? Object.keys(state.published)[0] : state.file);
    await showHistory(state.market, state.language, goBack);
    await campaigns.resume();
  } catch (error) {
    showProblem(error);
  }
}

const drafts = () => draftsOf(state.market.id, Object.keys(state.published));

function texts() {
  return Object.fromEntries(Object.entries(drafts()).map(([name, draft]) => [name, draft.text]));
}

async function schemaOf(name) {
  state.schemas[name] ||= (await admin(`${state.market.id}/rules/schemas/${name}`)).definition;
  return state.schemas[name];
}

function showFiles() {
  const changed = drafts();
  by("files").replaceChildren(
    ...FILES.filter((name) => state.published[name] !== undefined).map((name) => {
      const wrong = state.findings.filter((one) => nameOf(one) === name && one.severity === "error").length;
      return node("button", { type: "button", class: "file", "aria-pressed": String(name === state.file), onclick: () => showFile(name) }, name.replace(".yaml", ""), changed[name] ? node("span", { class: "dot-changed", title: label("s_draft") }, "●") : null, wrong ? node("span", { class: "wrong" }, String(wrong)) : null);
    }),
  );
}

async function showFile(name, place) {
  state.file = name;
  editor.set(drafts()[name]?.text ?? state.published[name], name);
  showFiles();
  editor.mark(own());
  if (place) editor.goTo(place);
  editor.schema = await schemaOf(name);
  await check();
}

function edited(text) {
  keepText(state.file, text);
  clearTimeout(state.timer);
  state.timer = setTimeout(check, CHECK_AFTER_MS);
}

function keepText(name, text) {
  const kept = drafts()[name];
  if (text === state.published[name]) drop(state.market.id, name);
  else keep(state.market.id, name, { base: kept?.base ?? state.base, was: kept?.was ?? state.published[name], text });
  by("publish-button").disabled = true;
}

/** A whole file that a form has written: the same draft that the editor shows. */
function takeText(name, text) {
  keepText(name, text);
  if (name === state.file) editor.set(text, name);
  clearTimeout(state.timer);
  return check();
}

const nameOf = (finding) => finding.file.split("/").pop();
const linesOf = (finding) => [...finding.found.matchAll(/\(line (\d+)\)/g)].map((match) => Number(match[1]));
const own = () => state.findings.filter((one) => nameOf(one) === state.file);

async function check() {
  const files = texts();
  const mine = Symbol("check");
  state.checking = mine;
  by("state").textContent = label("s_checking");
  try {
    const answer = await admin(`${state.market.id}/rules:check`, { files });
    if (state.checking !== mine) return;
    clearProblem();
    const graveness = (one) => (one.severity === "error" ? 0 : 1);
    state.findings = answer.findings.map((one) => ({ ...one, related: linesOf(one) })).sort((a, b) => graveness(a) - graveness(b));
    const changed = Object.keys(files).length;
    by("state").textContent = changed ? label(answer.ok ? "s_draft_ok" : "s_draft_wrong", { files: Object.keys(files).join(", ") }) : label("s_no_draft", { version: state.base });
    by("state").dataset.state = answer.ok ? "good" : "bad";
    by("publish-button").disabled = !changed || !answer.ok;
    by("discard").disabled = !changed;
    by("finding-count").textContent = answer.findings.length || "";
    by("findings").replaceChildren(...state.findings.map(showFinding));
    by("no-findings").hidden = answer.findings.length > 0;
    by("changes").replaceChildren(...Object.entries(files).map(([name, text]) => diffView(name, state.published[name], text)));
    editor.mark(own());
    campaigns.check(state.findings);
    showFiles();
  } catch (error) {
    by("state").textContent = "";
    showProblem(error);
  }
}

function showFinding(finding) {
  const jump = node("button", { type: "button", class: "quiet", onclick: () => goTo(finding) }, `${nameOf(finding)}:${finding.line}:${finding.column}`);
  const others = finding.related.map((line) => node("button", { type: "button", class: "quiet", onclick: () => goTo({ ...finding, line, column: 1 }) }, label("s_other", { line })));
  const head = node("div", {}, node("span", { class: `severity ${finding.severity}` }, label(`s_${finding.severity}`)), jump, node("code", {}, finding.code), finding.rule ? ` ${finding.rule}` : "", ...others);
  return node("li", { class: finding.severity, "data-line": `${nameOf(finding)}:${finding.line}` }, head, node("p", { lang: "en" }, finding.found), node("p", { class: "fix", lang: "en" }, finding.fix));
}

async function goTo(finding) {
  await campaigns.show("text");
  const name = nameOf(finding);
  if (name !== state.file && state.published[name] !== undefined) return showFile(name, finding);
  return editor.goTo(finding);
}

function showCurrent(line) {
  for (const row of by("findings").children) row.classList.toggle("here", row.dataset.line === `${state.file}:${line}`);
}

function chooseTab(name) {
  showTab(name);
}

async function publish(event) {
  event.preventDefault();
  const found = drafts();
  const stale = Object.values(found).some((draft) => draft.base !== state.base);
  if (stale) return mergeWithCurrent(found);
  try {
    const made = await admin(`${state.market.id}/rules:publish`, { files: texts(), base: state.base, reason: by("reason").value });
    for (const name of Object.keys(found)) drop(state.market.id, name);
    by("reason").value = "";
    await open();
    by("state").textContent = label("s_published", { version: made.version });
  } catch (error) {
    if (error.kind === "conflict") return showProblem(error, node("button", { type: "button", class: "primary", onclick: () => mergeWithCurrent(drafts()) }, label("s_compare")));
    return showProblem(error);
  }
  return undefined;
}

/** Brings each draft onto the version in force; only places that both changed are asked about. */
async function mergeWithCurrent(found) {
  try {
    const answer = await admin(`${state.market.id}/rules`);
    const disputed = Object.fromEntries(Object.entries(found).map(([name, draft]) => [name, { was: draft.was, mine: draft.text, theirs: answer.files[name] }]));
    const merged = await settle(disputed);
    if (!merged) return;
    for (const [name, text] of Object.entries(merged)) {
      if (text === answer.files[name]) drop(state.market.id, name);
      else keep(state.market.id, name, { base: answer.version, was: answer.files[name], text });
    }
    await open();
  } catch (error) {
    showProblem(error);
  }
}

async function discard() {
  if (!(await askReason(label("s_discard_sure"), { reason: false }))) return;
  for (const name of Object.keys(drafts())) drop(state.market.id, name);
  campaigns.discard();
  await open();
}

async function goBack(version) {
  const reason = await askReason(label("s_back_sure", { version }), { reason: true });
  if (!reason) return;
  try {
    await admin(`${state.market.id}/rules:rollback`, { to: version, reason });
    await open();
  } catch (error) {
    showProblem(error);
  }
}

/** A question in a dialog; resolves to the reason, to true when none is asked for, or to null. */
function askReason(question, { reason }) {
  const dialog = by("ask");
  const input = reason ? node("input", { id: "ask-reason", required: true, minlength: 3, maxlength: 500, "aria-label": label("s_reason"), placeholder: label("s_reason_hint") }) : null;
  return new Promise((done) => {
    const form = node("form", { method: "dialog", onsubmit: () => { dialog.returnValue = "yes"; } }, node("p", { id: "ask-title" }, question), input, node("div", { class: "buttons" }, node("button", { class: "primary", value: "yes" }, label("s_yes")), node("button", { type: "button", onclick: () => dialog.close("") }, label("s_no"))));
    dialog.replaceChildren(form);
    dialog.returnValue = "";
    dialog.onclose = () => done(dialog.returnValue === "yes" ? (input?.value ?? true) : null);
    dialog.showModal();
  });
}
