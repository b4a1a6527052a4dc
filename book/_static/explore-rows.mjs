// The effects in columns: which rows a reader's filters keep, in which order, and as CSV.
// Rows are kept, counted and sorted here; nothing is estimated.

// What the box for words is looked up in.
const SEARCHED = ["label", "what", "figure", "condition", "population", "reported_as", "study_id"];

// Make the content of api/effects.json ready: the codes of each facet become places in its options.
export function prepare(data) {
  return { ...data, facets: data.facets.map((facet) => coded(facet, data.columns[facet.name])),
    names: new Map(data.facets.map((facet, at) => [facet.name, at])), ranks: new Map(), texts: null };
}

function coded(facet, column) {
  const place = new Map(facet.options.map(([code], at) => [code, at]));
  const codes = facet.many ? column.map((all) => all.map((code) => place.get(code)))
    : Uint32Array.from(column, (code) => place.get(code));
  return { ...facet, codes, place };
}

// Return the rows that have all the words and, of each facet asked, one of the codes; and for each
// option of each facet how many rows there would be with it, all other filters as they are.
export function filtered(table, { words = "", facets = {} }) {
  const asked = table.facets.map((facet) => flags(facet, facets[facet.name]));
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = wanted.length ? textsOf(table) : null;
  const counts = table.facets.map((facet) => new Uint32Array(facet.options.length));
  const rows = [];
  for (let row = 0; row < table.n; row++) {
    if (texts && !wanted.every((word) => texts[row].includes(word))) continue;
    const missed = misses(table, asked, row);
    if (missed === NONE) {
      rows.push(row);
      table.facets.forEach((facet, at) => count(facet, counts[at], row));
    } else if (missed !== SEVERAL) count(table.facets[missed], counts[missed], row);
  }
  return { rows, counts };
}

const NONE = -1, SEVERAL = -2;

// Return the one facet that keeps a row out, NONE where none does.
function misses(table, asked, row) {
  let missed = NONE;
  for (let at = 0; at < asked.length; at++) {
    if (!asked[at] || fits(table.facets[at], asked[at], row)) continue;
    if (missed !== NONE) return SEVERAL;
    missed = at;
  }
  return missed;
}

function fits(facet, flagged, row) {
  const code = facet.codes[row];
  return facet.many ? code.some((one) => flagged[one]) : flagged[code] === 1;
}

function count(facet, counts, row) {
  const code = facet.codes[row];
  if (facet.many) for (const one of code) counts[one]++;
  else counts[code]++;
}

function flags(facet, codes) {
  if (!codes?.length) return null;
  const flagged = new Uint8Array(facet.options.length);
  for (const code of codes) if (facet.place.has(code)) flagged[facet.place.get(code)] = 1;
  return flagged;
}

function textsOf(table) {
  const columns = SEARCHED.map((name) => table.columns[name]).filter(Boolean);
  table.texts ??= Array.from({ length: table.n },
    (_, row) => columns.map((column) => column[row] ?? "").join(" ").toLowerCase());
  return table.texts;
}

// Return `rows` in the order of a column; rows alike keep the order they have in the table.
// What has no value goes last both ways, and units stay apart: numbers of two have no order.
export function sorted(table, rows, column, down = false) {
  if (!table.columns[column]) return rows;
  if (!table.ranks.has(column)) table.ranks.set(column, { groups: groupsOf(table, column), ranks: ranksOf(table, column) });
  const { groups, ranks } = table.ranks.get(column), sign = down ? -1 : 1;
  return rows.slice().sort((a, b) => groups[a] - groups[b] || sign * (ranks[a] - ranks[b]) || a - b);
}

function groupsOf(table, column) {
  if (column === "figure") return table.columns.panel.map((at) => (at < 0 ? table.panels.length : at));
  return table.columns[column].map((value) => (value === "" || value === null ? 1 : 0));
}

function ranksOf(table, column) {
  const keys = keysOf(table, column), ranks = new Uint32Array(table.n);
  const compare = (a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0);
  const order = Array.from({ length: table.n }, (_, row) => row).sort(compare);
  order.forEach((row, at) => { ranks[row] = at && !compare(order[at - 1], row) ? ranks[order[at - 1]] : at; });
  return ranks;
}

// Codes go in the order of their options.
function keysOf(table, column) {
  if (column === "figure") return table.columns.estimate.map((value) => value ?? 0);
  const facet = table.facets[table.names.get(column)];
  return facet && !facet.many ? facet.codes : table.columns[column].map((text) => String(text).toLowerCase());
}

// Return what readers see in a cell of the table.
export function shown(table, column, row) {
  const facet = table.facets[table.names.get(column)];
  return facet && !facet.many ? facet.options[facet.codes[row]][1] : String(table.columns[column][row] ?? "");
}

// Return how many studies and shared samples rows come from.
export function sources(table, rows) {
  const different = (name) => new Set(rows.map((row) => table.columns[name][row])).size;
  return { studies: different("study_id"), samples: different("sample_family") };
}

// Return rows as CSV (RFC 4180), every column with its provenance, and where the trail of each is.
export function csv(table, rows, trail = (id) => `trails.html#${id}`) {
  const names = Object.keys(table.columns).filter((name) => name !== "panel");
  const cells = (row) => [...names.map((name) => table.columns[name][row]), trail(table.columns.effect_id[row])];
  return [[...names, "trail"], ...rows.map(cells)].map((line) => line.map(quoted).join(",")).join("\r\n") + "\r\n";
}

function quoted(value) {
  const text = Array.isArray(value) ? value.join("; ") : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
