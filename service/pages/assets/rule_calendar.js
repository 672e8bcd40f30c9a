// Campaigns by day in the marketplace's time zone: a month, a list, and what holds on the chosen day.

import { by, node, repaint } from "./dom.js";
import { between, monthOf, plus, plusMonths, saying, weekStart, weeksOf } from "./days.js";
import { label } from "./labels.js";

const LANES = 4;
const LIST_MONTHS = 12;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** `load(first, last)` asks the server, `open(id)` opens a campaign in the form. */
export class RuleCalendar {
  constructor({ load, open }) {
    Object.assign(this, { load, open, day: "", today: "", mode: matchMedia("(max-width: 560px)").matches ? "list" : "month", shown: null, language: "en" });
    by("calendar-back").onclick = () => this.#go(plusMonths(this.day, -1));
    by("calendar-on").onclick = () => this.#go(plusMonths(this.day, 1));
    by("calendar-today").onclick = () => this.#go(this.today);
    for (const button of by("calendar-modes").querySelectorAll("button")) {
      button.onclick = () => {
        this.mode = button.dataset.mode;
        this.#go(this.day);
      };
    }
  }

  async show(language) {
    this.language = language;
    this.say = saying(language);
    if (!this.day) this.day = new Date().toISOString().slice(0, 10);
    await this.#go(this.day);
  }

  async #go(day, { focus = false } = {}) {
    const weeks = weeksOf(monthOf(day), weekStart(this.language));
    const last = this.mode === "list" ? plusMonths(`${monthOf(day)}-01`, LIST_MONTHS) : weeks.at(-1)[6];
    const fits = this.shown && this.shown.first === weeks[0][0] && this.shown.last === last && !this.stale;
    if (!fits) {
      const asked = Symbol("asked");
      this.asked = asked;
      const found = await this.load(weeks[0][0], last);
      if (!found || this.asked !== asked) return;
      this.shown = { ...found, first: weeks[0][0], last };
      this.stale = false;
      const begun = !this.today;
      this.today = found.today;
      if (begun && day !== this.today) return void (await this.#go(this.today));
    }
    this.day = day;
    this.#draw(weeks);
    if (focus) by("month").querySelector("[tabindex='0']")?.focus();
  }

  /** The draft changed: what is shown is asked anew when it is looked at. */
  forget() {
    this.stale = true;
  }

  restart() {
    Object.assign(this, { shown: null, today: "", day: "" });
  }

  #draw(weeks) {
    by("calendar-title").textContent = this.say.month(this.day);
    by("calendar-zone").textContent = label("c_zone", { zone: this.shown.time_zone });
    for (const button of by("calendar-modes").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.mode === this.mode));
    by("month").hidden = this.mode !== "month";
    by("agenda").hidden = this.mode !== "list";
    const dated = this.shown.campaigns.filter((one) => one.dated);
    if (this.mode === "month") this.#month(weeks, dated);
    else this.#agenda(dated);
    this.#panel();
    const always = this.shown.campaigns.filter((one) => !one.dated);
    by("always").replaceChildren(...(always.length ? [node("h3", {}, label("c_always")), node("ul", { class: "plain-list" }, ...always.map((one) => node("li", {}, this.#button(one))))] : []));
  }

  #month(weeks, dated) {
    const head = node("div", { role: "row", class: "week-head" }, ...weeks[0].map((day) => node("div", { role: "columnheader", class: "meta" }, this.say.weekday(day))));
    repaint(by("month"), head, ...weeks.map((week) => this.#week(week, dated)));
    by("month").setAttribute("aria-label", this.say.month(this.day));
  }

  #week(week, dated) {
    const [first, last] = [week[0], week[6]];
    const bars = dated.flatMap((one) => one.spans.filter((span) => span.first <= last && span.last >= first).map((span) => ({ one, from: Math.max(0, between(first, span.first)), to: Math.min(6, between(first, span.last)), begins: span.first >= first, ends: span.last <= last })));
    const lanes = [];
    for (const bar of bars.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
      bar.lane = lanes.findIndex((end) => end < bar.from);
      if (bar.lane < 0) bar.lane = lanes.push(-1) - 1;
      lanes[bar.lane] = bar.to;
    }
    const more = week.map((_, i) => bars.filter((bar) => bar.lane >= LANES && bar.from <= i && bar.to >= i).length);
    const lines = Math.min(LANES, lanes.length) + (lanes.length > LANES ? 1 : 0);
    return styled({ "--lanes": lines }, node("div", { role: "row", class: "week" },
      ...week.map((day) => this.#day(day)),
      node("div", { class: "bars", "aria-hidden": "true" },
        ...bars.filter((bar) => bar.lane < LANES).map((bar) => styled({ "grid-column": `${bar.from + 1} / ${bar.to + 2}`, "grid-row": bar.lane + 1 }, node("button", { type: "button", tabindex: -1, title: `${bar.one.id}: ${bar.one.reason}`, class: ["bar-of", bar.begins ? "begins" : "", bar.ends ? "ends" : "", bar.one.meets.length ? "meets" : "", bar.one.own ? "" : "inherited"].filter(Boolean).join(" "), onclick: () => this.#choose(bar.one) }, bar.one.id))),
        ...more.map((n, i) => (n ? styled({ "grid-column": i + 1, "grid-row": LANES + 1 }, node("span", { class: "meta more" }, `+${n}`)) : null)))));
  }

  #day(day) {
    const held = this.#on(day);
    const festivals = this.#festivals(day);
    const said = [this.say.day(day), ...festivals, label("c_campaigns", { n: held.length }), ...held.slice(0, 6).map((one) => one.id)].join(", ");
    return node("div", { role: "gridcell", class: ["day", monthOf(day) === monthOf(this.day) ? "" : "other", day === this.today ? "today" : "", day === this.day ? "chosen" : ""].filter(Boolean).join(" "), tabindex: day === this.day ? 0 : -1, "data-key": day, "data-day": day, "aria-selected": String(day === this.day), "aria-current": day === this.today ? "date" : null, "aria-label": said, onclick: () => this.#go(day, { focus: true }), onkeydown: (event) => this.#key(event, day) },
      node("span", { class: "day-number" }, this.say.number(day)), node("span", { class: "festival" }, festivals.join(" · ")));
  }

  #key(event, day) {
    const to = STEPS[event.key] ? plus(day, STEPS[event.key]) : { PageUp: () => plusMonths(day, -1), PageDown: () => plusMonths(day, 1), Home: () => `${monthOf(day)}-01`, End: () => plus(plusMonths(`${monthOf(day)}-01`, 1), -1) }[event.key]?.();
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      by("day-panel").querySelector("button")?.focus();
    } else if (to) {
      event.preventDefault();
      this.#go(to, { focus: true });
    }
  }

  #on(day) {
    return this.shown.campaigns.filter((one) => one.dated && one.spans.some((span) => span.first <= day && span.last >= day));
  }

  #festivals(day) {
    const base = this.language.split("-")[0];
    return this.shown.festivals.filter((one) => one.spans.some((span) => span.first <= day && span.last >= day)).map((one) => one.names[this.language] || one.names[base] || one.names.en || one.id);
  }

  #panel() {
    const held = this.#on(this.day);
    by("day-panel").replaceChildren(node("h3", {}, this.say.day(this.day)), ...this.#festivals(this.day).map((name) => node("p", { class: "festival" }, name)),
      held.length ? node("ul", { class: "plain-list" }, ...held.map((one) => node("li", {}, this.#button(one)))) : node("p", { class: "meta" }, label("c_none")));
  }

  #agenda(dated) {
    const rows = dated.flatMap((one) => one.spans.filter((span) => span.last >= `${monthOf(this.day)}-01`).map((span) => ({ one, span }))).toSorted((a, b) => a.span.first.localeCompare(b.span.first));
    repaint(by("agenda"), ...rows.map(({ one, span }) => node("li", {}, node("p", { class: "meta" }, this.say.span(span.first, span.last)), this.#button(one))));
    if (!rows.length) by("agenda").replaceChildren(node("li", { class: "meta" }, label("c_none")));
  }

  /** The campaign with what it meets; an inherited one is shown and not opened. */
  #button(one) {
    const meets = one.meets.length ? node("span", { class: "meets-note" }, label("c_meets", { names: one.meets.join(", ") })) : null;
    const head = one.own ? node("button", { type: "button", class: "quiet", "data-key": `open-${one.id}`, onclick: () => this.#choose(one) }, one.id) : node("span", {}, `${one.id} (${label("c_inherited")})`);
    return node("div", { class: "scheduled" }, head, node("span", { class: "meta" }, `${one.reason} · ${label("f_priority")} ${one.priority}`), meets);
  }

  #choose(one) {
    if (one.own) this.open(one.id);
  }
}

/** Places that are computed: set on the element, as the page's policy allows no style attribute. */
function styled(styles, element) {
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value);
  return element;
}
