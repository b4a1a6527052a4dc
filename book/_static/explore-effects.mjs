// All effects: filters, forest, and the table that stood on the page, now paged and sorted.

import { csv, filtered, shown, sorted, sources } from "./explore-rows.mjs";
import { MOST, forest, panelsOf } from "./explore-forest.mjs";
import { escaped, inTurn, number, pause } from "./explore-draw.mjs";
import { filters } from "./explore-filters.mjs";

// Build the part; `state` as explore-address.mjs reads it, `say` is called after each change.
export async function effects(root, table, state, say) {
  const body = root.querySelector("tbody"), head = root.querySelector("thead tr"), holder = root.querySelector(".qof-explore-table");
  const page = Number(root.dataset.page);
  root.insertBefore(element(FRAME), holder);
  holder.after(element(PAGES));
  const at = (name) => root.querySelector(`.qof-${name}`), unit = at("unit"), sort = at("sort");
  let most = MOST, rows = [], standing = true;
  const picked = filters(at("filters"), table, state, () => { state.page = 1; most = MOST; show(); say(); });

  head.innerHTML = table.table.map(([name, text]) => `<th scope="col" data-column="${name}"><button type="button">${text}</button></th>`).join("");
  sort.innerHTML = `<option value="">as in the data</option>${table.table.map(([name, text]) =>
    `<option value="${name}">${text}</option><option value="-${name}">${text}, turned round</option>`).join("")}`;

  function choose() {
    const found = filtered(table, state);
    rows = sorted(table, found.rows, state.sort, state.down);
    picked.count(found.counts);
    tell();
  }
  function show() { choose(); list(); draw(); inTurn([at("forest"), holder]); }
  function tell() {
    const { studies, samples } = sources(table, rows);
    at("count").textContent = rows.length ? `${number(rows.length)} of ${number(table.n)} figures, from ${number(studies)} `
      + `${studies === 1 ? "study" : "studies"} and ${number(samples)} separate ${samples === 1 ? "sample" : "samples"}.` : "No figure fits all filters.";
  }
  function list() {
    const pages = Math.max(1, Math.ceil(rows.length / page));
    state.page = Math.min(state.page, pages);
    const first = (state.page - 1) * page, some = rows.slice(first, first + page);
    // What is asked at first stands on the page already.
    standing &&= some.length === body.rows.length && some.every((row, at) => row === at);
    if (!standing) body.innerHTML = some.map((row) => line(table, row)).join("");
    at("place").textContent = rows.length ? `${number(first + 1)} to ${number(first + some.length)} of ${number(rows.length)}` : "none";
    at("before").disabled = state.page === 1;
    at("after").disabled = state.page === pages;
    sort.value = state.sort && (state.down ? "-" : "") + state.sort;
    for (const one of head.children) one.ariaSort = one.dataset.column === state.sort ? (state.down ? "descending" : "ascending") : "none";
  }
  function draw() {
    const found = panelsOf(table, rows), key = ({ measure, unit: name }) => `${measure}:${name}`;
    const asked = found.find(([panel]) => key(table.panels[panel]) === state.unit) ?? found[0];
    unit.innerHTML = found.map(([panel, n]) => `<option value="${escaped(key(table.panels[panel]))}">${escaped(table.panels[panel].label)} (${number(n)})</option>`).join("");
    unit.disabled = !found.length;
    at("add").hidden = true;
    if (!asked) { at("forest").innerHTML = ""; at("how-many").textContent = "None of these figures is a single number that could be drawn."; return; }
    unit.value = key(table.panels[asked[0]]);
    const made = forest(table, rows, asked[0], Math.max(280, at("forest").clientWidth), most);
    at("forest").innerHTML = made.svg;
    at("add").hidden = made.drawn === made.total;
    const other = rows.length - made.total, lone = rows.filter((row) => table.columns.panel[row] < 0).length;
    at("how-many").textContent = `${made.drawn < made.total ? `First ${made.drawn} of ${number(made.total)} shown, in the order of the table` : `All ${number(made.total)} in this unit shown`}. `
      + (other ? `${number(other - lone)} are in other units and ${number(lone)} are no single number.` : "");
  }
  function turn(by) { state.page += by; list(); say(); holder.scrollIntoView({ block: "start" }); }
  function order(name, down) { Object.assign(state, { sort: name, down, page: 1 }); rows = sorted(table, filtered(table, state).rows, name, down); list(); draw(); say(); }

  head.addEventListener("click", ({ target }) => {
    const name = target.closest("th")?.dataset.column;
    if (name) order(name, state.sort === name && !state.down);
  });
  sort.addEventListener("change", () => order(sort.value.replace(/^-/, ""), sort.value.startsWith("-")));
  unit.addEventListener("change", () => { state.unit = unit.value; most = MOST; draw(); say(); });
  at("add").addEventListener("click", () => { most += 2 * MOST; draw(); });
  at("before").addEventListener("click", () => turn(-1));
  at("after").addEventListener("click", () => turn(1));
  at("save").addEventListener("click", () => save(csv(table, rows, (id) => new URL(`trails.html#${id}`, location.href).href),
    `qof-effects-${table.version}-${rows.length}-rows.csv`));
  choose();
  await pause();
  list();
  await pause();
  draw();
  inTurn([at("forest"), holder]);
  return { show, draw, rows: () => rows };
}

function line(table, row) {
  const [first, ...others] = table.table.map(([name]) => escaped(shown(table, name, row)));
  return `<tr><th scope="row"><a href="trails.html#${escaped(table.columns.effect_id[row])}">${first}</a></th>${others.map((text) => `<td>${text}</td>`).join("")}</tr>`;
}

function save(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function element(html) {
  return document.createRange().createContextualFragment(html);
}

const FRAME = '<div class="qof-filters"></div><p class="qof-count" role="status" aria-live="polite"></p>'
  + '<div class="qof-tools"><label class="qof-field">Draw <select class="qof-unit"></select></label></div>'
  + '<figure class="qof-strip"><div class="qof-forest"></div><figcaption><span class="qof-how-many"></span> '
  + "Square: a level, change or effect. Triangle: a gap between groups, which is no effect. Hollow: no interval. "
  + "Broken line: a range of scenarios, or the spread of other places. An arrow beside a number points to the better side. Nothing is averaged: papers share patients.</figcaption></figure>"
  + '<p><button type="button" class="qof-button qof-add" hidden>Draw more</button></p>'
  + '<div class="qof-tools"><label class="qof-field">Sort <select class="qof-sort"></select></label>'
  + '<button type="button" class="qof-button qof-save">Save these figures (CSV)</button></div>';
const PAGES = '<nav class="qof-tools qof-pages" aria-label="Pages of the table"><button type="button" class="qof-button qof-before">Before</button>'
  + '<span>Rows <span class="qof-place"></span></span><button type="button" class="qof-button qof-after">Next</button></nav>';
