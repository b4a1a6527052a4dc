"""The look of a brief in Word: pandoc's own reference document with the book's type and colours."""

import io
import re
import subprocess
import zipfile
from collections.abc import Mapping

STYLES = "word/styles.xml"
DOCUMENT = "word/document.xml"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment an archive can hold."""

FONT = "Arial"
"""On every machine that opens Word files; the book's own faces are not."""

ACCENT, INK, MUTED, SOFT, HAIR = "0F5C66", "23262A", "595E63", "E2EDEC", "DDD7CA"


def _paragraph(before: int, after: int, first: str = "", last: str = "") -> str:
    # Word wants these in the order of its schema: spacing stands between the other two.
    return f'<w:pPr>{first}<w:spacing w:before="{before}" w:after="{after}"/>{last}</w:pPr>'


def _letters(half_points: int, colour: str = INK, bold: bool = False) -> str:
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:cs="{FONT}" w:eastAsia="{FONT}"/>'
        f'{weight}<w:i w:val="0"/><w:color w:val="{colour}"/>'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
    )


_KEEP = "<w:keepNext/><w:keepLines/>"
_BOX = (
    f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="6" w:color="{ACCENT}"/></w:pBdr>'
    f'<w:shd w:val="clear" w:color="auto" w:fill="{SOFT}"/>'
)
# A style's name: its paragraph and its letters. Lengths in twentieths of a point.
CHANGED: Mapping[str, str] = {
    "Title": _paragraph(0, 60, _KEEP) + _letters(44, INK, bold=True),
    "Subtitle": _paragraph(0, 60) + _letters(18, MUTED),
    "Author": _paragraph(0, 120) + _letters(18, MUTED),
    "heading 2": _paragraph(200, 60, _KEEP, '<w:outlineLvl w:val="1"/>')
    + _letters(23, ACCENT, bold=True),
    "Body Text": _paragraph(0, 80) + _letters(19),
    "Compact": _paragraph(10, 30) + _letters(18),
    "Image Caption": _paragraph(20, 100) + _letters(16, MUTED),
    "Bibliography": _paragraph(0, 20) + _letters(16),
}
ADDED: Mapping[str, str] = {
    "Key messages": _paragraph(20, 50, _BOX) + _letters(19),
    "Small": _paragraph(0, 40) + _letters(16),
}
_TABLE = (
    f'<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{ACCENT}"/>'
    f'<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{HAIR}"/>'
    f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{HAIR}"/></w:tblBorders>'
    '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
    '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr></w:tblStylePr>'
)
PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="850" w:right="1020" '
    'w:bottom="850" w:left="1020" w:header="500" w:footer="500" w:gutter="0"/></w:sectPr>'
)


def reference_docx() -> bytes:
    """Return the document whose styles pandoc takes over."""
    from pypandoc import get_pandoc_path

    command = [get_pandoc_path(), "--print-default-data-file=reference.docx"]
    plain = subprocess.run(command, check=True, capture_output=True).stdout
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.infolist():
            # Pandoc stamps its own parts with the time of the clock, and briefs take them over.
            part.date_time = EARLIEST
            new.writestr(part, _CHANGES.get(part.filename, _same)(old.read(part)))
    return made.getvalue()


def _same(content: bytes) -> bytes:
    return content


def _styles(content: bytes) -> bytes:
    text = content.decode()
    for name, look in CHANGED.items():
        text = _changed(text, name, look)
    text = _changed(text, "Table", _TABLE)
    added = "".join(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name.replace(" ", "")}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="BodyText"/><w:qFormat/>{look}</w:style>'
        for name, look in ADDED.items()
    )
    text = re.sub(
        r"<w:lang [^>]*/>", '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/>', text
    )
    return text.replace("</w:styles>", added + "</w:styles>").encode()


def _changed(text: str, name: str, look: str) -> str:
    """Return the styles with one style's look replaced; its name, base and follower stay.

    Raises:
        LookupError: pandoc's document has no such style.
    """
    start = rf'<w:style\b[^>]*>(?:(?!</w:style>).)*?<w:name w:val="{re.escape(name)}"\s*/>'
    pattern = rf"({start})(.*?)(</w:style>)"
    found = re.search(pattern, text, re.DOTALL)
    if not found:
        raise LookupError(f"pandoc's reference document has no style {name!r}")
    kept = re.sub(
        r"<w:(pPr|rPr|tblPr|tblStylePr|tcPr|trPr)\b.*?</w:\1>|<w:(?:pPr|rPr)\s*/>",
        "",
        found[2],
        flags=re.DOTALL,
    )
    return text[: found.start()] + found[1] + kept + look + found[3] + text[found.end() :]


def _page(content: bytes) -> bytes:
    return re.sub(
        r"<w:sectPr.*?</w:sectPr>|<w:sectPr\s*/>", PAGE, content.decode(), flags=re.DOTALL
    ).encode()


_CHANGES = {STYLES: _styles, DOCUMENT: _page}
