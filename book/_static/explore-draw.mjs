// What both drawings share: numbers as the book writes them, scales, and text that fits.

const MINUS = "\u2212";
// At most so far beyond the estimates, in spans of them, an interval stretches the scale.
const REACH = 1.25, MARGIN = 0.05;
const LADDERS = [[1], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]];
const STEPS = [1, 2, 2.5, 5, 10], MOST_TICKS = 6;

export const escaped = (text) => String(text).replace(/[&<>"]/g,
  (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

// Write a number with a true minus and commas, to `digits` decimals or as it is.
export function number(value, digits) {
  if (value === null || value === undefined) return "not estimable";
  const places = digits === undefined ? { maximumFractionDigits: 10 }
    : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return Math.abs(value).toLocaleString("en-GB", places).replace(/^/, value < 0 ? MINUS : "");
}

export function interval(low, high, digits) {
  return `${number(low, digits)} to ${number(high, digits)}`;
}

// Return how many decimals a number of its size has in the book.
export function decimals(value) {
  const size = Math.abs(value ?? 0);
  if (size >= 1) return size >= 1000 ? 0 : 1;
  return size === 0 ? 1 : Math.min(4, 1 - Math.floor(Math.log10(size)));
}

// Return the least and the greatest value shown, as analysis/figures/scale.py does.
export function limits(core, spans, nought, log) {
  const to = log ? Math.log : Number, back = log ? Math.exp : Number;
  const fixed = [...core, ...(nought === null ? [] : [nought])].map(to);
  let low = Math.min(...fixed), high = Math.max(...fixed);
  const ends = spans.map(([a, b]) => [to(a), to(b)]).filter((pair) => pair.every(Number.isFinite));
  const widths = ends.map(([a, b]) => b - a).sort((a, b) => a - b);
  const reach = REACH * Math.max(high - low, widths[(widths.length - 1) >> 1] ?? 0);
  const near = ends.flat().filter((end) => low - reach <= end && end <= high + reach);
  [low, high] = [Math.min(low, ...near), Math.max(high, ...near)];
  const room = MARGIN * (high - low || 1);
  return [back(low - room), back(high + room)];
}

// Return what puts a value on a line from `start` to `end`, and whether it lies beyond.
export function scaled([low, high], log, start, end) {
  const to = log ? Math.log : Number, [from, till] = [to(low), to(high)];
  return (value) => {
    const part = (to(value) - from) / (till - from);
    return start + Math.min(Math.max(Number.isNaN(part) ? 0 : part, 0), 1) * (end - start);
  };
}

export function ticks([low, high], log) {
  for (const ladder of log ? LADDERS : []) {
    const found = rungs(ladder, low, high);
    if (found.length >= 3 && found.length <= MOST_TICKS) return found;
  }
  const rough = (high - low) / (MOST_TICKS - 1), ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * STEPS.find((one) => one * ten >= rough);
  const first = Math.ceil(low / step), n = Math.floor(high / step) - first + 1;
  return Array.from({ length: n }, (_, at) => Number(((first + at) * step).toPrecision(10)));
}

function rungs(ladder, low, high) {
  const found = [];
  for (let ten = Math.floor(Math.log10(low)); ten <= Math.log10(high); ten++) {
    found.push(...ladder.map((rung) => Number((rung * 10 ** ten).toPrecision(10))));
  }
  return found.filter((value) => value >= low && value <= high);
}

let pen = null;
// Cut a text to a width in px, in the type that figures are set in.
export function fitted(text, width, size = 12) {
  pen ??= document.createElement("canvas").getContext("2d");
  pen.font = `${size}px "QOF Sans", sans-serif`;
  if (pen.measureText(text).width <= width) return text;
  let least = 0, most = text.length;
  while (least < most) {
    const middle = (least + most + 1) >> 1;
    if (pen.measureText(`${text.slice(0, middle)}…`).width <= width) least = middle;
    else most = middle - 1;
  }
  return `${text.slice(0, least).trimEnd()}…`;
}
