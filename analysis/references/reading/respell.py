"""Fields in another spelling than RIS has, written as RIS line by line: no line comes or goes.

Read where nothing else was found: `TY` with a tab, a glued or long dash, small letters or an
indent; RefWorks (`RT Journal Article`); the Cochrane Library ("Record #1 of 5"). Ovid's MEDLARS
records, which begin with `UI  -`, are spelt as PubMed's.
"""

import re

_BLANK = "[ \t\u00a0]"
_TYPE = re.compile(
    rf"^(?P<indent>(?:{_BLANK}|>){{0,8}})(?P<tag>TY|ty)(?P<dash>{_BLANK}{{0,3}}[-‐-―])"
    rf"{_BLANK}{{0,2}}[A-Za-z]{{3,5}}{_BLANK}*$",
    re.MULTILINE,
)
_REFWORKS = re.compile(r"^RT [A-Z][A-Za-z]+.*$", re.MULTILINE)
_REFWORKS_LINE = re.compile(r"^([A-Z][A-Z0-9]) (?=\S)|^ER[ \t]*$", re.MULTILINE)
_REFWORKS_TAGS = {"RT": "TY", "VO": "VL", "OP": "EP", "YR": "PY", "FD": "DA", "LK": "UR"}
_COCHRANE = re.compile(r"^Record #\d+ of \d+[ \t]*$", re.MULTILINE)
_COCHRANE_LINE = re.compile(r"^([A-Z]{2,3}): ?", re.MULTILINE)
_COCHRANE_TAGS = {"NO": "IS", "PG": "SP", "YR": "PY", "DOI": "DO", "US": "UR", "PT": "M3"}
_COCHRANE_TAGS |= {"SO": "T2", "CC": "DB", "ID": "AN", "PM": "C2"}
_PUBMED = re.compile(r"^(?:PMID|TY {2})-", re.MULTILINE)
_OVID_LINE = re.compile(r"^(UI|YR|DO) {2}- ", re.MULTILINE)
_OVID_TAGS = {"YR": "DP  - ", "DO": "LID - "}


def as_ris(text: str) -> str:
    """Return a text as RIS; "" where it is in none of the spellings."""
    if found := _TYPE.search(text):
        return _by_first_line(text, found)
    if _COCHRANE.search(text):
        return _COCHRANE.sub("TY  - JOUR", _COCHRANE_LINE.sub(_from_cochrane, text))
    if _REFWORKS.search(text):
        plain = _REFWORKS.sub(lambda found: found[0].partition(",")[0], text)
        return _REFWORKS_LINE.sub(_from_refworks, plain)
    return ""


def ovid(text: str) -> str:
    """Return a text of Ovid's as PubMed spells it, and any other as it is.

    The number under `UI` is PubMed's in MEDLINE alone: elsewhere it stays with its tag.
    """
    if _PUBMED.search(text):
        return text
    number = "PMID- " if re.search(r"^VN {2}- .*medline", text, re.I | re.M) else "PMID- UI "
    return _OVID_LINE.sub(lambda found: _OVID_TAGS.get(found[1], number), text)


def _by_first_line(text: str, first: re.Match[str]) -> str:
    """Spell every field as RIS that is spelt as the first type of a source is."""
    letters = "[a-z][a-z0-9]" if first["tag"] == "ty" else "[A-Z][A-Z0-9]"
    field = rf"^{re.escape(first['indent'])}({letters}){re.escape(first['dash'])}{_BLANK}?"
    return re.sub(field, lambda found: f"{found[1].upper()}  - ", text, flags=re.MULTILINE)


def _from_cochrane(found: re.Match[str]) -> str:
    return f"{_COCHRANE_TAGS.get(found[1], found[1][:2])}  - "


def _from_refworks(found: re.Match[str]) -> str:
    return f"{_REFWORKS_TAGS.get(found[1], found[1])}  - " if found[1] else "ER  - "
