"""Reading exports: a file of citations from any usual source, as records that add up.

`read_export` finds format and encoding by looking at the file, counts the records by line
structure, and gives for each one a record or a rejection with its line and reason. What no field
of a record holds is kept with its tag (`Record.extra`); abstracts are given beside the record and
kept nowhere. E-mail addresses are not kept either, for the library is published: "[e-mail]"
stands in their place.

| format | a record begins | ends | what is mended |
|---|---|---|---|
| RIS (Ovid, ProQuest, Embase, EBSCO, Scopus, Rayyan) | `TY  -` | `ER  -` \
| no TY, no ER, one or neither between records, one space for two, no space after the dash |
| RIS spelt otherwise: tabs, hard blanks, long dashes, small letters, indents | `TY` | `ER` \
| each field as the first type is spelt |
| RefWorks tagged, Cochrane Library, Ovid's names in full | `RT `, `Record #1 of 5`, `<1>` \
| `ER`, the next | read as RIS, whose tags stand for theirs |
| PubMed (nbib, MEDLINE) | `PMID-` | blank line | no PMID; full author names are taken |
| Ovid MEDLARS | `UI  -`, `VN  -` | blank line | the number is PubMed's in MEDLINE alone |
| HighWire MEDLARS | `PT  -` | blank line | given names first |
| any of these on one line | as above | as above | tags within the abstract stay text |
| Web of Science tagged | `PT J` | `ER` | no ER |
| EndNote tagged | `%0` | blank line | blank lines within abstracts; a title before `%0` |
| XML of EndNote, PubMed, MODS, MARC, Word, RefWorks; Zotero's RDF | `<record>`, \
`<PubmedArticle>`, `<mods>`, `<b:Source>`, `<reference>`, `<bib:Article>` | its end | a broken \
record is one rejection; a file that breaks off; a journal that stands elsewhere |
| BibTeX | `@article{` | its brace | a broken entry is one rejection; `crossref`; no key, or one \
of several words; an entry within an abstract |
| CSL-JSON, Crossref's too, alone or in a list that has a name | `{` | `}` \
| a broken item is one rejection |
| JSON of OpenAlex, Lens, Semantic Scholar, Europe PMC, EPPI-Reviewer, Mendeley, Paperpile \
| `{` | `}` | what stands deeper in an item is read where `json_kinds` has a path to it |
| CSL-YAML, alone or under "references" | `- id:` | the next | dates by their parts' names |
| Excel and other workbooks | a row | its end | the first sheet with a heading that is known |
| CSV, TSV (PubMed, Scopus, Web of Science, Embase, Zotero, Rayyan\
, Dimensions, Lens, OpenAlex, Europe PMC, Covidence, IEEE, Cochrane, EBSCO, RefWorks, Springer\
, ProQuest, Paperpile, Abstrackr, ASReview, CADIMA, Colandr, DistillerSR, SysRev\
, Google Scholar, Publish or Perish) | a row | its end \
| any usual delimiter; line breaks in cells; a quotation mark that is never closed |
| a library of this project | `TY  -` | `ER  -` | read as it is |

In each: lines before, between and after the records ("<1>", "Provider: ..."), values that go on in
further lines, all authors in one field, dates and years in their many forms (one that cannot be
read is kept, and said), DOIs as addresses and under other tags, page ranges in one field and
shortened, markup and entities. Encodings: UTF-8, UTF-16 and UTF-32 with or without a mark (the last
with one), Windows-1252 and Latin-1, and UTF-8 with some Windows-1252 in it; by their look those of
Chinese, Japanese and Korean (a dozen letters or more) and of Cyrillic, Greek, Hebrew and Arabic
(thirty), and what a text says it is in (`scripts`): Central European and Turkish ones are told from
Western ones only so. Line endings of every system, mixed too. A file joined from several formats is
read part by part, each in its own, where a blank line stands before the first record of a part; a
record that begins as in another format elsewhere is a rejection. Journal, volume, issue and pages
that are told in one text ("J Invent Med. 12(3):101-9, 2015") are taken from it where their own
fields are blank.

A tagged export of some 10,000 records and more is read by two processes where there are two
processors (`halves`): the same records and rejections, somewhat sooner. 100,000 records took
7.2 s so, and 8.3 s in one process, on a machine with two.
"""

from analysis.references.reading.read import read_export

__all__ = ["read_export"]
