"""The DOI in a text."""

import re
from urllib.parse import unquote

# Old DOIs of Wiley's have a part in pointed brackets: "15<1661::AID-ABC968>3.0.CO;2-2".
_DOI = re.compile(r"10\.\d{4,9}/(?:[^\s\"<>]|<\d[^\s\"<>]*>(?=\d))+", re.ASCII)
_DOI_OF_ADDRESS = re.compile(
    r"(?:doi\.org/|/doi/(?:[a-z]+/)?|\bdoi[:=]\s*(?:https?://(?:dx\.)?doi\.org/)?|^)"
    r"(10\.\d{4,9}/(?:[^\s\"<>?&#]|<\d[^\s\"<>?&#]*>(?=\d))+)",
    re.IGNORECASE | re.ASCII,
)
# What needs no look at its end: no address, nothing escaped, and a letter or digit last.
_BARE = re.compile(r"10\.\d{4,9}/[\w.()/-]*[A-Za-z\d]", re.ASCII)
# What publishers' addresses put behind a DOI: which view of the article is meant.
_VIEW = re.compile(r"(?:/(?:abstract|full|fulltext|pdf|epdf)|\.(?:pdf|full|abstract))+$", re.I)
_PAIRS = {")": "(", "]": "[", "}": "{"}


def find_doi(text: str, anywhere: bool = True) -> str:
    """Return the DOI in a text, bare and in small letters.

    With `anywhere` False only a DOI that is named as one counts: alone, after `doi:`, or in an
    address of doi.org or below `/doi/`.
    """
    if _BARE.fullmatch(text):
        return text.lower()
    if "10." not in text:
        return ""
    if "%" in text:
        text = unquote(text)
    if anywhere:
        found = _DOI_OF_ADDRESS.search(text) if "://" in text else _DOI.search(text)
        found = found or _DOI.search(text)
    else:
        found = _DOI_OF_ADDRESS.search(text)
    if not found:
        return ""
    doi = found[found.lastindex or 0]
    return _trimmed(_VIEW.sub("", doi) if "://" in text else doi)


def _trimmed(doi: str) -> str:
    doi = doi.removesuffix("[doi]").removesuffix("[DOI]")
    while doi and (doi[-1] in ".,;:'" or _unpaired(doi)):
        doi = doi[:-1]
    doi = "".join(mark for mark in doi.lower() if mark.isprintable())
    return doi if _DOI.fullmatch(doi) else ""


def _unpaired(doi: str) -> bool:
    opening = _PAIRS.get(doi[-1])
    return opening is not None and doi.count(opening) < doi.count(doi[-1])
