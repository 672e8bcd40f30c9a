// The merchandiser's studio: a draft is kept in this browser until it is published or discarded.

import { ProblemError, getJson } from "./api.js";
import { node } from "./cards.js";

const by = (id) => document.getElementById(id);
const CHECK_AFTER_MS = 500;
const state = { token: sessionStorage.getItem("souk-token") || "", market: "", base: "", published: {}, file: "merchandising.yaml", timer: null, checking: null };

start();

async function start() {
  const { marketplaces } = await getJson("/v1/marketplaces");
  by("marketplace").append(...marketplaces.map((m) => node("option", { value: m.id }, m.name)));
  by("marketplace").onchange = () => state.token && open();
  by("file").onchange = () => showFile(by("file").value);
  by("sign-in").onsubmit = (event) => {
    event.preventDefault();
    state.token = by("token").value.trim();
    open();
  };
  by("leave").onclick = () => {
    sessionStorage.removeItem("souk-token");
    location.reload();
  };
  by("text").oninput = () => {
    keepDraft();
    showGutter();
    clearTimeout(state.timer);
    state.timer = setTimeout(check, CHECK_AFTER_MS);
  };
  by("text").onscroll = () => { by("gutter").scrollTop = by("text").scrollTop; };
  by("publish").onsubmit = publish;
  by("discard").onclick = () => {
    localStorage.removeItem(draftKey());
    showFile(state.file);
  };
  if (state.token) open();
}

function admin(path, body) {
  const headers = { Authorization: `Bearer ${state.token}` };
  const url = `/v1/admin/${state.market}/${path}`;
  if (body === undefined) return getJson(url, { headers });
  return getJson(url, { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

async function open() {
  state.market = by("marketplace").value;
  by("problem").hidden = true;
  try {
    const answer = await admin("rules");
    state.base = answer.version;
    state.published = answer.files;
  } catch (error) {
    return showProblem(error);
  }
  sessionStorage.setItem("souk-token", state.token);
  by("sign-in").hidden = true;
  by("leave").hidden = false;
  by("desk").hidden = false;
  by("file").replaceChildren(...Object.keys(state.published).sort().map((name) => node("option", { value: name }, name)));
  showFile(state.published[state.file] ? state.file : by("file").value);
  return showHistory();
}

const draftKey = (file = state.file) => `souk-draft:${state.market}:${file}`;

function keepDraft() {
  const text = by("text").value;
  if (text === state.published[state.file]) localStorage.removeItem(draftKey());
  else localStorage.setItem(draftKey(), JSON.stringify({ base: state.base, text }));
}

function drafts() {
  const found = {};
  for (const name of Object.keys(state.published)) {
    const kept = localStorage.getItem(draftKey(name));
    if (kept) found[name] = JSON.parse(kept);
  }
  return found;
}

function showFile(name) {
  state.file = name;
  by("file").value = name;
  const draft = drafts()[name];
  by("text").value = draft ? draft.text : state.published[name];
  showGutter();
  check();
}

function showGutter() {
  const lines = by("text").value.split("\n").length;
  by("gutter").textContent = Array.from({ length: lines }, (_, i) => i + 1).join("\n");
}

async function check() {
  const files = Object.fromEntries(Object.entries(drafts()).map(([name, draft]) => [name, draft.text]));
  by("state").textContent = "Checking…";
  by("publish-button").disabled = true;
  const mine = Symbol("check");
  state.checking = mine;
  try {
    const answer = await admin("rules:check", { files });
    if (state.checking !== mine) return;
    const changed = Object.keys(files).length;
    const draft = changed ? `Draft in ${Object.keys(files).join(", ")}` : "No draft";
    by("state").textContent = `${draft}: ${answer.ok ? "no errors" : "errors"}. Version ${state.base} serves.`;
    by("publish-button").disabled = !changed || !answer.ok;
    by("findings").replaceChildren(...answer.findings.map(showFinding));
  } catch (error) {
    showProblem(error);
  }
}

function showFinding(finding) {
  const jump = node("button", { type: "button", onclick: () => goTo(finding) }, `${finding.file}:${finding.line}:${finding.column}`);
  return node("li", { class: finding.severity }, jump, ` ${finding.code}${finding.rule ? ` in '${finding.rule}'` : ""}: ${finding.found}. `, node("strong", {}, finding.fix));
}

function goTo(finding) {
  const name = finding.file.split("/").pop();
  if (name !== state.file && state.published[name] !== undefined) showFile(name);
  const text = by("text");
  const lines = text.value.split("\n");
  const at = lines.slice(0, finding.line - 1).reduce((sum, line) => sum + line.length + 1, 0) + finding.column - 1;
  text.focus();
  text.setSelectionRange(at, at + Math.max(1, (lines[finding.line - 1] || "").length - finding.column + 1));
  text.scrollTop = Math.max(0, (finding.line - 8) * 19.5);
}

async function publish(event) {
  event.preventDefault();
  const found = drafts();
  const files = Object.fromEntries(Object.entries(found).map(([name, draft]) => [name, draft.text]));
  const bases = Object.values(found).map((draft) => draft.base);
  const base = bases.find((one) => one !== state.base) || state.base;
  try {
    const made = await admin("rules:publish", { files, base, reason: by("reason").value });
    for (const name of Object.keys(files)) localStorage.removeItem(draftKey(name));
    by("reason").value = "";
    await open();
    by("state").textContent = `Version ${made.version} is published.`;
  } catch (error) {
    showProblem(error);
  }
}

async function showHistory() {
  const { versions } = await admin("rules/history");
  by("history").replaceChildren(
    ...versions.map((row, place) =>
      node("li", {}, `${row.version} · ${row.kind} · ${row.by} · ${new Date(row.at).toLocaleString()} · ${row.reason} `,
        place > 0 && row.version !== versions[0].version ? node("button", { type: "button", onclick: () => goBack(row.version) }, "Roll back to this") : null)),
  );
}

async function goBack(version) {
  const reason = window.prompt(`Why go back to ${version}?`);
  if (!reason) return;
  try {
    await admin("rules:rollback", { to: version, reason });
    await open();
  } catch (error) {
    showProblem(error);
  }
}

function showProblem(error) {
  const box = by("problem");
  if (!(error instanceof ProblemError)) {
    box.replaceChildren(node("strong", {}, String(error.message || error)));
  } else if (error.problem.type === "lost") {
    box.replaceChildren(node("strong", {}, "The server cannot be reached. Your draft is kept in this browser: try again."));
  } else {
    const expired = error.problem.status === 401;
    box.replaceChildren(
      node("strong", {}, expired ? "Your token is not in force. Sign in again; your draft is kept in this browser." : error.problem.detail),
      node("p", {}, error.problem.fix || ""),
      error.problem.type === "/problems/conflict" ? node("button", { type: "button", onclick: rebase }, "Compare with the current version") : "",
    );
    if (expired) by("sign-in").hidden = false;
  }
  box.hidden = false;
}

/** Takes the newer version as the base and keeps the draft, so that the next check shows both. */
async function rebase() {
  by("publish-button").disabled = true;
  const kept = drafts();
  await open();
  for (const [name, draft] of Object.entries(kept)) {
    localStorage.setItem(draftKey(name), JSON.stringify({ base: state.base, text: draft.text }));
  }
  const theirs = state.published[state.file].split("\n");
  const mine = (kept[state.file]?.text || "").split("\n");
  const differing = theirs.filter((line) => !mine.includes(line));
  by("problem").replaceChildren(
    node("strong", {}, `${differing.length} lines of the current version are not in your draft:`),
    node("pre", {}, differing.slice(0, 40).join("\n")),
    node("p", {}, "Take over what you need, then publish again."),
  );
  by("problem").hidden = false;
  showFile(state.file);
}
