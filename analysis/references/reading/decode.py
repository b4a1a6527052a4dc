"""From bytes to text: which encoding, and one kind of line ending."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, register_error

from analysis.references.reading import scripts

# UTF-32 before UTF-16, whose mark is the beginning of its own.
_MARKS = (
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
    (BOM_UTF8, "utf-8-sig"),
)
_SAMPLE = 4096
_MANY_NULLS, _FEW_NULLS = 0.3, 0.05
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_LINE_END = re.compile(r"\r+\n?|\n")


def decode(content: bytes) -> tuple[str, str]:
    r"""Return the text, its lines ended by "\n", and the name of the encoding.

    The ladder: a byte order mark; the null bytes that UTF-16 has in every second place; UTF-8;
    the encoding that the text says it is in, or that other scripts than Latin are seen to be in
    (`scripts`); UTF-8 with some bytes of Windows-1252 (a file joined from two); Windows-1252,
    which reads Latin-1 too. Nothing fails: a byte that no rung can read becomes U+FFFD or a
    control mark.
    """
    encoding = _marked(content) or _by_nulls(content[:_SAMPLE])
    text, encoding = _read(content, encoding) if encoding else _utf8(content)
    if "\r" in text:
        # "\r\r\n" is what a file becomes that was made for Windows twice.
        text = _LINE_END.sub("\n", text) if "\r\r" in text else text.replace("\r\n", "\n")
        text = text.replace("\r", "\n")
    for mark in ("\ufeff", "\0"):
        if mark in text:
            text = text.replace(mark, "")
    return text, encoding


def _marked(content: bytes) -> str:
    return next((name for mark, name in _MARKS if content.startswith(mark)), "")


def _by_nulls(sample: bytes) -> str:
    """Return which UTF-16 a text without a mark is in; tags and digits are ASCII in any script."""
    half = max(1, len(sample) // 2)
    even, odd = sample[::2].count(0) / half, sample[1::2].count(0) / half
    if odd > _MANY_NULLS and even < _FEW_NULLS:
        return "utf-16-le"
    if even > _MANY_NULLS and odd < _FEW_NULLS:
        return "utf-16-be"
    return ""


def _read(content: bytes, encoding: str) -> tuple[str, str]:
    if encoding == "utf-8-sig":
        text, found = _utf8(content.removeprefix(BOM_UTF8))
        return text, encoding if found == "utf-8" else found
    return content.decode(encoding, "replace"), encoding


def _utf8(content: bytes) -> tuple[str, str]:
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        if other := scripts.declared(content) or scripts.by_look(content):
            return content.decode(other, "replace"), other
        text = content.decode("utf-8", "cp1252-bytes")
    proper = len(_MULTIBYTE.findall(content))
    high = len(content) - len(content.translate(None, bytes(range(0x80, 0x100))))
    if proper * 4 < high:
        return content.decode("cp1252", "latin1-bytes"), "cp1252"
    return text, "utf-8 with some cp1252"


def _from_cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "latin1-bytes"), error.end


def _from_latin1(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


register_error("cp1252-bytes", _from_cp1252)
register_error("latin1-bytes", _from_latin1)
