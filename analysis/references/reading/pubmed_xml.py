"""PubMed's XML, whose records are read as those of its tagged file: by the same tags.

What that file does not have, such as the list of references, is not kept.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from analysis.references.reading.roles import NBIB
from analysis.references.reading.xml_kinds import Kind, text_of

# Where each tag's text stands, from the record on; several paths are alternatives.
_PATHS: tuple[tuple[str, str], ...] = (
    ("PMID", "MedlineCitation/PMID|BookDocument/PMID"),
    ("TI", "*/Article/ArticleTitle|BookDocument/ArticleTitle|BookDocument/Book/BookTitle"),
    ("BTI", "BookDocument/Book/BookTitle"),
    ("TT", "*/Article/VernacularTitle|BookDocument/VernacularTitle"),
    ("JT", "*/Article/Journal/Title"),
    ("TA", "*/MedlineJournalInfo/MedlineTA|*/Article/Journal/ISOAbbreviation"),
    ("VI", "*/Article/Journal/JournalIssue/Volume|BookDocument/Book/Volume"),
    ("IP", "*/Article/Journal/JournalIssue/Issue"),
    ("PB", "BookDocument/Book/Publisher/PublisherName"),
    ("PT", "*/Article/PublicationTypeList/PublicationType|BookDocument/PublicationType"),
    ("LA", "*/Article/Language|BookDocument/Language"),
    ("IS", "*/Article/Journal/ISSN"),
    ("ISBN", "BookDocument/Book/Isbn"),
    ("AD", ".//AffiliationInfo/Affiliation|.//Author/Affiliation"),
    ("OT", "*/KeywordList/Keyword"),
    ("NM", "*/ChemicalList/Chemical/NameOfSubstance"),
    ("GR", "*/Article/GrantList/Grant"),
    ("JID", "*/MedlineJournalInfo/NlmUniqueID"),
    ("PST", "PubmedData/PublicationStatus|PubmedBookData/PublicationStatus"),
)
_IDS = {"doi": "AID", "pii": "AID", "pmc": "PMC"}
_DATES = (
    "*/Article/Journal/JournalIssue/PubDate",
    "BookDocument/ContributionDate",
    "BookDocument/Book/PubDate",
)


def _fields(record: Element) -> Iterator[tuple[str, str]]:
    for tag, paths in _PATHS:
        found = (record.findall(path) for path in paths.split("|"))
        texts = (" ".join(text_of(one).split()) for one in next(filter(None, found), []))
        # Authors of one place each tell it.
        yield from ((tag, text) for text in dict.fromkeys(texts))
    for heading in record.iterfind("*/MeshHeadingList/MeshHeading"):
        yield "MH", "/".join(map(text_of, heading))
    yield "DP", _date(record)
    yield "PG", _pages(record)
    yield from _identities(record)
    for author in record.iterfind(".//AuthorList/Author"):
        yield _person(author)
    yield "AB", _abstract(record)


def _date(record: Element) -> str:
    given = next(filter(None, (record.find(path) for path in _DATES)), None)
    if given is None:
        return ""
    parts = [text_of(given.find(part)) for part in ("Year", "Month", "Day")]
    mark = "-" if parts[1].isdigit() else " "
    return mark.join(filter(None, parts)) or text_of(given.find("MedlineDate"))


def _pages(record: Element) -> str:
    given = record.find(".//Pagination")
    if given is None:
        return ""
    both = [text_of(given.find(part)) for part in ("StartPage", "EndPage")]
    return text_of(given.find("MedlinePgn")) or "-".join(filter(None, both))


def _identities(record: Element) -> Iterator[tuple[str, str]]:
    """Give the DOI first, wherever it stands, then what else a publisher calls the article."""
    named = [(one.get("EIdType", ""), text_of(one)) for one in record.iterfind(".//ELocationID")]
    for path in ("PubmedData", "PubmedBookData", "BookDocument"):
        for one in record.iterfind(f"{path}/ArticleIdList/ArticleId"):
            named.append((one.get("IdType", ""), text_of(one)))
    named.sort(key=lambda pair: pair[0] != "doi")
    for kind, text in dict.fromkeys(named):
        if kind in _IDS:
            yield _IDS[kind], text


def _person(author: Element) -> tuple[str, str]:
    """Return one author: a corporate name, or family and given names as PubMed has them in full."""
    if corporate := text_of(author.find("CollectiveName")):
        return "CN", corporate
    given = text_of(author.find("ForeName")) or text_of(author.find("Initials"))
    given = f"{given} {text_of(author.find('Suffix'))}".strip()
    return "FAU", ", ".join(filter(None, (text_of(author.find("LastName")), given)))


def _abstract(record: Element) -> str:
    """Return the parts of an abstract with their labels, as the tagged file has them."""
    parts = record.findall("*/Article/Abstract/AbstractText")
    parts += record.findall("BookDocument/Abstract/AbstractText")
    labels = ((one.get("Label", ""), text_of(one)) for one in parts)
    return " ".join(f"{label}: {text}" if label else text for label, text in labels)


KIND = Kind(
    name="PubMed XML",
    sign=re.compile(r"<(?:PubmedArticle|PubmedBookArticle)[\s>]"),
    begins=re.compile(r"<(?:PubmedArticle|PubmedBookArticle)(?=[\s>])"),
    roles=NBIB,
    fields=_fields,
    title_in="<ArticleTitle>",
)
