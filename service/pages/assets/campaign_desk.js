// The form, the live page and the calendar of one desk: every edit becomes a draft of the file at once.

import { getJson } from "./api.js";
import { showAtFields, showForm } from "./campaign_form.js";
import { actionsOf, newCampaign, withKey } from "./campaign_values.js";
import { plus } from "./days.js";
import { by, fill, node } from "./dom.js";
import { label } from "./labels.js";
import { letGo, showPage } from "./live_page.js";
import { RuleCalendar } from "./rule_calendar.js";
import { diffView } from "./rule_history.js";
import { base64 } from "./rule_preview.js";
import { admin, clearProblem, showProblem } from "./session.js";

const FILE = "merchandising.yaml";
const AHEAD_DAYS = 400;
const LOGGED = 200;

/** `desk` gives market(), language(), files(), published(), schema(), take(file, text), confirm(question), showTab(name). */
export class CampaignDesk {
  constructor(desk) {
    Object.assign(this, { desk, campaigns: [], id: null, values: null, page: null, query: null, findings: [], schema: null, categories: [], festivals: [], writing: null, wanted: false, opened: false, turn: null, choice: null, era: null, sent: null, looked: null });
    this.calendar = new RuleCalendar({ load: (first, last) => this.#loadCalendar(first, last), open: (id) => this.show("page", id) });
    for (const button of by("views").querySelectorAll("button")) button.onclick = () => this.show(button.dataset.view);
    by("campaign").onchange = () => this.choose(by("campaign").value).catch(showProblem);
    by("campaign-new").onclick = () => this.#begin();
    by("campaign-remove").onclick = () => this.#remove();
    by("page-query").onchange = () => this.#ask(by("page-query").value);
    by("page-logged").onclick = () => this.#offerLogged();
    by("page-day").onchange = () => this.look();
    by("page-photo").onchange = async () => {
      const [photo] = by("page-photo").files;
      by("page-photo").value = "";
      if (!photo) return;
      this.query = { photo: await base64(photo) };
      by("page-query").value = "";
      await this.look();
    };
  }

  get view() {
    return by("views").querySelector("[aria-pressed=true]").dataset.view;
  }

  /** What is shown is asked anew; of another marketplace nothing stays, and no answer to an older question is heard. */
  reset(isSame) {
    Object.assign(this, { opened: false, campaigns: [], values: null, page: null, schema: null, turn: null, choice: null, era: Symbol("era"), writing: null, wanted: false });
    if (isSame) return;
    Object.assign(this, { id: null, query: null });
    this.calendar.restart();
  }

  /** An edit that never arrived is given up too. */
  discard() {
    localStorage.removeItem(this.#key());
  }

  /** After a reset: the view that is open; an edit that never arrived is taken up again. */
  async resume() {
    if (this.opened) return;
    this.calendar.forget();
    const kept = this.#kept();
    if (kept) Object.assign(this, kept);
    const view = kept ? "page" : this.view;
    if (view !== "text") await this.show(view);
  }

  async show(view, id = null) {
    this.opened = view !== "text";
    this.#press(view);
    if (view === "calendar") return this.calendar.show(this.desk.language());
    if (view === "page") {
      this.desk.showTab("campaign");
      await this.#open(id);
    }
    return undefined;
  }

  #press(view) {
    for (const button of by("views").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    for (const name of ["text", "page", "calendar"]) by(`view-${name}`).hidden = name !== view;
  }

  async #open(id) {
    try {
      const market = this.desk.market();
      if (!this.schema) await this.#learn(market);
      if (this.values && !id && this.#kept()) {
        this.#draw();
        await this.#send();
        return void (this.query || (await this.#ask(this.#fittingSearch())));
      }
      const { values } = this;
      const choice = this.#choice();
      const answer = await this.#form();
      if (this.choice !== choice || this.values !== values) return undefined;
      this.#take(answer);
      const wanted = id ?? this.id ?? this.campaigns[0]?.id;
      await this.choose(this.campaigns.some((one) => one.id === wanted) ? wanted : this.campaigns[0]?.id ?? null);
    } catch (error) {
      showProblem(error);
    }
    return undefined;
  }

  /** The words that fields may hold, and the searches to look at. */
  async #learn(market) {
    const [schema, categories, samples, ahead] = await Promise.all([this.desk.schema(FILE), getJson(`/v1/${market.id}/categories?${new URLSearchParams({ language: this.desk.language() })}`), getJson("/samples/samples.json").catch(() => []), this.#ahead()]);
    Object.assign(this, { schema, categories: categories.categories, samples, festivals: ahead.festivals });
    const base = this.desk.language().split("-")[0];
    const named = (sample) => sample.names[base] || sample.names.en || sample.file;
    by("page-query").replaceChildren(
      node("option", { value: "" }, label("f_choose_search")),
      node("optgroup", { label: label("samples") }, ...samples.map((one) => node("option", { value: `sample:${one.file}` }, named(one)))),
      node("optgroup", { label: label("category") }, ...this.categories.map((one) => node("option", { value: `category:${one.id}` }, one.path.join(" › ")))),
      node("optgroup", { label: label("s_logged"), id: "logged-searches" }));
  }

  async #ahead() {
    const first = new Date().toISOString().slice(0, 10);
    return admin(`${this.desk.market().id}/rules:calendar`, { files: this.desk.files(), first: plus(first, -1), last: plus(first, AHEAD_DAYS) });
  }

  #take({ text, campaigns }) {
    this.campaigns = campaigns;
    fill(by("campaign"), campaigns.map((one) => [one.id, one.id]), this.id ?? "");
    const before = this.desk.published()[FILE] ?? "";
    by("campaign-diff").replaceChildren(text === before ? node("p", { class: "meta" }, label("f_no_change")) : diffView(FILE, before, text));
  }

  /** Leaves a campaign only when its edits have arrived; the page is asked for after `checked`. */
  async choose(id, checked = null) {
    const choice = this.#choice();
    const arrived = await this.#arrived();
    if (this.choice !== choice) return;
    if (!arrived) return void (by("campaign").value = this.id ?? "");
    const found = this.campaigns.find((one) => one.id === id);
    this.id = found ? id : null;
    this.values = found?.campaign ?? null;
    by("campaign").value = id ?? "";
    by("campaign-remove").disabled = !found;
    this.#draw();
    const turn = this.#turn();
    const [wanted] = await Promise.all([this.#fittingDay(), checked]);
    if (this.turn !== turn) return;
    by("page-day").value = wanted;
    if (!this.query) this.#ask(this.#fittingSearch());
    else await this.look();
  }

  /** Whoever chooses later wins over what is still being asked. */
  #turn() {
    this.turn = Symbol("turn");
    return this.turn;
  }

  /** Of two choices of a campaign the later one counts, whatever is still on its way. */
  #choice() {
    this.choice = Symbol("choice");
    return this.choice;
  }

  /** The first day from now on that the campaign holds; empty when it holds today. */
  async #fittingDay() {
    if (!this.values?.from && !this.values?.until && !this.values?.festival) return "";
    const { campaigns, today } = await this.#ahead();
    const spans = campaigns.find((one) => one.id === this.id)?.spans.filter((span) => span.last >= today) ?? [];
    return !spans.length || spans.some((span) => span.first <= today) ? "" : spans[0].first;
  }

  /** A search that calls the campaign: of its first category, else the first sample photo. */
  #fittingSearch() {
    const when = this.values?.when ?? {};
    const named = (when.products || [])[0];
    if (named) return `product:${named}`;
    const category = (when.categories || [])[0] || this.categories.find((one) => one.leaf && (when.concepts || []).some((concept) => one.id.endsWith(`.${concept}`) || one.id.endsWith(`.${concept}s`)))?.id;
    if (category) return `category:${category}`;
    return this.samples[0] ? `sample:${this.samples[0].file}` : this.categories[0] ? `category:${this.categories[0].id}` : "";
  }

  #draw() {
    by("campaign-fields").hidden = !this.values;
    if (this.values) showForm(() => this.values, this.#words(), { change: (values) => this.change(values), typed: (values) => this.change(values, "", { isShown: true }) });
    this.#showFindings();
    if (this.page) this.#drawPage();
  }

  #drawPage() {
    showPage(this.page, () => this.values, (values, said) => this.change(values, said));
  }

  #words() {
    const defs = this.schema?.$defs ?? {};
    const fields = this.schema?.properties?.campaigns?.items?.properties ?? {};
    const said = document.documentElement.lang.split("-")[0];
    const enums = (kind) => fields.when?.properties?.[kind]?.items?.enum ?? [];
    const plain = (words) => words.map((word) => [word, word]);
    const page = [...(this.page?.after.results ?? [])];
    const kinds = {
      concepts: () => plain(defs.concept?.enum ?? []),
      categories: () => this.categories.map((one) => [one.id, one.path.join(" › ")]),
      colours: () => enums("colours").map((word) => [word, label(`colour_${word}`)]),
      genders: () => enums("genders").map((word) => [word, label(word)]),
      occasions: () => plain(enums("occasions")),
      products: () => page.map((item) => [item.product_id, item.title]),
      brands: () => plain([...new Set(page.map((item) => item.brand).filter(Boolean))]),
      prime: () => plain(["true", "false"]),
      available: () => plain(["true", "false"]),
    };
    return {
      options: (kind) => kinds[kind]?.() ?? [],
      owners: [...new Set(this.campaigns.map((one) => one.campaign.owner).filter((owner) => typeof owner === "string"))],
      list: (id, words) => node("datalist", { id }, ...words.map((value) => node("option", { value }))),
      festivals: (defs.festival?.enum ?? []).map((id) => [id, this.#festivalName(id, said)]).toSorted(([, a], [, b]) => a.localeCompare(b)),
    };
  }

  #festivalName(id, base) {
    const names = this.festivals.find((one) => one.id === id)?.names ?? {};
    return names[base] || names.en || id;
  }

  /** Every edit: kept in this browser first, drawn, then written into the draft by the server. */
  async change(values, said = "", { isShown = false } = {}) {
    this.values = values;
    localStorage.setItem(this.#key(), JSON.stringify({ id: this.id, values }));
    if (!isShown) this.#draw();
    if (said) by("page-status").textContent = said;
    if (this.id === null && !actionsOf(values).length) {
      by("page-note").textContent = label("f_first_move");
      return;
    }
    await this.#send();
  }

  async #send() {
    this.wanted = true;
    if (this.writing) return;
    const mine = Symbol("send");
    this.sent = mine;
    const written = await this.#alone(this.#write());
    if (!written) return;
    clearProblem();
    by("campaign").value = this.id;
    by("campaign-remove").disabled = false;
    this.calendar.forget();
    await written.checked;
    if (this.sent === mine) await this.look();
  }

  /** The draft's campaigns as the server reads them, once the change, if any, is written. */
  #form(change = {}) {
    return admin(`${this.desk.market().id}/rules:form`, { files: this.desk.files(), ...change });
  }

  /** The draft is written by one request at a time; undefined when the server did not take it. */
  async #alone(writing) {
    const mine = writing.catch(showProblem);
    this.writing = mine;
    const written = await mine;
    if (this.writing === mine) this.writing = null;
    return written;
  }

  /** Sends what waits; false when the server did not take it and it stays in this browser. */
  async #arrived() {
    if (this.wanted) await this.#send();
    await this.writing;
    return !this.wanted;
  }

  /** Sends until the newest edit has arrived; gives the promise of the last check. */
  async #write() {
    const { era } = this;
    let checked = null;
    try {
      while (this.wanted) {
        this.wanted = false;
        const sent = this.values;
        const answer = await this.#form({ id: this.id, campaign: sent });
        if (this.era !== era) return undefined;
        this.id = sent.id;
        this.#take(answer);
        checked = this.desk.take(FILE, answer.text);
        if (this.values === sent) localStorage.removeItem(this.#key());
        else localStorage.setItem(this.#key(), JSON.stringify({ id: this.id, values: this.values }));
      }
    } catch (error) {
      if (this.era === era) this.wanted = true;
      throw error;
    }
    return { checked };
  }

  #key() {
    return `souk-form:${this.desk.market().id}`;
  }

  #kept() {
    const kept = localStorage.getItem(this.#key());
    return kept ? JSON.parse(kept) : null;
  }

  /** A campaign for the searches that are looked at: those of the category that leads there. */
  async #begin() {
    this.#turn();
    const choice = this.#choice();
    await this.looked;
    if (!(await this.#arrived()) || this.choice !== choice) return;
    this.id = null;
    by("campaign").value = "";
    const category = this.query?.category ?? this.page?.before.results[0]?.category;
    const owner = this.campaigns.at(-1)?.campaign.owner || "merchandising";
    const made = newCampaign(this.campaigns.map((one) => one.id), owner, label("f_new_reason"));
    await this.change(category ? withKey(made, "when", { categories: [category] }) : made);
    by("page-day").value = "";
    await this.look();
  }

  async #remove() {
    const choice = this.#choice();
    if (!(await this.desk.confirm(label("f_remove_sure", { id: this.id })))) return;
    await this.writing;
    if (this.choice !== choice) return;
    const written = await this.#alone(this.#writeWithout(this.id));
    if (written && this.choice === choice) await this.choose(this.campaigns[0]?.id ?? null, written.checked).catch(showProblem);
  }

  async #writeWithout(id) {
    const { era } = this;
    const answer = await this.#form({ id, remove: true });
    if (this.era !== era) return undefined;
    this.wanted = false;
    localStorage.removeItem(this.#key());
    this.#take(answer);
    this.calendar.forget();
    return { checked: this.desk.take(FILE, answer.text) };
  }

  /** The desk's check has spoken: errors stand at the fields, and the page waits until they are mended. */
  check(findings) {
    this.findings = findings;
    this.#showFindings();
  }

  #showFindings() {
    if (!this.values) return;
    const fields = this.campaigns.find((one) => one.id === this.id)?.fields ?? [];
    const lines = new Set(fields.map((one) => one.line));
    showAtFields(this.findings.filter((one) => one.file.endsWith(FILE) && (one.rule === this.id || lines.has(one.line))), fields);
  }

  #ask(value) {
    this.looked = this.#askFor(value);
    return this.looked;
  }

  async #askFor(value) {
    this.#turn();
    by("page-query").value = value;
    const at = value.indexOf(":");
    const [kind, name] = [value.slice(0, at), value.slice(at + 1)];
    if (at < 0) return undefined;
    try {
      if (kind === "sample") this.query = { photo: await base64(await (await fetch(`/samples/${name}`)).blob()) };
      else this.query = kind === "category" ? { category: name } : { product_id: name };
    } catch {
      return showProblem(new Error(label("lost")));
    }
    return this.look();
  }

  async #offerLogged() {
    try {
      const { pages } = await admin(`${this.desk.market().id}/rules:preview`, { files: {}, logged: LOGGED });
      by("logged-searches").replaceChildren(...pages.map((page) => node("option", { value: `product:${page.query}` }, page.times > 1 ? `${page.title} (${label("s_times", { n: page.times })})` : page.title)));
      by("page-status").textContent = pages.length ? label("f_logged_here", { n: pages.length }) : label("s_none_logged");
      by("page-query").focus();
    } catch (error) {
      showProblem(error);
    }
  }

  /** The chosen search under the rules in force and under the draft: the path of every preview. */
  look() {
    this.looked = this.#look();
    return this.looked;
  }

  async #look() {
    if (!this.query || this.view !== "page") return;
    if (this.findings.some((one) => one.severity === "error")) {
      by("page-note").textContent = label("f_mend_first");
      return;
    }
    const asked = Symbol("asked");
    this.asked = asked;
    by("live").setAttribute("aria-busy", "true");
    try {
      const day = by("page-day").value || null;
      const { pages } = await admin(`${this.desk.market().id}/rules:preview`, { files: this.desk.files(), day, ...this.query });
      await letGo();
      if (this.asked !== asked) return;
      [this.page] = pages;
      by("page-note").textContent = label(this.page.changed ? "s_differs" : "s_same");
      this.#drawPage();
    } catch (error) {
      showProblem(error);
    } finally {
      if (this.asked === asked) by("live").removeAttribute("aria-busy");
    }
  }

  async #loadCalendar(first, last) {
    try {
      return await admin(`${this.desk.market().id}/rules:calendar`, { files: this.desk.files(), first, last });
    } catch (error) {
      showProblem(error);
      return null;
    }
  }
}
