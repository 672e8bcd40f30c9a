// One experiment: its verdict, checks, lifts with intervals by marketplace and over time.

import { node } from "./dom.js";
import { label } from "./labels.js";
import { forest, overTime, said } from "./plots.js";
import { save } from "./saving.js";
import { text } from "./session.js";

const POOLED = "all";

export function reportView(report, nameOf) {
  const place = (id) => (id === POOLED ? label("e_all") : nameOf(id));
  const pairs = [...new Set(report.estimates.map((e) => `${e.metric}\n${e.variant}`))].map((pair) => pair.split("\n"));
  return [
    node("p", { class: "verdict" }, report.verdict),
    node("p", { class: "meta" }, `${label("e_would_change")} ${report.would_change}`),
    ...report.warnings.map((warning) => node("p", { class: "warning-line" }, warning)),
    checks(report),
    ...(pairs.length ? pairs.map(([metric, variant]) => figure(report, metric, variant, place)) : [node("p", { class: "meta" }, label("e_no_data"))]),
    interleaved(report.interleaving),
    novelty(report),
    report.estimates.length ? table(report, place) : "",
    report.estimates.length ? node("div", { class: "buttons" }, node("button", { type: "button", onclick: async () => save(`${report.key}.csv`, await text(`experiments/${encodeURIComponent(report.key)}/report.csv`), "text/csv") }, label("e_csv"))) : "",
  ];
}

/** Two rankings merged for one shopper: whose products were clicked more. */
function interleaved(found) {
  if (!found) return "";
  const wins = Object.entries(found.wins).map(([key, n]) => `${key} ${n.toLocaleString(document.documentElement.lang)}`).join(" · ");
  const row = { ...found, lift: found.preference, variant: "", marketplace: "all" };
  return node("figure", { class: "panel plots", "data-part": "interleaving" },
    node("figcaption", {}, node("strong", {}, label("e_interleaving")), node("span", { class: "meta" }, `${wins} · ${label("e_ties", { n: found.ties })} · ${said(row)}`)),
    node("div", { class: "plot-place" }, forest([row], () => label("e_preference"), label("e_interleaving"))));
}

/** The primary metric by how long a unit had been part of it: a lift that wears off is novelty. */
function novelty(report) {
  const rows = report.novelty.flatMap((age) => age.estimates.map((e) => ({ ...e, marketplace: age.until_day === null ? `${age.from_day}+` : `${age.from_day}–${age.until_day}` })));
  if (!rows.length) return "";
  return node("figure", { class: "panel plots", "data-part": "novelty" },
    node("figcaption", {}, node("strong", {}, label("e_novelty"))),
    node("div", { class: "plot-place" }, forest(rows, (days) => label("e_days_since", { days }), label("e_novelty"))));
}

function checks(report) {
  const units = Object.entries(report.counts).map(([key, n]) => `${key} ${n.toLocaleString(document.documentElement.lang)}`).join(" · ");
  const row = (name, value, good) => [node("dt", {}, name), node("dd", { class: good ? "good" : "bad" }, value)];
  return node("dl", { class: "checks" },
    ...row(label("e_units"), units, true),
    ...row(label("e_ratio"), `p = ${report.mismatch_p.toPrecision(2)}`, report.mismatch_p >= 0.001),
    ...row(label("e_twice"), String(report.twice), report.twice === 0),
    ...row(label("e_unjoined"), String(report.unjoined), true));
}

function figure(report, metric, variant, place) {
  const here = report.estimates.filter((e) => e.metric === metric && e.variant === variant);
  const points = report.over_time.flatMap(({ day, estimates }) => estimates.filter((e) => e.metric === metric && e.variant === variant).map((e) => ({ day, ...e })));
  const [{ role }] = here;
  const title = `${metric} · ${variant}`;
  const plots = [forest(here, place, title)];
  if (points.length > 1) plots.push(overTime(points, title));
  return node("figure", { class: "panel plots" },
    node("figcaption", {}, node("strong", {}, title), node("span", { class: `role ${role}` }, label(`e_${role}`)), node("span", { class: "meta" }, said(here.find((e) => e.marketplace === POOLED) || here[0]))),
    ...plots.map((plot) => node("div", { class: "plot-place" }, plot, node("button", { type: "button", class: "quiet", onclick: () => save(`${report.key}-${metric}-${variant}.svg`, new XMLSerializer().serializeToString(plot), "image/svg+xml") }, "SVG"))));
}

function table(report, place) {
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 2, signDisplay: "exceptZero" });
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 4 });
  const head = ["e_metric", "e_variant", "marketplace", "e_units", "e_control", "e_treatment", "e_lift", "e_interval", "e_p"];
  return node("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label("e_estimates") },
    node("table", {},
      node("thead", {}, node("tr", {}, ...head.map((name, i) => node("th", { scope: "col", class: i > 2 ? "number" : null }, label(name))))),
      node("tbody", {}, ...report.estimates.map((e) => node("tr", {},
        node("td", {}, e.metric), node("td", {}, e.variant), node("td", {}, place(e.marketplace)),
        ...[e.units.toLocaleString(document.documentElement.lang), number.format(e.control), number.format(e.treatment), percent.format(e.lift), `${percent.format(e.low)} – ${percent.format(e.high)}`, e.adjusted_p.toPrecision(2)].map((value) => node("td", { class: "number" }, value)))))));
}
