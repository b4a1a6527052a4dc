// What the search shows first: a study's own figures and findings, then what explains them, then
// long lists of everything.
// The other numbers are those of Sphinx.
var Scorer = {
  score: ([page, , place, , score]) => {
    if (place?.startsWith("#trail-")) return score + 62;
    return score + (page.startsWith("findings/") ? 60 : QOF_PLACES[page] ?? 0);
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
var QOF_PLACES = { glossary: 30, index: 20, trails: -20, references: -20, "search-and-screening": -20 };
