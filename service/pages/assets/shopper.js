// The shopper's page: one state, one function that searches, small modules that show.

import { read, productLink, shared, write } from "./address.js";
import { getJson, search, sentences } from "./api.js";
import { drawBox, showBoxes } from "./boxes.js";
import { card, skeletons, small } from "./cards.js";
import { Comparison } from "./compare.js";
import { showDetail } from "./detail.js";
import { by, fill, node, painted } from "./dom.js";
import { newPage, tell, watchImpressions } from "./events.js";
import { FilterPanel, asParameters, nameAmong } from "./filters.js";
import { label, marketName, speak } from "./labels.js";
import { listenForPhotos, prepared } from "./photo.js";
import { tabs } from "./tabs.js";
import { theme } from "./theme.js";

const SORTS = ["relevance", "price_asc", "price_desc", "rating", "newest"];
const PAGE = 24;
const FIRST = 8;
const REFUSED = ["not-an-image", "bad-image", "photo-too-large"];

const state = { markets: [], market: null, language: "", photo: null, sample: "", like: "", tap: {}, sort: "relevance", tab: "results", compared: [], next: null, answer: null, running: null, asked: null };
const filters = new FilterPanel(by("filters"), () => run());
const comparison = new Comparison(() => { state.compared = comparison.chosen; write(state, filters.chosen); });
const showTab = tabs(by("tabs"), (name) => chooseTab(name));
const impressions = watchImpressions((element) => tell("impression", state.market.id, state.answer?.query_id, element.dataset.product, Number(element.dataset.position)));

start();

async function start() {
  theme();
  const wanted = read();
  await speak(wanted.values.get("language") || navigator.language);
  try {
    state.markets = (await getJson("/v1/marketplaces")).marketplaces;
  } catch (error) {
    return showProblem(error, start);
  }
  by("problem").hidden = true;
  const id = wanted.values.get("marketplace") || "in";
  state.market = state.markets.find((m) => m.id === id) || state.markets[0];
  Object.assign(state, { tap: wanted.tap, sort: wanted.values.get("sort") || "relevance", tab: wanted.values.get("tab") || "results" });
  filters.chosen = wanted.filters;
  comparison.chosen = wanted.compared;
  listen();
  await settleMarket(wanted.values.get("language"));
  const asked = wanted.photo || wanted.values.get("sample") || wanted.values.get("like");
  document.body.dataset.state = asked ? "found" : "empty";
  if (asked) by("grid").replaceChildren(...skeletons(8));
  await showSamples();
  if (wanted.photo) return usePhoto(wanted.photo, wanted);
  if (wanted.values.get("sample")) return useSample(wanted.values.get("sample"), wanted);
  if (wanted.values.get("like")) return useProduct({ product_id: wanted.values.get("like") }, wanted);
  if (wanted.values.get("product")) return open({ product_id: wanted.values.get("product") });
  return undefined;
}

function listen() {
  listenForPhotos((photo) => usePhoto(photo));
  by("marketplace").onchange = async () => {
    state.market = state.markets.find((m) => m.id === by("marketplace").value);
    filters.chosen = { ...filters.chosen, category: "", size: "", min_price: "", max_price: "" };
    await settleMarket();
    run();
  };
  by("language").onchange = async () => {
    await chooseLanguage(by("language").value);
    run();
  };
  by("sort").onchange = () => {
    state.sort = by("sort").value;
    run();
  };
  by("draw").onclick = () => {
    by("photo-help").textContent = label("draw_help");
    drawBox(by("boxes"), (box) => tap({ box: box.join(",") }));
  };
  by("share").onclick = async () => { by("photo-help").textContent = await copy(await shared(state)); };
  by("again").onclick = () => by("file").click();
  by("more").onclick = showMore;
  new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && !by("more").hidden && showMore(), { rootMargin: "700px" }).observe(by("end"));
  listenForSheet();
}

/** On a phone the filters open as a sheet; the same form moves there and back. */
function listenForSheet() {
  const sheet = by("sheet");
  by("open-filters").onclick = () => {
    by("sheet-body").append(by("filters"));
    sheet.showModal();
  };
  sheet.onclose = () => by("filter-home").append(by("filters"));
}

async function settleMarket(language) {
  const { market } = state;
  const base = state.language.split("-")[0];
  const tags = market.languages;
  const chosen = tags.find((tag) => tag === language) || tags.find((tag) => tag.split("-")[0] === base) || market.default_language;
  fill(by("language"), tags.map((tag) => [tag, new Intl.DisplayNames([tag], { type: "language" }).of(tag.split("-")[0])]), chosen);
  by("language").closest("label").hidden = tags.length < 2;
  await chooseLanguage(chosen);
}

async function chooseLanguage(language) {
  state.language = language;
  await speak(language);
  document.title = `souk · ${label("title")}`;
  fill(by("marketplace"), state.markets.map((m) => [m.id, marketName(m)]).sort(([, a], [, b]) => a.localeCompare(b, language)), state.market.id);
  fill(by("sort"), SORTS.map((s) => [s, label(s)]), state.sort);
  comparison.begin(state.markets, state.market);
  if (state.samples) paintSamples();
}

function chooseTab(name) {
  state.tab = name;
  showTab(name);
  if (name === "compare" && state.asked) comparison.run(state.asked);
  state.compared = comparison.chosen;
  write(state, filters.chosen);
}

/** Searches with a photo. One that is refused leaves the page as it was before. */
async function usePhoto(photo, kept = {}) {
  const before = state.answer ? { photo: state.photo, sample: state.sample, like: state.like, tap: state.tap, answer: state.answer, chosen: filters.chosen, source: by("photo").src } : null;
  Object.assign(state, { photo, like: "", sample: kept.sample || "", tap: kept.tap || {} });
  if (!kept.filters) filters.chosen = { ...filters.chosen, category: "" };
  if (!kept.photo) history.replaceState(null, "", location.pathname + location.search);
  showQuery(URL.createObjectURL(photo));
  state.photo = await prepared(photo);
  const error = await run({ fresh: true });
  if (REFUSED.includes(error?.kind)) return goBack(before, error);
  if (!error && before?.source.startsWith("blob:")) URL.revokeObjectURL(before.source);
  return undefined;
}

/** To the photo and the answer before, or to the beginning; the problem stays in sight. */
async function goBack(before, error) {
  if (before) {
    Object.assign(state, { photo: before.photo, sample: before.sample, like: before.like, tap: before.tap });
    filters.chosen = before.chosen;
    showQuery(before.source);
    await show(before.answer);
    write(state, filters.chosen);
  } else {
    Object.assign(state, { photo: null, sample: "", tap: {} });
    document.body.dataset.state = "empty";
    history.replaceState(null, "", location.pathname);
  }
  showProblem(error, () => by("file").click(), label("another"));
}

async function useSample(file, kept = {}) {
  document.body.dataset.state = "found";
  by("grid").replaceChildren(...skeletons(8));
  const response = await fetch(`/samples/${encodeURIComponent(file)}`).catch(() => null);
  if (response?.ok) await usePhoto(await response.blob(), { ...kept, sample: file });
  else showProblem(new Error(label("no_sample")), () => useSample(file, kept));
}

/** Searches from a product of the catalogue; its picture stands where a photo would. */
async function useProduct(item, kept = {}) {
  Object.assign(state, { photo: null, sample: "", like: item.product_id, tap: {} });
  if (!kept.filters) filters.chosen = { ...filters.chosen, category: "" };
  try {
    const found = item.image_url ? item : await getJson(`/v1/${state.market.id}/products/${encodeURIComponent(item.product_id)}`);
    showQuery(found.image_url || "");
    by("photo").alt = found.title;
  } catch (error) {
    return showProblem(error, () => useProduct(item, kept));
  }
  scrollTo({ top: 0 });
  return run({ fresh: true });
}

function showQuery(source) {
  const image = by("photo");
  image.src = source;
  image.alt = label("your_photo");
  document.body.dataset.state = "found";
  by("draw").hidden = !state.photo;
  by("photo-help").textContent = "";
  by("boxes").replaceChildren();
  by("category").replaceChildren(node("div", { class: "line skeleton" }));
}

async function showSamples() {
  state.samples = await getJson("/samples/samples.json").catch(() => []);
  by("samples-box").hidden = !state.samples.length;
  paintSamples();
}

function paintSamples() {
  const base = state.language.split("-")[0];
  by("samples").replaceChildren(
    ...state.samples.map((sample) => {
      const name = sample.names[base] || sample.names.en;
      return node("li", {}, node("button", { type: "button", "aria-label": label("sample", { name }), onclick: () => useSample(sample.file) }, node("img", { src: `/samples/${sample.file}`, alt: "", width: 120, height: 150, loading: "lazy" }), node("span", { "aria-hidden": "true" }, name)));
    }),
  );
}

function tap(where) {
  state.tap = where;
  filters.chosen = { ...filters.chosen, category: "" };
  run();
}

const source = () => (state.like ? { product_id: state.like } : state.tap);

/** Searches; what went wrong, or undefined. */
async function run({ fresh = false } = {}) {
  if (!state.photo && !state.like) return undefined;
  state.running?.abort();
  const running = new AbortController();
  state.running = running;
  by("problem").hidden = true;
  by("status").textContent = label("searching");
  busy(true);
  if (fresh || !state.answer) {
    by("grid").replaceChildren(...skeletons(8));
    by("more").hidden = true;
  }
  write(state, filters.chosen);
  const parameters = { ...source(), ...asParameters(filters.chosen), language: state.language, sort: state.sort, limit: PAGE, explain: true, facets: true };
  try {
    await show(await search(state.market.id, { photo: state.photo, parameters, signal: running.signal }));
    return undefined;
  } catch (error) {
    if (error.name !== "AbortError") showProblem(error, () => run({ fresh }));
    return error;
  } finally {
    if (state.running === running) busy(false);
  }
}

function busy(on) {
  document.body.classList.toggle("busy", on);
  by("grid").setAttribute("aria-busy", String(on));
}

/** The first rows are painted before anything else is made: they are what the shopper waits for. */
async function show(answer) {
  Object.assign(state, { answer, next: answer.next, asked: { photo: state.photo, parameters: source() } });
  newPage();
  const said = answer.results.length ? label("found", { n: answer.total.toLocaleString(state.language) }) : label("none");
  by("status").textContent = answer.degraded.length ? `${said} · ${label("degraded")}` : said;
  by("status").title = answer.degraded.join(", ");
  showCategory(answer);
  by("more").hidden = true;
  by("grid").replaceChildren(...listed(answer.results.slice(0, FIRST), 1));
  await painted();
  if (state.answer !== answer) return;
  showBoxes(by("boxes"), answer.objects, answer.focus, { choose: tap, redraw: (box) => tap({ box: box.join(",") }) });
  by("grid").append(...listed(answer.results.slice(FIRST), FIRST + 1));
  for (const found of answer.objects) for (const one of found.alternatives) filters.names.set(one.id, one.path.at(-1));
  filters.show(answer.facets, state.market, state.language);
  by("more").hidden = !answer.next;
  showShelves(answer.accessories);
  chooseTab(state.tab);
  document.body.dataset.query = answer.query_id;
}

function listed(items, first) {
  return items.map((item, place) => {
    item.position = first + place;
    const element = card(item, { market: state.market, language: state.language, open, eager: first + place <= FIRST });
    impressions.observe(element);
    return node("li", {}, element);
  });
}

async function showMore() {
  if (by("more").disabled || !state.next) return;
  by("more").disabled = true;
  const query = state.answer.query_id;
  try {
    const answer = await search(state.market.id, { parameters: { cursor: state.next, language: state.language, explain: true, limit: PAGE } });
    if (state.answer.query_id !== query) return;
    state.next = answer.next;
    by("grid").append(...listed(answer.results, by("grid").children.length + 1));
    by("more").hidden = !answer.next;
  } catch (error) {
    showProblem(error, error.kind === "invalid-cursor" ? () => run() : () => { by("problem").hidden = true; showMore(); });
  } finally {
    by("more").disabled = false;
  }
}

function showCategory(answer) {
  const focus = answer.objects.find((found) => found.id === answer.focus);
  if (!focus?.category) return by("category").replaceChildren();
  const { path, id } = focus.category;
  const inside = focus.alternatives.some((other) => other.id.startsWith(`${id}.`));
  const chip = (category) => node("button", { type: "button", class: "chip", "aria-pressed": String(filters.chosen.category === category.id), onclick: () => filters.toggle("category", category.id) }, nameAmong(category, [focus.category, ...focus.alternatives]));
  return by("category").replaceChildren(
    node("p", { class: "path" }, path.join(" › ")),
    focus.alternatives.length ? node("div", { class: "alternatives" }, node("span", { class: "meta" }, inside ? label("narrow") : label("not", { name: path.at(-1) })), ...focus.alternatives.slice(0, 3).map(chip)) : "",
  );
}

function showShelves(slots) {
  const stocked = slots.filter((slot) => slot.results.length);
  by("tab-look").hidden = !stocked.length;
  by("look-count").textContent = stocked.length ? String(stocked.length) : "";
  if (!stocked.length && state.tab === "look") state.tab = "results";
  by("shelves").replaceChildren(
    ...stocked.map((slot) => node("section", { class: "shelf", "data-slot": slot.slot }, node("h3", {}, slot.title), node("ul", { class: "rail", tabindex: "0", "aria-label": slot.title }, ...slot.results.map((item) => node("li", {}, small(item, open)))))),
  );
}

async function open(item) {
  if (item.position) tell("click", state.market.id, state.answer?.query_id, item.product_id, item.position);
  try {
    await showDetail(item, { market: state.market, language: state.language, open, search: useProduct, share: (found) => copy(productLink(state, found)) });
  } catch (error) {
    showProblem(error, () => open(item));
  }
}

/** Copies a link; where the browser refuses, the link itself is said. */
async function copy(link) {
  try {
    await navigator.clipboard.writeText(link);
    return label("copied");
  } catch {
    return link;
  }
}

/** Says what happened and what to do; photo, filters and the results so far stay where they are. */
function showProblem(error, retry, action = label("retry")) {
  const [what, fix] = sentences(error);
  by("status").textContent = "";
  for (const ghost of by("grid").querySelectorAll(".ghost")) ghost.closest("li").remove();
  by("category").querySelector(".skeleton")?.remove();
  by("problem").replaceChildren(node("strong", {}, what), fix ? node("p", {}, fix) : "", node("button", { type: "button", class: "primary", onclick: retry }, action));
  by("problem").hidden = false;
  if (document.body.dataset.state === "loading") document.body.dataset.state = "empty";
}
