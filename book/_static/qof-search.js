// What the search shows first: what bears the very name that was asked for, then a study's own
// figures, findings, the glossary, indicators, pages, and last the long lists of everything.
// The other numbers are those of Sphinx.
var Scorer = {
  score: ([page, , place, , score]) => {
    // A place scores as high as a title only when its whole name was typed.
    if (place && score >= Scorer.title) return score + 85;
    // A study is found by its author's name, which findings mention too.
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
var QOF_PLACES = {
  glossary: 45, indicators: 35, index: 20, trails: -20, references: -20, "search-and-screening": -20, links: -30,
};
