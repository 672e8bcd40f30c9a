// The shopper's page: one state, one function that searches, small functions that show.

import { ProblemError, getJson, search, similar } from "./api.js";
import { drawBox, showBoxes } from "./boxes.js";
import { card, node, picture, skeletons, small } from "./cards.js";
import { label, loadLabels, speak } from "./labels.js";

const COLOURS = ["black", "white", "grey", "beige", "brown", "red", "maroon", "pink", "purple", "blue", "navy", "teal", "green", "olive", "yellow", "gold", "orange", "silver", "multi"];
const SIZES = ["XS", "S", "M", "L", "XL", "XXL"];
const SORTS = ["relevance", "price_asc", "price_desc", "rating", "newest"];

const by = (id) => document.getElementById(id);
const state = { marketplaces: [], market: null, language: "", photo: null, tap: {}, category: "", next: null, running: null, retry: null };

start();

async function start() {
  await loadLabels();
  speak("en");
  try {
    state.marketplaces = (await getJson("/v1/marketplaces")).marketplaces;
  } catch (error) {
    return showProblem(error, start);
  }
  const wanted = new URLSearchParams(location.search);
  fill(by("marketplace"), state.marketplaces.map((m) => [m.id, m.name]), wanted.get("marketplace") || "in");
  by("marketplace").onchange = () => chooseMarketplace(by("marketplace").value);
  by("language").onchange = () => chooseLanguage(by("language").value);
  listen();
  chooseMarketplace(by("marketplace").value, wanted.get("language"));
  await showSamples();
  if (wanted.get("sample")) useSample(wanted.get("sample"));
  if (wanted.get("product")) openProduct({ product_id: wanted.get("product") });
  return undefined;
}

function listen() {
  by("file").onchange = () => by("file").files[0] && usePhoto(by("file").files[0]);
  by("camera").onchange = () => by("camera").files[0] && usePhoto(by("camera").files[0]);
  const drop = by("drop");
  drop.ondragover = (event) => { event.preventDefault(); drop.classList.add("over"); };
  drop.ondragleave = () => drop.classList.remove("over");
  drop.ondrop = (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files[0]) usePhoto(event.dataTransfer.files[0]);
  };
  document.addEventListener("paste", (event) => {
    const item = [...event.clipboardData.items].find((i) => i.type.startsWith("image/"));
    if (item) usePhoto(item.getAsFile());
  });
  by("draw").onclick = () => drawBox(by("boxes"), (box) => { state.tap = { box: box.join(",") }; state.category = ""; run(); });
  by("filters").onchange = () => run();
  by("filters").onsubmit = (event) => event.preventDefault();
  by("filters").onreset = () => setTimeout(run);
  by("more").onclick = showMore;
}

function chooseMarketplace(id, language) {
  state.market = state.marketplaces.find((m) => m.id === id) || state.marketplaces[0];
  by("marketplace").value = state.market.id;
  const names = new Intl.DisplayNames([navigator.language], { type: "language" });
  fill(by("language"), state.market.languages.map((tag) => [tag, names.of(tag)]), language || state.market.default_language);
  by("prime-name").textContent = state.market.prime_name;
  state.category = "";
  chooseLanguage(by("language").value);
}

function chooseLanguage(language) {
  state.language = language;
  speak(language);
  const any = ["", label("any")];
  const form = by("filters").elements;
  keep(form.size, [any, ...SIZES.map((s) => [s, s])]);
  keep(form.colour, [any, ...COLOURS.map((c) => [c, c])]);
  keep(form.gender, [any, ...["women", "men", "girls", "boys"].map((g) => [g, label(g)])]);
  keep(form.sort, SORTS.map((s) => [s, label(s)]));
  showCompareChoices();
  if (state.photo) run();
}

async function usePhoto(photo) {
  state.photo = photo;
  state.tap = {};
  state.category = "";
  const image = by("photo");
  if (image.src) URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(photo);
  by("stage").hidden = false;
  by("invite").hidden = true;
  by("draw").hidden = false;
  by("boxes").replaceChildren();
  await run();
}

async function showSamples() {
  const samples = await getJson("/samples/samples.json").catch(() => []);
  by("samples").replaceChildren(
    ...samples.map((sample) =>
      node("button", { type: "button", "aria-label": label("sample", { name: sample.names[state.language.split("-")[0]] || sample.names.en }), onclick: () => useSample(sample.file) },
        node("img", { src: `/samples/${sample.file}`, alt: "", width: 84, height: 104, loading: "lazy" })),
    ),
  );
}

async function useSample(file) {
  history.replaceState(null, "", `?${new URLSearchParams({ marketplace: state.market.id, language: state.language, sample: file })}`);
  const response = await fetch(`/samples/${encodeURIComponent(file)}`);
  if (response.ok) usePhoto(await response.blob());
}

function parameters() {
  const form = by("filters").elements;
  return {
    ...state.tap, category: state.category, language: state.language, limit: 24,
    prime: form.prime.checked, available: form.available.checked,
    min_price: form.min_price.value.trim(), max_price: form.max_price.value.trim(),
    size: form.size.value, colour: form.colour.value, gender: form.gender.value, sort: form.sort.value, explain: true,
  };
}

async function run() {
  if (!state.photo) return;
  state.running?.abort();
  const running = new AbortController();
  state.running = running;
  by("answer").hidden = false;
  by("problem").hidden = true;
  by("status").textContent = label("searching");
  by("grid").replaceChildren(...skeletons(8));
  try {
    const answer = await search(state.market.id, { photo: state.photo, parameters: parameters(), signal: running.signal });
    show(answer);
  } catch (error) {
    if (error.name !== "AbortError") showProblem(error, run);
  }
}

function show(answer) {
  state.next = answer.next;
  const status = answer.results.length ? label("found", { n: answer.total }) : label("none");
  const degraded = answer.degraded.length ? ` · ${label("degraded", { what: answer.degraded.join(", ") })}` : "";
  by("status").textContent = status + degraded;
  showBoxes(by("boxes"), answer.objects, answer.focus, (tap) => {
    state.tap = tap.object !== undefined ? { object: tap.object } : { box: tap.box.join(",") };
    state.category = "";
    run();
  });
  showCategory(answer);
  by("grid").replaceChildren(...answer.results.map(listed));
  by("more").hidden = !answer.next;
  showShelves(answer.accessories);
  document.body.dataset.query = answer.query_id;
}

const listed = (item) => node("li", {}, card(item, { primeName: state.market.prime_name, open: openProduct }));

async function showMore() {
  by("more").disabled = true;
  try {
    const answer = await search(state.market.id, { parameters: { cursor: state.next, language: state.language, explain: true } });
    state.next = answer.next;
    by("grid").append(...answer.results.map(listed));
    by("more").hidden = !answer.next;
  } catch (error) {
    showProblem(error, run);
  } finally {
    by("more").disabled = false;
  }
}

function showCategory(answer) {
  const focus = answer.objects.find((found) => found.id === answer.focus);
  if (!focus?.category) return by("category").replaceChildren();
  const chosen = state.category;
  const name = focus.category.path.at(-1);
  const chip = (category) =>
    node("button", { type: "button", class: "chip", "aria-pressed": String(chosen === category.id), onclick: () => { state.category = chosen === category.id ? "" : category.id; run(); } }, category.path.at(-1));
  return by("category").replaceChildren(
    node("span", { class: "path" }, focus.category.path.join(" › ")),
    ...(focus.alternatives.length ? [node("span", { class: "meta" }, label("not", { name })), ...focus.alternatives.slice(0, 3).map(chip)] : []),
  );
}

function showShelves(slots) {
  by("shelves").hidden = !slots.length;
  by("shelf-list").replaceChildren(
    ...slots.filter((slot) => slot.results.length).map((slot) =>
      node("section", { class: "shelf" }, node("h3", {}, slot.title), node("ul", { class: "shelf-row", tabindex: "0", "aria-label": slot.title }, ...slot.results.map((item) => node("li", {}, small(item, openProduct)))))),
  );
}

function showCompareChoices() {
  by("compare-choices").replaceChildren(
    ...state.marketplaces.filter((m) => m.id !== state.market.id).map((m) =>
      node("button", { type: "button", class: "chip", "aria-pressed": "false", "data-marketplace": m.id, onclick: (event) => compare(m, event.currentTarget) }, m.name)),
  );
  by("compare-columns").replaceChildren();
}

async function compare(market, button) {
  const shown = by("compare-columns").querySelector(`[data-marketplace="${market.id}"]`);
  button.setAttribute("aria-pressed", String(!shown));
  if (shown) return shown.remove();
  const column = node("section", { class: "column", "data-marketplace": market.id }, node("h3", {}, market.name), node("p", { class: "meta" }, label("searching")));
  by("compare-columns").append(column);
  try {
    const answer = await search(market.id, { photo: state.photo, parameters: { ...state.tap, limit: 6, accessories: false } });
    const focus = answer.objects.find((found) => found.id === answer.focus);
    column.replaceChildren(
      node("h3", {}, market.name),
      node("p", { class: "meta" }, focus?.category ? focus.category.path.join(" › ") : ""),
      node("ol", {}, ...answer.results.map((item) => node("li", {}, small(item, () => window.open(`/?marketplace=${market.id}&product=${item.product_id}`))))),
    );
  } catch (error) {
    column.append(node("p", { class: "problem" }, sentence(error)));
  }
  return undefined;
}

async function openProduct(item) {
  const dialog = by("detail");
  try {
    const product = await getJson(`/v1/${state.market.id}/products/${encodeURIComponent(item.product_id)}?language=${state.language}`);
    const alike = await similar(state.market.id, item.product_id, { limit: 6, language: state.language });
    dialog.replaceChildren(
      node("div", { class: "detail-body" }, picture(product, 240),
        node("div", { class: "text" }, node("h2", { id: "detail-title" }, product.title), node("p", { class: "meta" }, product.category_path.join(" › ")),
          node("p", { class: "price" }, product.price.display), node("p", { class: "meta" }, product.sizes.join(" · ")),
          item.explanation ? node("div", {}, node("h3", {}, label("why")), node("ul", { class: "why" }, ...item.explanation.map((s) => node("li", {}, s)))) : null)),
      node("h3", {}, label("similar")),
      node("ul", { class: "shelf-row", tabindex: "0", "aria-label": label("similar") }, ...alike.results.map((other) => node("li", {}, small(other, openProduct)))),
      node("form", { method: "dialog" }, node("button", { class: "button" }, label("close"))),
    );
    if (!dialog.open) dialog.showModal();
  } catch (error) {
    showProblem(error, () => openProduct(item));
  }
}

function showProblem(error, retry) {
  by("answer").hidden = false;
  by("status").textContent = "";
  by("grid").replaceChildren();
  by("more").hidden = true;
  const box = by("problem");
  const fix = error instanceof ProblemError && error.problem.fix ? node("p", {}, error.problem.fix) : null;
  box.replaceChildren(node("strong", {}, sentence(error)), fix ?? "", node("p", {}, node("button", { type: "button", class: "button", onclick: retry }, label("retry"))));
  box.hidden = false;
}

function sentence(error) {
  if (error instanceof ProblemError) return error.problem.type === "lost" ? label("lost") : error.problem.detail || error.problem.title;
  return String(error.message || error);
}

function fill(select, options, value) {
  select.replaceChildren(...options.map(([id, name]) => node("option", { value: id }, name)));
  if (options.some(([id]) => id === value)) select.value = value;
}

function keep(select, options) {
  fill(select, options, select.value);
}
