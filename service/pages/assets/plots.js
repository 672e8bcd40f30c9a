// Intervals as SVG: a forest plot by marketplace, and how the pooled interval narrowed over time.

import { drawn } from "./dom.js";

const ROW = 30;
const WIDTH = 640;
const LEFT = 150;
const RIGHT = 130;
const percent = { format: (value) => new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" }).format(value) };

/** A scale that always holds 0 and never lets one wide interval hide the others. */
function scale(values, from, to) {
  const finite = values.filter(Number.isFinite);
  const most = Math.min(1, Math.max(0.02, ...finite.map(Math.abs))) * 1.1;
  const at = (value) => from + ((Math.max(-most, Math.min(most, value)) + most) / (2 * most)) * (to - from);
  return { at, most };
}

function ticks(most) {
  const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((one) => most / one <= 4) || 0.5;
  const count = Math.floor(most / step);
  return Array.from({ length: 2 * count + 1 }, (_, i) => (i - count) * step);
}

/** One row a marketplace, the pooled one last and bold. */
export function forest(estimates, nameOf, title) {
  const rows = [...estimates].sort((a, b) => Number(a.marketplace === "all") - Number(b.marketplace === "all"));
  const { at, most } = scale(rows.flatMap((row) => [row.low, row.high]), LEFT, WIDTH - RIGHT);
  const height = ROW * rows.length + 40;
  const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": `${title}: ${rows.map((r) => `${nameOf(r.marketplace)} ${said(r)}`).join("; ")}`, class: "plot" });
  for (const tick of ticks(most)) {
    svg.append(drawn("line", { x1: at(tick), x2: at(tick), y1: 6, y2: height - 26, class: Math.abs(tick) < 1e-9 ? "zero" : "grid" }));
    svg.append(text(at(tick), height - 8, percent.format(tick), "middle", "tick"));
  }
  rows.forEach((row, i) => {
    const y = ROW * i + 22;
    const kind = row.low > 0 ? "up" : row.high < 0 ? "down" : "unsure";
    const group = drawn("g", { class: `${kind}${row.marketplace === "all" ? " whole" : ""}` });
    group.append(text(LEFT - 14, y + 4, nameOf(row.marketplace), "end", "name"));
    group.append(drawn("line", { x1: at(row.low), x2: at(row.high), y1: y, y2: y, class: "interval" }));
    group.append(row.marketplace === "all" ? drawn("path", { d: `M${at(row.lift) - 7} ${y}l7 -7l7 7l-7 7z`, class: "point" }) : drawn("circle", { cx: at(row.lift), cy: y, r: 5, class: "point" }));
    group.append(text(WIDTH - RIGHT + 12, y + 4, percent.format(row.lift), "start", "value"));
    svg.append(group);
  });
  return svg;
}

/** The pooled lift at the end of each day, with its interval as a band. */
export function overTime(points, title) {
  const height = 220;
  const shown = points.filter((p) => Number.isFinite(p.low) && Number.isFinite(p.high));
  const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": `${title}: ${shown.map((p) => `${p.day} ${said(p)}`).join("; ")}`, class: "plot" });
  if (!shown.length) return svg;
  const { at, most } = scale(shown.flatMap((p) => [p.low, p.high]), height - 30, 12);
  const x = (i) => 60 + (shown.length === 1 ? 0.5 : i / (shown.length - 1)) * (WIDTH - 90);
  for (const tick of ticks(most)) {
    svg.append(drawn("line", { x1: 60, x2: WIDTH - 30, y1: at(tick), y2: at(tick), class: Math.abs(tick) < 1e-9 ? "zero" : "grid" }));
    svg.append(text(52, at(tick) + 4, percent.format(tick), "end", "tick"));
  }
  const upper = shown.map((p, i) => `${x(i)},${at(p.high)}`);
  const lower = shown.map((p, i) => `${x(i)},${at(p.low)}`).reverse();
  svg.append(drawn("polygon", { points: [...upper, ...lower].join(" "), class: "band" }));
  svg.append(drawn("polyline", { points: shown.map((p, i) => `${x(i)},${at(p.lift)}`).join(" "), class: "curve" }));
  shown.forEach((p, i) => svg.append(drawn("circle", { cx: x(i), cy: at(p.lift), r: 3.5, class: "dot" }, drawn("title", {}, `${p.day}: ${said(p)}`))));
  svg.append(text(60, height - 6, shown[0].day, "start", "tick"));
  if (shown.length > 1) svg.append(text(WIDTH - 30, height - 6, shown.at(-1).day, "end", "tick"));
  return svg;
}

export const said = (row) => `${percent.format(row.lift)} (${percent.format(row.low)} – ${percent.format(row.high)})`;

function text(x, y, value, anchor, kind) {
  return drawn("text", { x, y, "text-anchor": anchor, class: kind }, value);
}
