"""What a source is known by: its DOI, PubMed number and web address."""

import re

from analysis.references.reading.dois import find_doi
from analysis.references.reading.draft import LONGEST_KEPT, TAG, TEXT, Draft
from analysis.references.reading.roles import ACCESSION_SOURCES, SOURCE_TAGS

_PMID = re.compile(r"(?:PMID:? ?)?([1-9]\d{0,7})(?: ?\[pmid\])?", re.IGNORECASE | re.ASCII)
# As Cochrane ("PUBMED 123,EMBASE 456"), PubMed Central ("123[pmid]") and CINAHL name it.
_NAMED_PMID = re.compile(
    r"\b(?:PMID:? ?|PUBMED:? )(?:NLM)?([1-9]\d{0,7})\b|\b([1-9]\d{0,7}) ?\[pmid\]", re.I | re.A
)
_CINAHL_PMID = re.compile(r"\bPMID: NLM([1-9]\d{0,7})\b", re.ASCII)
_PUBMED_ADDRESS = re.compile(
    r"(?:/pubmed/|pubmed\.ncbi\.nlm\.nih\.gov/|ovid\.com/.*D=med\w*&.*AN=)([1-9]\d{0,7})(?!\d)",
    re.ASCII,
)
_ADDRESS = re.compile(r"https?://[^\s\"<>]+")
# Where a file lies on the disk of who exported it: nobody else's business.
_ON_A_DISK = re.compile(r"(?:[A-Za-z]:[\\/]|file:|/(?:Users|home)/)", re.IGNORECASE)
_NOTES = frozenset({"N1", "M1", "DOI", "note", "Note", "%Z", "notes"})
# What a DOI's field may say beside it and be no loss.
_DOI_ONLY = re.compile(r"(?:doi:?\s*)?\S*10\.\S+(?:\s*\[doi\])?", re.IGNORECASE)
_DOI_ALONE = re.compile(
    r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/|https?://doi-org\.[^/]+/)?10\.\S+", re.I
)


def types_and_doi(draft: Draft) -> tuple[list[str], str]:
    """Return the types of publication, and the DOI that some exports put in their place."""
    types: list[str] = []
    doi = ""
    for one in draft.take("type"):
        text = one[TEXT]
        if "10." in text and _DOI_ALONE.fullmatch(text) and (found := find_doi(text)):
            doi = doi or found
            if found != doi:
                draft.keep(one)
        # One letter is Web of Science's word for a kind: "J" beside "Article".
        elif not 1 < len(text) <= LONGEST_KEPT:
            draft.keep(one)
        elif text not in types:
            types.append(text)
    return types, doi


def addresses(draft: Draft, elsewhere: str) -> tuple[str, str, str]:
    """Return DOI, PubMed number and web address, wherever in the record they stand."""
    doi = ""
    for one in draft.take("doi"):
        found = find_doi(one[TEXT])
        doi = doi or found
        if not found or found != doi or (" " in one[TEXT] and not _DOI_ONLY.fullmatch(one[TEXT])):
            draft.keep(one)
    doi = doi or elsewhere
    url, pmid = "", _pmid(draft)
    for one in draft.take("link"):
        found = find_doi(one[TEXT], anywhere=False)
        doi = doi or found
        if not pmid and (address := _PUBMED_ADDRESS.search(one[TEXT])):
            pmid = address[1]
        if found and found == doi and _DOI_ALONE.fullmatch(one[TEXT]):
            continue
        if not url and (address := _ADDRESS.search(one[TEXT])):
            url = address[0]
        if url != one[TEXT] and not _ON_A_DISK.match(one[TEXT]):
            draft.keep(one)
    return doi or _doi_in_notes(draft), pmid, url


def _doi_in_notes(draft: Draft) -> str:
    """Return a DOI that is all a note says; the note is kept too."""
    alone = filter(_DOI_ALONE.fullmatch, draft.kept_texts(_NOTES))
    return next(filter(None, map(find_doi, alone)), "")


def _pmid(draft: Draft) -> str:
    pmid = ""
    for one in draft.take("pmid"):
        found = _PMID.fullmatch(one[TEXT]) or _PUBMED_ADDRESS.search(one[TEXT])
        told = found[1] if found else _named_pmid(one[TEXT])
        pmid = pmid or told
        if not told or told != pmid:
            draft.keep(one)
    for one in draft.take("accession"):
        found = _PMID.fullmatch(one[TEXT])
        if found and not pmid and _is_from_pubmed(draft, one[TAG]):
            pmid = found[1]
        elif one[TEXT] != pmid:
            pmid = pmid or _named_pmid(one[TEXT])
            draft.keep(one)
    return pmid or _pmid_in_notes(draft)


def _named_pmid(text: str) -> str:
    """Return a PubMed number that a text names as one."""
    found = _NAMED_PMID.search(text)
    return (found[1] or found[2]) if found else ""


def _pmid_in_notes(draft: Draft) -> str:
    """Return a PubMed number that CINAHL wrote among its notes, or that is all a note says."""
    for text in draft.kept_texts(_NOTES):
        found = _CINAHL_PMID.search(text) or _NAMED_PMID.fullmatch(text)
        if found:
            return found[1] or found[2]
    return ""


def _is_from_pubmed(draft: Draft, tag: str) -> bool:
    """Whether the database that a record names puts the PubMed number under a tag."""
    source = ACCESSION_SOURCES.get(tag)
    return source is not None and any(map(source.search, draft.kept_texts(SOURCE_TAGS)))
