"""Which encoding bytes are in that are neither UTF-8 nor Western: by what they say, or their look.

A Western text has its high bytes one by one among plain letters ("é", "ü"); one in Chinese,
Japanese, Korean, Cyrillic, Greek, Hebrew or Arabic letters has them side by side. Only the
latter is asked about, so that no Western text can be taken for another. Central European and
Turkish texts look Western: they are told apart only where they say what they are in.
"""

import re
from codecs import lookup
from itertools import islice

from analysis.references.reading.roles import words

# JabRef's first line, and the declaration of XML.
_DECLARED = re.compile(
    rb"\s*(?:<\?xml[^>]{0,80}?encoding=[\"']|%[ \t]*encoding:[ \t]*)([\w.:-]{3,30})", re.IGNORECASE
)
# Others' names of what is wider, or has more in places that these leave blank.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-5": "cp1251",
}
# Which are told by their look: what else has its letters side by side is too like one of these.
_WITHOUT_CASE = ["cp1255", "cp1256"]
_ALPHABETS = ["cp1251", "koi8_r", "cp1253", *_WITHOUT_CASE]
_ASIAN = ["gb18030", "big5", "cp932", "euc_jp", "cp949"]
_BY_LOOK = ["cp1252", *_ASIAN, *_ALPHABETS]
# What a text may say of itself, beside these.
_KNOWN = words("big5hkscs iso2022_jp cp874 cp1250 cp1254 cp1257 iso8859-2").union(_BY_LOOK[1:])
_HIGH = re.compile(rb"[\x80-\xff]+")
_PROPER = re.compile(
    rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+"
)
_SIDE_BY_SIDE = 3
# From here on stand the letters of Windows-1252; quotation marks and dashes before.
_LETTERS = 0xC0
_LEAST_BYTES = 12
_LEAST_LETTERS = 30
_MOST_LINES = 400
_KANA = "ぁヿ"
# Some of the syllables that Korean is full of.
_USUAL_HANGUL = frozenset("이의에는을를가한하고지기로은사리대인도다자해성정보시과제어서나")


def declared(content: bytes) -> str:
    """Return the encoding that a text says it is in; "" where it says none, or is in another."""
    found = _DECLARED.match(content)
    if not found:
        return ""
    try:
        name = lookup(found[1].decode("ascii")).name
        name = _WIDER.get(name, name)
        content.decode(name)
    except (LookupError, UnicodeDecodeError):
        return ""
    return name if name in _KNOWN else ""


def by_look(content: bytes) -> str:
    """Return the encoding of a text whose high bytes stand side by side; "" for any other."""
    lines = (line for line in content.splitlines() if not line.isascii())
    sample = b"\n".join(islice(lines, _MOST_LINES))
    if not _is_other_script(sample):
        return ""
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, cp_isolation=_BY_LOOK)
    for one in matches:
        if one.encoding == "cp1252":
            return ""
        if _is_of_its_tongue(str(one), one.encoding):
            return one.encoding
        if one.encoding in _ALPHABETS:
            return ""
    return ""


def _is_of_its_tongue(text: str, encoding: str) -> bool:
    """Whether a text has what all texts have that are written in this encoding.

    A few words in Chinese can be read as Korean or Japanese too, but then the syllables are odd
    ones, and no grammar is in Kana. Where a byte is a letter, some words are too few to tell by,
    and a line in Western capitals is like any other alphabet.
    """
    letters = [mark for mark in text if mark > "\x7f" and mark.isalpha()]
    if encoding == "cp949":
        return sum(mark in _USUAL_HANGUL for mark in letters) * 10 > len(letters)
    if encoding in ("cp932", "euc_jp"):
        return any(_KANA[0] <= mark <= _KANA[1] for mark in text)
    if encoding in _ALPHABETS:
        cased = encoding in _WITHOUT_CASE or any(map(str.islower, letters))
        return cased and len(letters) >= _LEAST_LETTERS
    return True


def _is_other_script(sample: bytes) -> bool:
    """Whether most high bytes stand side by side, and few of them are UTF-8's."""
    runs = _HIGH.findall(sample)
    beside = sum(len(run) for run in runs if len(run) >= _SIDE_BY_SIDE and max(run) >= _LETTERS)
    proper = sum(len(run) for run in runs if _PROPER.fullmatch(run))
    high = sum(map(len, runs))
    return high >= _LEAST_BYTES and beside * 2 > high and proper * 2 < high
