// What becomes of a finding under a reader's choices: looked up in what Python computed.
// The form of the data is told in analysis/findings/robust_compact.py.

// Return the choices as they arise: one that does not is "", one not chosen is the usual.
export function settle(finding, wanted = {}) {
  const chosen = {};
  for (const choice of finding.choices) {
    const known = choice.options.some(([code]) => code === wanted[choice.name]);
    chosen[choice.name] = !arises(choice, chosen) ? "" : known ? wanted[choice.name] : choice.usual;
  }
  return chosen;
}

export function arises(choice, chosen) {
  return Object.entries(choice.only_with).every(([name, codes]) => codes.includes(chosen[name]));
}

// Return which set of rows and which way of analysing them the choices come to.
export function placeOf(finding, chosen) {
  const rows = finding.choices.filter((choice) => choice.filters);
  const at = rows.reduce((place, choice) => place * choice.options.length
    + choice.options.findIndex(([code]) => code === chosen[choice.name]), 0);
  const codes = finding.choices.filter((choice) => !choice.filters).map((choice) => chosen[choice.name]);
  const way = finding.ways.findIndex((one) => one.every((code, n) => code === codes[n]));
  return { set: finding.kept[at], way };
}

// Return the result under the choices, the counts of the rows, and the place on the curve.
// `result` is null where there is none, and `reason` says why; `curve` is null for listed findings.
export function lookUp(finding, wanted = {}) {
  const chosen = settle(finding, wanted), { set, way } = placeOf(finding, chosen);
  const counts = named(finding.counts, finding.sets[set]);
  if (!finding.results.length) return { chosen, counts, result: null, reason: "", curve: null };
  const found = finding.results[set][way], place = set * finding.ways.length + way;
  const result = Array.isArray(found) ? named(finding.columns, found) : null;
  const curve = curveOf(finding, chosen), at = curve.places.indexOf(place);
  return { chosen, counts, result, curve, at, place,
    reason: result ? "" : finding.reasons[found],
    rank: at < 0 ? null : curve.ranks[at], of: curve.places.length };
}

function named(names, values) {
  return Object.fromEntries(names.map((name, at) => [name, values[at]]));
}

function curveOf(finding, chosen) {
  return finding.curves.find(({ codes }) => Object.entries(codes).every(([name, code]) => chosen[name] === code));
}

// Return every estimate of a curve with its interval, lowest first.
export function drawn(finding, curve) {
  const n = finding.ways.length;
  return curve.places.map((place) => named(finding.columns, finding.results[Math.floor(place / n)][place % n]));
}

// Return the choices that differ from the finding's own, as [label, option].
export function changed(finding, chosen) {
  const usual = settle(finding);
  return finding.choices.filter(({ name }) => chosen[name] && chosen[name] !== usual[name])
    .map(({ name, label, options }) => [label, options.find(([code]) => code === chosen[name])[1]]);
}
