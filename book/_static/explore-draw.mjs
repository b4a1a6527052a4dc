// What both drawings share: numbers as the book writes them, scales, and text that fits.

const MINUS = "\u2212";
// At most so far beyond the estimates, in spans of them, an interval stretches the scale.
const REACH = 1.25, MARGIN = 0.05;
const LADDERS = [[1], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]];
const STEPS = [1, 2, 2.5, 5, 10], MOST_TICKS = 6;

// Let the browser answer its reader before more is made.
export const pause = () => globalThis.scheduler?.yield?.() ?? new Promise((done) => { setTimeout(done); });

// What is not on the screen is drawn in turn, while the browser is idle (see qof.css).
let turns = 0;
export async function inTurn(parts) {
  const turn = ++turns;
  for (const part of parts) part.classList.remove("qof-seen");
  for (const part of parts) {
    await new Promise((done) => { (globalThis.requestIdleCallback ?? setTimeout)(done, { timeout: 200 }); });
    if (turn === turns) part.classList.add("qof-seen");
  }
}

export const escaped = (text) => String(text).replace(/[&<>"]/g,
  (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

// Write a number with a true minus and commas, to `digits` decimals or as it is.
export function number(value, digits) {
  if (value === null || value === undefined) return "not estimable";
  return (value < 0 ? MINUS : "") + formatOf(digits).format(Math.abs(value));
}

// A format is dear to make and cheap to use: one is kept for each number of decimals.
const formats = new Map();
function formatOf(digits) {
  if (!formats.has(digits)) formats.set(digits, new Intl.NumberFormat("en-GB", digits === undefined
    ? { maximumFractionDigits: 10 } : { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  return formats.get(digits);
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
const cuts = new Map();
// Cut a text to a width in px, in the type that figures are set in. What was cut is kept until that
// type has come, and no letter is wider than the type is high.
export function fitted(text, width, size = 12) {
  if (text.length * size <= width) return text;
  const asked = `${size} ${width} ${text}`;
  if (!cuts.has(asked)) cuts.set(asked, cut(text, width, size));
  return cuts.get(asked);
}

function cut(text, width, size) {
  if (!pen) document.fonts.ready.then(() => cuts.clear());
  pen ??= document.createElement("canvas").getContext("2d");
  pen.font = `${size}px "QOF Sans", "QOF Sans Arial", sans-serif`;
  if (pen.measureText(text).width <= width) return text;
  let least = 0, most = text.length;
  while (least < most) {
    const middle = (least + most + 1) >> 1;
    if (pen.measureText(`${text.slice(0, middle)}…`).width <= width) least = middle;
    else most = middle - 1;
  }
  return `${text.slice(0, least).trimEnd()}…`;
}
