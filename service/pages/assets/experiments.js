// The analyst's page: experiments with state and health, their reports, power, start and stop, what variants show.

import { small } from "./cards.js";
import { by, fill, node } from "./dom.js";
import { reportView } from "./experiment_report.js";
import { label, marketName, speak } from "./labels.js";
import { admin, askForToken, clearProblem, enterDesk, session, showProblem, signedIn } from "./session.js";

const state = { markets: [], language: "en-IN", experiments: [], key: "" };

start();

async function start() {
  const wanted = await enterDesk(state);
  if (!wanted) return undefined;
  state.key = wanted.get("key") || "";
  by("language").onchange = async () => {
    state.language = by("language").value;
    await speak(state.language);
    if (!by("results").hidden) await open();
  };
  by("power").oninput = askPower;
  askForToken(open);
  if (session.token) await open();
  else by("sign-in").hidden = false;
  return undefined;
}

async function open() {
  try {
    state.experiments = (await admin("experiments")).experiments;
    signedIn();
    clearProblem();
    by("results").hidden = false;
    const key = state.experiments.some((e) => e.key === state.key) ? state.key : state.experiments[0]?.key;
    showList();
    await Promise.all([askPower(), key ? choose(key) : null]);
  } catch (error) {
    showProblem(error);
  }
}

function nameOf(id) {
  const market = state.markets.find((m) => m.id === id);
  return market ? marketName(market) : id;
}

function showList() {
  by("list").replaceChildren(
    ...state.experiments.map((e) =>
      node("li", {}, node("button", { type: "button", class: "experiment", "aria-current": e.key === state.key ? "true" : null, onclick: () => choose(e.key) },
        node("span", { class: "experiment-head" }, node("strong", {}, e.key), node("span", { class: `state ${e.state}` }, label(`e_state_${e.state}`)), node("span", { class: `health ${e.health}` }, label(`e_health_${e.health}`))),
        node("span", { class: "hypothesis" }, e.hypothesis),
        node("span", { class: "meta" }, `${e.marketplaces.map(nameOf).join(", ")} · ${e.primary_metric} · ${e.owner}`)))),
  );
  by("none").hidden = state.experiments.length > 0;
}

async function choose(key) {
  state.key = key;
  history.replaceState(null, "", `?${new URLSearchParams({ language: state.language, key })}`);
  showList();
  const experiment = state.experiments.find((e) => e.key === key);
  by("name").textContent = key;
  by("hypothesis").textContent = experiment.hypothesis;
  by("variants").replaceChildren(...experiment.variants.map((v) => node("li", {}, node("strong", {}, v.key), ` ${Math.round(v.weight * 100)} % · ${v.units.toLocaleString(state.language)} `, node("code", {}, Object.entries(v.ranking).filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${value}`).join(", ") || label("e_shipped")))));
  by("experiment-findings").replaceChildren(...experiment.findings.map((one) => node("li", { class: one.severity }, node("p", {}, `${one.file}:${one.line}:${one.column} ${one.found}`), node("p", { class: "fix" }, one.fix))));
  showChange(experiment);
  showCompare(experiment);
  by("report").replaceChildren(node("p", { class: "meta" }, label("searching")));
  by("report").setAttribute("aria-busy", "true");
  try {
    const report = await admin(`experiments/${encodeURIComponent(key)}/report`);
    if (state.key === key) by("report").replaceChildren(...reportView(report, nameOf));
  } catch (error) {
    by("report").replaceChildren();
    showProblem(error);
  } finally {
    if (state.key === key) by("report").removeAttribute("aria-busy");
  }
}

/** Start and stop, each with its reason; the reason stays in the field when the server refuses. */
function showChange(experiment) {
  const running = experiment.state === "running";
  by("change-button").textContent = label(running ? "e_stop" : "e_start");
  by("change-button").className = running ? "" : "primary";
  by("change").onsubmit = async (event) => {
    event.preventDefault();
    try {
      state.experiments = (await admin(`experiments/${encodeURIComponent(experiment.key)}/${running ? "stop" : "start"}`, { base: experiment.version, reason: by("change-reason").value })).experiments;
      by("change-reason").value = "";
      clearProblem();
      await choose(experiment.key);
    } catch (error) {
      showProblem(error);
    }
  };
}

function showCompare(experiment) {
  fill(by("compare-market"), experiment.marketplaces.map((id) => [id, nameOf(id)]));
  by("compare-columns").replaceChildren();
  by("compare-photo").onchange = async () => {
    const [photo] = by("compare-photo").files;
    by("compare-photo").value = "";
    if (!photo) return;
    by("compare-status").textContent = label("searching");
    try {
      const bytes = new Uint8Array(await photo.arrayBuffer());
      let text = "";
      for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
      const { variants } = await admin(`experiments/${encodeURIComponent(experiment.key)}/compare`, { marketplace: by("compare-market").value, photo: btoa(text) });
      by("compare-status").textContent = "";
      by("compare-columns").replaceChildren(...variants.map((one) => column(one, variants[0])));
    } catch (error) {
      by("compare-status").textContent = "";
      showProblem(error);
    }
  };
}

function column({ variant, results, changed }, control) {
  const places = new Map(control.results.map((item, i) => [item.product_id, i]));
  return node("section", { class: "side-column", "data-variant": variant }, node("h3", {}, variant, " ", node("span", { class: "meta" }, changed ? label("s_changes", { n: changed }) : label("s_same_short"))),
    node("ol", {}, ...results.map((item, i) => node("li", { class: places.get(item.product_id) === i ? null : places.has(item.product_id) ? "moved" : "only" }, node("span", { class: "place" }, String(i + 1)), small(item, () => {})))));
}

async function askPower() {
  const values = new FormData(by("power"));
  const [rate, effect, daily] = ["rate", "effect", "daily"].map((name) => Number(values.get(name)));
  if (!(rate > 0 && rate < 100 && effect > 0 && effect <= 100)) {
    by("power-answer").textContent = label("e_power_wrong");
    return;
  }
  try {
    const asked = { rate: rate / 100, effect: effect / 100, power: values.get("power"), units_a_day: daily > 0 ? Math.round(daily) : 0 };
    const plan = await admin(`experiments/power?${new URLSearchParams(asked)}`);
    const line = (units, days) => label("e_power_units", { n: units.toLocaleString(state.language) }) + (days === null ? "" : ` · ${label("e_days", { n: days.toLocaleString(state.language) })}`);
    by("power-answer").replaceChildren(line(plan.units, plan.days), node("span", { class: "meta" }, `${label("e_sequential")} ${line(plan.sequential_at_most, plan.sequential_days_at_most)}`));
  } catch (error) {
    showProblem(error);
  }
}
