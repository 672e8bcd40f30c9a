// One experiment: its verdict, checks, lifts with intervals by marketplace and over time.

import { node } from "./dom.js";
import { csv, save } from "./csv.js";
import { label } from "./labels.js";
import { forest, overTime, said } from "./plots.js";

const POOLED = "all";

export function reportView(report, nameOf) {
  const place = (id) => (id === POOLED ? label("e_all") : nameOf(id));
  const pairs = [...new Set(report.estimates.map((e) => `${e.metric}\n${e.variant}`))].map((pair) => pair.split("\n"));
  return [
    node("p", { class: "verdict" }, report.verdict),
    node("p", { class: "meta" }, `${label("e_would_change")} ${report.would_change}`),
    checks(report),
    ...(pairs.length ? pairs.map(([metric, variant]) => figure(report, metric, variant, place)) : [node("p", { class: "meta" }, label("e_no_data"))]),
    report.estimates.length ? table(report, place) : "",
    report.estimates.length ? node("div", { class: "buttons" }, node("button", { type: "button", onclick: () => save(`${report.key}.csv`, csv(rows(report))) }, label("e_csv"))) : "",
  ];
}

/** Every estimate of the report and of each day, one row each. */
export function rows(report) {
  const last = report.over_time.at(-1)?.day || "";
  return [
    ...report.estimates.map((e) => ({ day: last, ...e })),
    ...report.over_time.slice(0, -1).flatMap(({ day, estimates }) => estimates.map((e) => ({ day, ...e }))),
  ];
}

function checks(report) {
  const units = Object.entries(report.counts).map(([key, n]) => `${key} ${n.toLocaleString()}`).join(" · ");
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
        ...[e.units.toLocaleString(), number.format(e.control), number.format(e.treatment), percent.format(e.lift), `${percent.format(e.low)} – ${percent.format(e.high)}`, e.adjusted_p.toPrecision(2)].map((value) => node("td", { class: "number" }, value)))))));
}
