// The forest of the rows a reader sees: one measure in one unit, never two on one axis.

import { escaped, fitted, interval, limits, number, scaled, ticks } from "./explore-draw.mjs";

export const MOST = 30;
const NARROW = 560, HEAD = 30, FOOT = 22, PAD = 6;

// Return which panels the rows have, the commonest first, as [panel, how many].
export function panelsOf(table, rows) {
  const counts = new Uint32Array(table.panels.length);
  for (const row of rows) if (table.columns.panel[row] >= 0) counts[table.columns.panel[row]]++;
  return [...counts.keys()].filter((at) => counts[at]).map((at) => [at, counts[at]])
    .sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

// Return the drawing of the first `most` rows of a panel in their order, as SVG, with its words.
export function forest(table, rows, panel, width, most = MOST) {
  const all = rows.filter((row) => table.columns.panel[row] === panel), drawn = all.slice(0, most);
  const marks = drawn.map((row) => mark(table, row)), { label, log, null: nought } = table.panels[panel];
  const core = marks.map((one) => one.value), spans = marks.filter((one) => one.ends).map((one) => one.ends);
  const range = limits(core, spans, nought, log), place = layout(width, drawn.length);
  const across = scaled(range, log, place.left, place.right);
  const scale = axis(range, log, nought, place, across, log ? `${label} (log scale)` : label);
  const lines = marks.map((one, at) => line(one, place.top + at * place.row, place, across, range, log));
  const said = words(label, marks, all.length, range);
  const svg = `<svg class="qof-drawn" viewBox="0 0 ${width} ${place.height}" width="${width}"`
    + ` height="${place.height}" style="aspect-ratio:${width}/${place.height}" role="img" aria-label="${escaped(said)}">${scale}${lines.join("")}</svg>`;
  return { svg, said, drawn: drawn.length, total: all.length };
}

function mark(table, row) {
  const { columns } = table, low = columns.ci_low[row], high = columns.ci_high[row];
  return { label: columns.label[row], what: columns.what[row], value: columns.estimate[row],
    ends: low === null || high === null ? null : [low, high], better: columns.better[row],
    confidence: columns.interval_kind[row] === "confidence", gap: columns.kind_of_figure[row] === "contrast" };
}

function layout(width, n) {
  const narrow = width < NARROW, numbers = narrow ? 132 : 168, row = narrow ? 40 : 24;
  const left = narrow ? PAD : Math.round(Math.min(0.44 * width, 400));
  return { narrow, row, left, right: width - numbers - PAD, top: HEAD, width,
    bottom: HEAD + n * row, height: HEAD + n * row + FOOT };
}

function axis(range, log, nought, place, across, label) {
  const { top, bottom, left } = place, marks = ticks(range, log).map((value) => {
    const x = across(value).toFixed(1);
    return `<path class="hair" d="M${x} ${top - 4}V${bottom}"/>`
      + `<text class="soft" x="${x}" y="${bottom + 15}" text-anchor="middle">${number(value)}</text>`;
  });
  const zero = nought === null ? "" : `<path class="rule" d="M${across(nought).toFixed(1)} ${top - 4}V${bottom}"/>`;
  return `<text class="name" x="${place.narrow ? PAD : left}" y="14">${escaped(label)}</text>${marks.join("")}${zero}`;
}

function line(one, top, place, across, range, log) {
  const middle = top + (place.narrow ? 28 : place.row / 2), base = middle + 4;
  const room = place.narrow ? place.width - 2 * PAD : place.left - 14, text = `${fitted(one.label, 0.45 * room)}: ${one.what}`;
  const digits = Math.max(...[one.value, ...(one.ends ?? [])].map(places));
  const ends = one.ends ? ` (${interval(...one.ends, digits)})` : "";
  const way = { higher: " →", lower: " ←" }[one.better] ?? "";
  return `<g><text x="${place.narrow ? PAD : 0}" y="${place.narrow ? top + 13 : base}">${escaped(fitted(text, room))}</text>`
    + (one.ends ? whisker(one, middle, across, range, log) : "") + glyph(one, across(one.value), middle)
    + `<text x="${place.width}" y="${base}" text-anchor="end">${escaped(fitted(number(one.value, digits) + ends, place.narrow ? 118 : 152))}${way}</text></g>`;
}

// As many decimals as the number was printed with; the numbers of a row have those of the longest.
const places = (value) => String(value).split(".")[1]?.length ?? 0;

// An interval that leaves the scale ends in an arrow; one that is no confidence interval is broken.
function whisker({ ends: [low, high], confidence }, y, across, [least, most], log) {
  const [from, to] = [across(low), across(high)], off = log && low <= 0;
  const arrow = (x, way) => `M${x + 5 * way} ${y - 4}L${x} ${y}L${x + 5 * way} ${y + 4}`;
  const tips = (off || low < least ? arrow(from, 1) : "") + (high > most ? arrow(to, -1) : "");
  const kind = confidence ? "" : " broken";
  return `<path class="span${kind}" d="M${from.toFixed(1)} ${y}H${to.toFixed(1)}"/>${tips && `<path class="span" d="${tips}"/>`}`;
}

// Square: a change or level; triangle: a gap between groups. Hollow: without an interval.
function glyph({ ends, gap }, x, y) {
  const shape = gap ? `M${x - 5} ${y + 4}H${x + 5}L${x} ${y - 5}Z` : `M${x - 4} ${y - 4}h8v8h-8z`;
  return `<path class="${ends ? "full" : "hollow"}" d="${shape}"/>`;
}

function words(label, marks, total, [low, high]) {
  const values = marks.map((one) => one.value), spans = marks.filter((one) => one.ends).length;
  const shownOf = marks.length < total ? `the first ${marks.length} of ${total} figures` : `${total} figures`;
  return `Forest of ${shownOf}, ${label}. They run from ${number(Math.min(...values))} to `
    + `${number(Math.max(...values))}; ${spans} have an interval. No average is drawn. The table below has each.`;
}
