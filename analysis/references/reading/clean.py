"""A text as one clean line, whoever exported it."""

import re
from html import unescape
from unicodedata import normalize

_MARKUP = re.compile(
    r"</?(?:i|b|u|em|strong|sub|sup|p|br|span|sc|scp|tt|jats:[a-z]+|h[1-6]|div|font|a|inf|italic"
    r"|bold|title|sec|ovid:br)(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"</?(?:p|br|div|jats:p|jats:title|ovid:br|sec|title)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&#?\w{1,31};")
_CONTROLS = bytes([*range(0x20), 0x7F])
_E_MAIL = re.compile(r"[\w.+%'’-]+@[\w-]+(?:\.[\w-]+)+")
_LONG = 100
_REMEMBERED = 100_000


def _mark(entity: re.Match[str]) -> str:
    return unescape(entity[0])


def clean(text: str) -> str:
    """Return text on one line: no markup, entities as their marks, single spaces, NFC.

    What cannot be printed goes; `<` and `>` that are no markup stay.
    """
    if "&" in text:
        # Twice, for what was escaped twice; never without the semicolon, for addresses' sake.
        text = _ENTITY.sub(_mark, _ENTITY.sub(_mark, text))
    if "<" in text:
        text = _MARKUP.sub("", _BREAK.sub(r" \g<0>", text))
    text = text.strip(" ")
    if "  " in text or not _is_printable(text):
        text = " ".join(text.split())
        if not text.isprintable():
            text = _printable(normalize("NFC", text))
    return text if text.isascii() else normalize("NFC", text)


def _is_printable(text: str) -> bool:
    """Whether all of a text can be printed; `str.isprintable` is slow where it is long."""
    if len(text) > _LONG and text.isascii():
        return len(text.encode().translate(None, _CONTROLS)) == len(text)
    return text.isprintable()


def _printable(text: str) -> str:
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())


def without_e_mail(text: str) -> str:
    """Return a text with "[e-mail]" in the place of each e-mail address."""
    return _E_MAIL.sub("[e-mail]", text) if "@" in text else text


class Cleaned(dict[str, str]):
    """What short texts of a file were cleaned to, by the text: one object wherever it stands."""

    def __missing__(self, text: str) -> str:
        """Clean a text, and remember it as long as there is room."""
        cleaned = clean(text)
        if len(self) < _REMEMBERED:
            self[text] = cleaned
        return cleaned
