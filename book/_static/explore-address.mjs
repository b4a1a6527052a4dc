// What a reader chose, as the part of the address behind "?", and back.

const OWN = new Set(["words", "sort", "unit", "page", "question"]);
const RULE = "rule.";

// Return the choices an address holds. What is no name of our own is a facet, or is not known.
export function read(search) {
  const found = new URLSearchParams(search), facets = {}, rules = {};
  for (const name of new Set(found.keys())) {
    if (name.startsWith(RULE)) rules[name.slice(RULE.length)] = found.get(name);
    else if (!OWN.has(name)) facets[name] = [...new Set(found.getAll(name))];
  }
  const sort = found.get("sort") ?? "";
  return { words: found.get("words") ?? "", facets, rules, sort: sort.replace(/^-/, ""),
    down: sort.startsWith("-"), unit: found.get("unit") ?? "", question: found.get("question") ?? "",
    page: Math.max(1, Number.parseInt(found.get("page") ?? "1", 10) || 1) };
}

// Return the address of the choices; what is as it was at first is left out.
export function write(state) {
  const made = new URLSearchParams();
  if (state.question) made.set("question", state.question);
  for (const [name, code] of Object.entries(state.rules)) made.set(RULE + name, code);
  if (state.words) made.set("words", state.words);
  for (const [name, codes] of Object.entries(state.facets)) for (const code of codes) made.append(name, code);
  if (state.sort) made.set("sort", (state.down ? "-" : "") + state.sort);
  if (state.unit) made.set("unit", state.unit);
  if (state.page > 1) made.set("page", String(state.page));
  const text = made.toString();
  return text && `?${text}`;
}

// Return the choices without what the data do not have, and how many of them that were.
export function known(state, { facets, table }) {
  const kept = {};
  let lost = 0;
  for (const [name, codes] of Object.entries(state.facets)) {
    const facet = facets.find((one) => one.name === name);
    const good = facet ? codes.filter((code) => facet.place.has(code)) : [];
    lost += codes.length - good.length;
    if (good.length) kept[name] = good;
  }
  const sort = table.some(([name]) => name === state.sort) ? state.sort : "";
  lost += Number(sort !== state.sort);
  return { state: { ...state, facets: kept, sort, down: state.down && Boolean(sort) }, lost };
}
