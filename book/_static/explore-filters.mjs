// The filters: a box for words and, for each facet, its options to tick with how many rows each has.

import { escaped, number } from "./explore-draw.mjs";

// Build the filters into `root`; `changed` is called after `state.words` or `state.facets` changed.
export function filters(root, table, state, changed) {
  root.innerHTML = '<label class="qof-field">Words <input type="search" autocomplete="off"></label>'
    + table.facets.map(facetHtml).join("") + '<button type="button" class="qof-button qof-clear">Clear all filters</button>';
  const words = root.querySelector("input[type=search]"), clear = root.querySelector(".qof-clear");
  const boxes = table.facets.map((facet) => [...root.querySelectorAll(`[data-facet="${facet.name}"] input`)]);

  function fit() {
    words.value = state.words;
    table.facets.forEach(({ name, options }, at) => {
      const codes = state.facets[name] ?? [];
      options.forEach(([code], n) => { boxes[at][n].checked = codes.includes(code); });
    });
    labels();
  }
  function labels() {
    for (const { name, options } of table.facets) {
      const codes = state.facets[name] ?? [], first = options.find(([code]) => code === codes[0])?.[1];
      root.querySelector(`[data-facet="${name}"] summary span`).textContent = !codes.length ? "any" : codes.length === 1 ? first : `${codes.length} chosen`;
    }
    clear.disabled = !state.words && !Object.keys(state.facets).length;
  }
  function tick({ target }) {
    const box = target.closest("[data-facet]");
    if (!box) return;
    const at = table.names.get(box.dataset.facet), { name, options } = table.facets[at];
    const codes = options.filter((_, n) => boxes[at][n].checked).map(([code]) => code);
    const { [name]: _, ...others } = state.facets;
    state.facets = codes.length ? { ...others, [name]: codes } : others;
    labels(); changed();
  }
  root.addEventListener("change", tick);
  words.addEventListener("input", () => { state.words = words.value; labels(); changed(); });
  clear.addEventListener("click", () => { Object.assign(state, { words: "", facets: {} }); fit(); changed(); words.focus(); });
  closing(root);
  fit();
  return { fit, count: (counts) => table.facets.forEach((_, at) => boxes[at].forEach((box, n) => {
    const text = number(counts[at][n]), place = box.parentElement.lastElementChild;
    if (place.textContent === text) return;
    place.textContent = text;
    box.parentElement.classList.toggle("qof-none", text === "0");
  })) };
}

function facetHtml({ name, label, options }) {
  const list = options.map(([, text]) => `<label><input type="checkbox"><span>${escaped(text)}</span><span class="qof-n"></span></label>`).join("");
  return `<details class="qof-facet" data-facet="${name}"><summary>${escaped(label)} <span>any</span></summary>`
    + `<fieldset><legend class="qof-unseen">${escaped(label)}</legend>${list}</fieldset></details>`;
}

// One list is open at a time; Escape, or a press elsewhere, closes it.
function closing(root) {
  const open = () => root.querySelector("details[open]");
  root.addEventListener("toggle", ({ target }) => {
    if (target.open) for (const one of root.querySelectorAll("details[open]")) if (one !== target) one.open = false;
  }, true);
  document.addEventListener("click", ({ target }) => { if (open() && !target.closest(".qof-facet")) open().open = false; });
  root.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !open()) return;
    const summary = open().querySelector("summary");
    open().open = false;
    summary.focus();
  });
}
