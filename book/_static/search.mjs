// The book's search, over Sphinx's index: asked in a reader's own words, findings first.
// `Search`, `Scorer`, `stopwords` and `Stemmer` are those of Sphinx.

import { hold } from "./place.mjs";

// Words of questions, and words that stand on nearly every page: alone they would find all.
const FILLERS = `about affect affected all among any been better can could did do does doing done each effect effects end
  ended ends evidence from get go gone had happen happened happens has have having help helped how improve improved
  improves increase increased lead makes many mean means more much per qof reduce reduced reduces really say says
  should so some tell than them us were what when where which who why work worked works would you your`.split(/\s+/);
// What readers may ask for, and the words under which the book speaks of it.
const MEANT = {
  abolish: "stopped", afford: "cost", alternative: "localise", antidepressant: "depression", asian: "ethnic",
  balance: "autonomy", black: "ethnic", bonus: "incentive", bp: "blood", budget: "cost", bureaucracy: "workload",
  burnout: "satisfaction", burnt: "satisfaction", cash: "cost", chd: "coronary", cheaper: "cost",
  compromise: "shrink localise", copd: "chronic", coronavirus: "covid", crowding: "motivation", cvd: "heart",
  die: "deaths", died: "deaths", elderly: "older", equality: "inequality", equity: "inequality gap",
  ethnicity: "ethnic", expensive: "cost", gender: "women", glucose: "hba1c", gps: "gp", happiness: "satisfaction",
  holistic: "patient", hospital: "admissions", hospitalisation: "admissions", hospitalisations: "admissions",
  hypertension: "blood", iif: "investment", immunisation: "vaccination", jab: "vaccination", jabs: "vaccination",
  job: "satisfaction", lives: "deaths", morale: "satisfaction", mortality: "deaths", pay: "payment", pcn: "network",
  pcns: "network", physician: "gp", physicians: "gp", poor: "deprived", poverty: "deprived", price: "cost",
  race: "ethnic", randomised: "trial", rct: "trial", recruitment: "satisfaction", removal: "stopped",
  removing: "stopped", resign: "satisfaction", retention: "satisfaction", retire: "stopped satisfaction",
  safety: "harm", save: "cost", schizophrenia: "mental", scrap: "stopped", scrapped: "stopped", smi: "mental",
  staffing: "staff", stress: "satisfaction", sugar: "hba1c", suicide: "mental", turnover: "satisfaction",
  vaccine: "vaccination", vaccines: "vaccination", value: "cost", want: "satisfaction autonomy",
  withdrawal: "stopped", workforce: "staff",
};
// How much of what was asked a page must have to be shown: where few pages have all of it, and else.
const FEW = 5, LEAST = [0.4, 0.6], MOST = 30;
// Of a page so many letters are shown, at most so many of them before the first of the words.
const SHOWN = 260, ROOM = 90;
// A study's own figures, findings, terms, indicators, pages, and last the long lists of everything.
const PLACES = { glossary: 45, indicators: 35 };
const PAGES = { index: 4, explore: -15, trails: -20, references: -20, "search-and-screening": -20, links: -30 };
const CLUTTER = "h1, script, style, svg, button, summary, noscript, .headerlink, .cell_input, .qof-unseen, [role=tooltip]";
const BLOCKS = "p, li, dt, dd, th, td, h2, h3, h4, caption, figcaption, div";

// Words such as “constructor” are asked too: of these tables, not of what every object has.
const had = (object, name) => (Object.hasOwn(object, name) ? object[name] : undefined);
const stemmer = new Stemmer(), stem = (word) => stemmer.stemWord(word.toLowerCase());
const meant = new Map(Object.entries(MEANT).map(([asked, words]) => [stem(asked), words.split(" ").map(stem)]));
const fillers = new Set(FILLERS.map(stem));
Object.assign(Scorer, {
  score([page, , place, , score]) {
    // A place scores as high as a title only when its whole name was typed.
    if (place && score >= Scorer.title) return score + 85;
    // A study is found by its author's name, which findings mention too.
    if (place?.startsWith("#trail-")) return score + 62;
    return score + (page.startsWith("findings/") ? 60 : (place ? PLACES : PAGES)[page] ?? 0);
  },
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
});

// Return the pages with a word, as numbers, each with how well it fits; what the book says instead
// of a word fits nearly as well, parts of words where there is no other.
function pagesWith(word, index = Search._index) {
  const found = new Map(), put = (pages, score) => [pages ?? []].flat().forEach((page) => found.set(page, Math.max(score, found.get(page) ?? 0)));
  const whole = (one, less) => { put(had(index.terms, one), Scorer.term - less); put(had(index.titleterms, one), Scorer.title - less); };
  whole(word, 0);
  for (const other of meant.get(word) ?? []) whole(other, 1);
  if (found.size || word.length < 3) return found;
  for (const [terms, score] of [[index.terms, Scorer.partialTerm], [index.titleterms, Scorer.partialTitle]]) {
    for (const term in terms) if (term.startsWith(word)) put(terms[term], score);
  }
  return found;
}

// A word weighs more the fewer pages have it; a page falls back by the weight of what it has not.
Search.performTermsSearch = (asked, excluded) => {
  const index = Search._index, total = index.docnames.length, pages = new Map();
  const telling = [...asked].filter((word) => !fillers.has(word)), words = telling.length ? telling : [...asked];
  const lists = words.map((word) => pagesWith(word)).filter((list) => list.size);
  const weights = lists.map((list) => Math.log(1 + total / list.size)), all = weights.reduce((sum, one) => sum + one, 0);
  lists.forEach((list, at) => list.forEach((score, page) => {
    const [before, part] = pages.get(page) ?? [0, 0], weight = weights[at] / all;
    pages.set(page, [before + score * weight, part + weight]);
  }));
  for (const word of excluded) for (const page of pagesWith(word).keys()) pages.delete(page);
  const found = [...pages].sort(([, a], [, b]) => b[1] - a[1] || b[0] - a[0]), whole = found.filter(([, [, part]]) => part > 0.999).length;
  const least = LEAST[Number(whole >= FEW)];
  return found.filter(([, [, part]], at) => at < whole || at < MOST && part >= least)
    .map(([page, [score, part]]) => [index.docnames[page], index.titles[page], "", null, score - 100 * (1 - part), index.filenames[page]]);
};

// Say which words the book has not, and which it was searched for instead.
const query = Search.query;
Search.query = (words) => {
  const [, terms] = Search._parseQuery(words);
  const asked = (words.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? []).filter((word) => terms.has(stem(word)));
  const missing = asked.filter((word) => !(Object.hasOwn(Search._index.terms, stem(word)) || Object.hasOwn(Search._index.titleterms, stem(word))));
  const note = Object.assign(document.createElement("p"), { className: "qof-search-note" });
  note.append(missing.map((word) => `No page has the word “${word}”${had(MEANT, word) ? `; shown instead is ${MEANT[word].replaceAll(" ", " or ")}` : ""}.`).join(" "));
  if (missing.length && asked.every((word) => missing.includes(word) && !had(MEANT, word))) {
    note.append(" It may not have been studied, or not been found: see ", Object.assign(document.createElement("a"), { href: "what-next.html", textContent: "what is missing" }), ".");
  }
  if (!terms.size && /\p{N}/u.test(words)) note.append("Numbers alone are not searched. Add a word: what was counted, or what happened then.");
  if (note.textContent) Search.output.before(note);
  query(words);
};

Search.htmlToText = (html, anchor) => {
  const page = new DOMParser().parseFromString(html, "text/html"), main = page.querySelector(".bd-article") ?? page.querySelector("main");
  let part = (anchor && main?.querySelector(anchor)) || main;
  // A name alone says nothing: what is told of it stands behind it, or around it.
  while (part?.matches("dt")) part = part.nextElementSibling;
  if (part?.matches("h2")) part = part.parentElement;
  part?.querySelectorAll(CLUTTER).forEach((one) => one.remove());
  part?.querySelectorAll(BLOCKS).forEach((one) => one.append(" "));
  return part?.textContent.replace(/\s+/g, " ").trim() ?? "";
};

// Show a finding from its start, any other page from the sentence that has the first of the words.
Search.makeSearchSummary = (html, words, anchor) => {
  const text = Search.htmlToText(html, anchor), finding = /<\/h1>\s*<p class="qof-question"/.test(html);
  if (!text) return null;
  const looked = [...words].filter((word) => !fillers.has(word)).flatMap((word) => [word, ...meant.get(word) ?? []]);
  const first = finding || !looked.length ? 0 : Math.max(text.search(new RegExp(`\\b(?:${looked.map(literal).join("|")})`, "i")), 0);
  const from = first < ROOM ? 0 : Math.max(text.lastIndexOf(". ", first) + 2, text.indexOf(" ", first - ROOM) + 1);
  const shown = text.length > from + SHOWN ? `${text.slice(from, from + SHOWN).replace(/\s\S*$/, "")} …` : text.slice(from);
  return Object.assign(document.createElement("p"), { className: "context", textContent: (from ? "… " : "") + shown });
};
const literal = (word) => word.replace(/[^\p{L}\p{N}]/gu, "\\$&");

hold();
