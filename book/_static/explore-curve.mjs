// A strip of the specification curve: every analysis from the lowest, and where the reader stands.

import { drawn } from "./explore-lookup.mjs";
import { escaped, limits, number, scaled, ticks } from "./explore-draw.mjs";

const HEIGHT = 150, TOP = 12, BOTTOM = 138, LEFT = 52, RIGHT = 8;

// Return the strip as SVG. `own` and `here` are places on the curve, -1 where there is none.
export function strip(finding, curve, own, here, width) {
  const found = drawn(finding, curve), { log, null: nought } = finding;
  const range = limits(found.map((one) => one.estimate), found.map((one) => [one.ci_low, one.ci_high]), nought, log);
  const y = scaled(range, log, BOTTOM, TOP), step = (width - LEFT - RIGHT) / found.length;
  const x = (at) => LEFT + (at + 0.5) * step, half = Math.max(0.45 * step, 0.6);
  const spans = found.map((one, at) => `M${x(at).toFixed(1)} ${y(one.ci_low).toFixed(1)}V${y(one.ci_high).toFixed(1)}`);
  const points = found.map((one, at) => `M${(x(at) - half).toFixed(1)} ${y(one.estimate).toFixed(1)}h${(2 * half).toFixed(1)}`);
  const marks = (at, kind) => (at < 0 ? "" : pointer(x(at), y(found[at].estimate), kind));
  return `<svg class="qof-drawn" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" role="img"`
    + ` aria-label="${escaped(words(finding, curve, found, own, here))}">${axis(range, log, nought, y, width)}`
    + `<path class="bars" d="${spans.join("")}"/><path class="points" d="${points.join("")}"/>`
    + `${marks(own, "own")}${marks(here, "here")}</svg>`;
}

function axis(range, log, nought, y, width) {
  const lines = ticks(range, log).map((value) => `<path class="hair" d="M${LEFT} ${y(value).toFixed(1)}H${width - RIGHT}"/>`
    + `<text class="soft" x="${LEFT - 6}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${number(value)}</text>`);
  return `${lines.join("")}<path class="rule" d="M${LEFT} ${y(nought).toFixed(1)}H${width - RIGHT}"/>`;
}

// The book's own choice is a diamond, the reader's a ring: shape tells them apart, not colour.
function pointer(x, y, kind) {
  if (kind === "own") return `<path class="own" d="M${x} ${y - 7}l7 7l-7 7l-7-7z"/>`;
  return `<path class="here" d="M${x} ${TOP - 8}V${y - 10}M${x} ${y + 10}V${BOTTOM}"/><circle class="here" cx="${x}" cy="${y}" r="10"/>`;
}

function words(finding, curve, found, own, here) {
  const digits = finding.digits, at = (place) => number(found[place].estimate, digits);
  const stands = here < 0 ? "The choices made have no place on it." : `The choices made stand at ${at(here)}, rank ${curve.ranks[here]}.`;
  const book = own < 0 || own === here ? "" : ` The book's own stand at ${at(own)}, rank ${curve.ranks[own]}.`;
  return `Specification curve of ${found.length} distinct analyses, from ${at(0)} to ${at(found.length - 1)} ${finding.unit}. ${stands}${book}`;
}
