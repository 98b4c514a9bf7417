// A simple chart of two columns: bars or a line, as SVG. The table beside it holds the same numbers.
import { fill, h, lang, svg } from "../dom.js";
import { isNumeric, number } from "./table.js";

const MOST_BARS = 40;
const MOST_POINTS = 500;
const WIDTH = 720;
const ROW = 26;
const HEIGHT = 300;
const format = new Intl.NumberFormat(lang);

/** Fields to choose a chart with, and the chart, of an answer's rows. */
export function chart(place, { columns, rows }, words) {
  const numeric = columns.filter((column) => isNumeric(rows, column));
  const others = columns.filter((column) => !numeric.includes(column));
  if (!rows.length || !columns.length) return place.replaceChildren();
  const select = (id, label, options, chosen) => {
    const field = h("select", { id }, options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
    return [field, h("label", { for: id }, label, " ", field)];
  };
  const same = (names) => names.map((name) => [name, name]);
  const [kind, kindLabel] = select("chart-kind", words.chart_kind, [["bar", words.chart_bar], ["line", words.chart_line]], "bar");
  const [of, ofLabel] = select("chart-of", words.chart_of, same([...others, ...numeric]), telling(others, rows) ?? numeric[0]);
  const [by, byLabel] = select("chart-by", words.chart_by, [...same(numeric), ["", words.chart_rows]], numeric[0] ?? "");
  const drawing = h("div", { class: "query-drawing", tabindex: 0, role: "region", "aria-label": words.chart });
  const draw = () => drawing.replaceChildren(...drawn(points(rows, of.value, by.value), kind.value, words, by.selectedOptions[0].textContent, of.value));
  const box = h("details", { class: "query-more" }, h("summary", {}, words.chart),
    h("div", { class: "fields" }, kindLabel, ofLabel, byLabel), drawing);
  for (const field of [kind, of, by]) field.addEventListener("change", draw);
  box.addEventListener("toggle", () => box.open && draw());
  place.replaceChildren(box);
}

/** The first column that tells rows apart. */
function telling(columns, rows) {
  return columns.find((column) => new Set(rows.map((row) => row[column]?.value)).size > 1) ?? columns[0];
}

/** [label, number] for each row, or for each label how many rows have it. */
function points(rows, of, by) {
  if (by) return rows.map((row) => [row[of]?.value ?? "", number(row[by])]).filter(([, value]) => !Number.isNaN(value));
  const counts = new Map();
  for (const row of rows) counts.set(row[of]?.value ?? "", (counts.get(row[of]?.value ?? "") ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function drawn(all, kind, words, by, of) {
  if (!all.length) return [h("p", { class: "soft" }, words.chart_none)];
  const most = kind === "bar" ? MOST_BARS : MOST_POINTS;
  const shown = all.slice(0, most);
  const told = fill(words.chart_said, { kind: kind === "bar" ? words.chart_bar : words.chart_line, by, of });
  const picture = kind === "bar" ? bars(shown, told) : line(shown, told);
  return [picture, all.length > most && h("p", { class: "soft small" }, fill(words.chart_part, { shown: most, all: all.length }))].filter(Boolean);
}

function scale(values) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  return { low, span: high - low || 1 };
}

function bars(points, told) {
  const left = 220;
  const right = 70;
  const { low, span } = scale(points.map(([, value]) => value));
  const x = (value) => left + ((value - low) / span) * (WIDTH - left - right);
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${points.length * ROW + 8}`, role: "img", "aria-label": told, class: "chart" },
    points.map(([label, value], at) => {
      const y = at * ROW + 4;
      const [from, to] = [x(0), x(value)].sort((a, b) => a - b);
      return svg("g", {}, svg("title", {}, `${label}: ${format.format(value)}`),
        svg("text", { x: left - 8, y: y + 16, "text-anchor": "end" }, label.length > 30 ? `${label.slice(0, 29)}…` : label),
        svg("rect", { x: from, y: y + 3, width: Math.max(1, to - from), height: ROW - 8, rx: 2 }),
        svg("text", { x: to + 6, y: y + 16, class: "value" }, format.format(value)));
    }));
}

function line(points, told) {
  const [left, right, top, bottom] = [64, 16, 12, 44];
  const { low, span } = scale(points.map(([, value]) => value));
  const x = (at) => left + (points.length > 1 ? at / (points.length - 1) : 0.5) * (WIDTH - left - right);
  const y = (value) => HEIGHT - bottom - ((value - low) / span) * (HEIGHT - top - bottom);
  const every = Math.ceil(points.length / 8);
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": told, class: "chart" },
    [low, low + span / 2, low + span].map((value) => [
      svg("line", { x1: left, x2: WIDTH - right, y1: y(value), y2: y(value), class: "rule" }),
      svg("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end", class: "value" }, format.format(Math.round(value * 100) / 100))]),
    svg("path", { d: `M${points.map(([, value], at) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("L")}`, class: "trace" }),
    points.map(([label, value], at) => svg("circle", { cx: x(at), cy: y(value), r: points.length > 60 ? 1.5 : 4 }, svg("title", {}, `${label}: ${format.format(value)}`))),
    points.map(([label], at) => at % every === 0 && svg("text", { x: x(at), y: HEIGHT - bottom + 20, "text-anchor": "middle" }, label.length > 14 ? `${label.slice(0, 13)}…` : label)));
}
