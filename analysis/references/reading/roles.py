"""What the tags of each kind of export mean: tables, and nothing else.

A table says, for each role, which tags play it, the best first. A role is a field of `Record` or
one of those that several fields are made from:

| role | becomes |
|---|---|
| `kind` | `kind`, by the table of kinds |
| `title`, `short_title` | `title`; a short title that says nothing new is not kept twice |
| `author`, `full_author`, `corporate` | `authors`; full names stand for the short ones |
| `year`, `date` | `year` and `date` |
| `journal`, `abbrev`, `source` | `journal` and `journal_abbrev` |
| `volume`, `issue` | the same |
| `first`, `last`, `pages`, `article` | `first_page` and `last_page` |
| `doi`, `link`, `type` | `doi`, `url`, `publication_type`, whichever the text is |
| `pmid`, `accession` | `pmid`; an accession number only where PubMed gave it |
| `publisher`, `abstract` | the same |
| `extra` (every other tag) | `extra`, with its tag |
"""

import re

Roles = dict[str, tuple[str, int]]
"""By tag: its role, and how good a witness it is (0 is the best)."""


def words(text: str) -> frozenset[str]:
    """Return the words of a text, for tables that would else be mostly quotation marks."""
    return frozenset(text.split())


def _table(**tags: str) -> Roles:
    return {
        tag: (role, rank) for role, names in tags.items() for rank, tag in enumerate(names.split())
    }


RIS = _table(
    kind="TY",
    title="TI T1 CT BT",
    short_title="ST",
    author="AU A1",
    year="PY Y1 YR",
    date="DA",
    journal="T2 JF JO SO",
    abbrev="J2 JA J1 JI J9",
    volume="VL VI",
    issue="IS IP",
    first="SP",
    last="EP LP",
    article="C7",
    doi="DO DI DOI",
    link="UR L2 LK L1 L3 URL",
    type="M3",
    pmid="PMID",
    accession="AN C5 C2 C3 U1",
    publisher="PB PU",
    abstract="AB N2",
)

NBIB = _table(
    title="TI BTI",
    author="AU",
    full_author="FAU",
    corporate="CN",
    year="DP",
    journal="JT CTI",
    abbrev="TA",
    volume="VI",
    issue="IP",
    pages="PG",
    doi="LID AID",
    pmid="PMID",
    type="PT",
    publisher="PB",
    abstract="AB",
)

MEDLARS = _table(
    title="TI",
    author="AU",
    full_author="FAU",
    corporate="CN",
    year="DP",
    journal="JT TA",
    source="SO",
    volume="VI",
    issue="IP",
    pages="PG",
    doi="AID LID",
    pmid="PMID",
    link="4099 4100",
    type="PT",
    abstract="AB",
)

WOS = _table(
    kind="PT",
    title="TI",
    author="AU",
    full_author="AF",
    corporate="CA",
    year="PY",
    date="PD",
    journal="SO",
    abbrev="JI J9",
    volume="VL",
    issue="IS",
    first="BP",
    last="EP",
    article="AR",
    pages="PS",
    doi="DI",
    pmid="PM",
    type="DT",
    publisher="PU",
    abstract="AB",
)

ENDNOTE = _table(
    kind="%0",
    title="%T",
    author="%A",
    year="%D",
    date="%8",
    journal="%J %B",
    volume="%V",
    issue="%N",
    pages="%P",
    doi="%R",
    link="%U",
    accession="%M",
    type="%9",
    publisher="%I",
    abstract="%X",
)

ENDNOTE_XML = _table(
    kind="ref-type",
    title="title",
    short_title="short-title",
    author="author",
    year="year",
    date="date",
    journal="full-title secondary-title",
    abbrev="abbr-1 alt-title",
    volume="volume",
    issue="number",
    pages="pages",
    doi="electronic-resource-num",
    link="url",
    accession="accession-num",
    type="work-type",
    publisher="publisher",
    abstract="abstract",
)

BIBTEX = _table(
    kind="@",
    title="title",
    author="author",
    year="year date",
    date="month",
    journal="journal journaltitle booktitle",
    abbrev="shortjournal journal-iso",
    volume="volume",
    issue="number issue",
    pages="pages",
    article="article-number eid",
    doi="doi",
    pmid="pmid",
    link="url",
    type="type",
    publisher="publisher institution school organization",
    abstract="abstract",
)

CSL = _table(
    kind="type",
    title="title",
    short_title="title-short",
    author="author",
    year="issued published published-print published-online",
    journal="container-title",
    abbrev="container-title-short journalAbbreviation",
    volume="volume",
    issue="issue",
    pages="page",
    first="page-first",
    article="number",
    doi="DOI doi",
    pmid="PMID",
    link="URL url",
    type="genre",
    publisher="publisher",
    abstract="abstract",
)

_HEADINGS = {
    "title": "title|article title|document title|item title|primary title|title primary"
    "|study title|public title|paper title|citation title|display name",
    "author": "authors|author|author names|author(s)|author/s|authors, primary|author string"
    "|authorships.author.display_name|first authors|citation authors",
    "full_author": "author full names",
    "corporate": "group authors|corporate author",
    "year": "year|publication year|pub year|published year|year published|citation year"
    "|citation pub year",
    "date": "publication date|date of publication|date|pub date|date published"
    "|pub date free from|date registration|first posted|issued",
    "journal": "source title|journal/book|full journal|journal|publication title|source"
    "|journal title|journal name|publication|periodical full|periodical"
    "|primary_location.source.display_name|primary location display name|venue"
    "|secondary title|citation journal name|pub title|container-title",
    "abbrev": "abbreviated source title|journal abbreviation|journal iso abbreviation"
    "|periodical abbrev",
    "volume": "volume|journal volume|biblio.volume|vol|citation journal volume",
    "issue": "issue|number|issue number|journal issue|biblio.issue",
    "first": "page start|start page|first page|biblio.first_page",
    "last": "page end|end page|last page|other pages|biblio.last_page",
    "pages": "pages|page range|pagination|page info|page(s)|page",
    "article": "art. no.|article number",
    "doi": "doi|item doi|doi number|digital object identifier",
    "pmid": "pmid|pubmed id|medline pmid|ids.pmid",
    "accession": "extra",
    "link": "url|link|full text link|embase link|doi link|urls|article url|plink|study url"
    "|web address|document url",
    "kind": "item type|reference type|type of reference",
    "type": "document type|publication type|type|doctype|content type|pub type",
    "publisher": "publisher",
    "abstract": "abstract|abstract note|notes abstract|citation abstract|brief summary",
}


def folded(heading: str) -> str:
    """Return a heading as it is looked up: small letters, no blanks ("Pub_Year" is "pubYear")."""
    return "".join(heading.lower().replace("_", " ").split())


CSV = {
    folded(heading): (role, rank)
    for role, headings in _HEADINGS.items()
    for rank, heading in enumerate(headings.split("|"))
}
"""By the heading, `folded`: of databases, reference managers and tools for screening."""

CSV_ROLES = {
    "authors": "author",
    "first_page": "first",
    "last_page": "last",
    "journal_abbrev": "abbrev",
    "publication_type": "type",
    "url": "link",
}
"""The fields of `Record` whose role has another name, for who names columns by hand."""

KINDS = {
    kind: target
    for target, kinds in {
        "BOOK": "book|edbook|ebook|edited book|whole book|book, whole|monograph|classic|b",
        "CHAP": "chap|echap|book section|book chapter|booksection|chapter|inbook|incollection"
        "|book, chapter|encyc|dict|entry-encyclopedia|book-chapter",
        "CONF": "conf|cpaper|abst|conference|conference paper|conference proceedings"
        "|conference abstract|inproceedings|proceedings|paper-conference|conferencepaper"
        "|meeting abstract|proceedings paper|proceedings-article|conferenceproceedings",
        "ELEC": "elec|web|blog|icomm|web page|webpage|website|web site|online|electronic source"
        "|internetsite|documentfrominternetsite|electronicsource"
        "|post-weblog|electronic",
        "GEN": "gen|generic|misc|unpublished|document|unpb|preprint|posted-content",
        "JOUR": "jour|ejou|ejour|jfull|inpr|journal article|article|article-journal|journalarticle"
        "|review|electronic article|journal|article in press|j|journal-article"
        "|journal, article|articleinaperiodical|letter|editorial|comment",
        "NEWS": "news|newspaper article|newspaperarticle|article-newspaper|magazine article"
        "|mgzn|magazinearticle|article-magazine",
        "RPRT": "rprt|report|techreport|govdoc|government document|report-series|standard",
        "THES": "thes|thesis|phdthesis|mastersthesis|dissertation",
    }.items()
    for kind in kinds.split("|")
}
"""From what formats call a kind of source, in small letters, to RIS types of the library."""

PUBLICATION_KINDS = {
    "book": "BOOK",
    "books": "BOOK",
    "book chapter": "CHAP",
    "book-chapter": "CHAP",
    "book section": "CHAP",
    "congress": "CONF",
    "congresses": "CONF",
    "conference abstract": "CONF",
    "conference paper": "CONF",
    "meeting abstract": "CONF",
    "dissertation": "THES",
    "thesis": "THES",
    "journal article": "JOUR",
    "news": "NEWS",
    "newspaper article": "NEWS",
    "report": "RPRT",
    "technical report": "RPRT",
    "government publication": "RPRT",
    "preprint": "GEN",
    "review": "JOUR",
    "editorial": "JOUR",
    "letter": "JOUR",
    "comment": "JOUR",
    "article": "JOUR",
}
"""From a PubMed publication type, in small letters, to a kind; the first one known counts."""

ABSTRACTS = frozenset({"AB", "N2", "%X"})
"""Tags of abstracts, within which a line with an unknown tag is text."""

ACCESSION_SOURCES = {
    "AN": re.compile(r"medline|pubmed|\bnlm\b", re.IGNORECASE),
    "%M": re.compile(r"medline|pubmed|\bnlm\b", re.IGNORECASE),
    "C5": re.compile("medline", re.IGNORECASE),
    "C2": re.compile("scopus", re.IGNORECASE),
    "accession-num": re.compile(r"medline|pubmed|\bnlm\b", re.IGNORECASE),
}
"""Tags under which a database puts the PubMed number, and how it names itself if it does."""

SOURCE_TAGS = frozenset(
    {"DB", "DP", "%~", "%W", "remote-database-name", "remote-database-provider"}
)
"""Tags under which an export says which database it came from."""
