"""The book as EPUB, through pandoc: one file for readers of electronic books."""

import os
import subprocess
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import NAMESPACE_URL, uuid5

from analysis.publish.bound import Bound
from analysis.publish.citing import Edition
from analysis.publish.packed import repacked

MIMETYPE = "mimetype"
STYLE = """\
body { line-height: 1.5; }
table { border-collapse: collapse; font-size: 0.85em; }
th, td { border: 1px solid #7f8285; padding: 0.2em 0.4em; text-align: left; vertical-align: top; }
figure { margin: 1em 0; }
img { max-width: 100%; }
.folded { font-weight: bold; }
.qof-finding { border-left: 3px solid #0f5c66; padding-left: 0.8em; }
"""


def epub(document: Bound, edition: Edition) -> bytes:
    """Return the document as EPUB 3; the same document and edition give the same bytes."""
    import pypandoc

    with TemporaryDirectory() as name:
        folder = Path(name)
        _laid_out(document, edition, folder)
        command = [pypandoc.get_pandoc_path(), "book.html", *_options(), "--output=book.epub"]
        subprocess.run(command, cwd=folder, env=_env(edition), check=True, capture_output=True)
        made = (folder / "book.epub").read_bytes()
    return repacked(made, edition.data_date, stored=[MIMETYPE])


def _laid_out(document: Bound, edition: Edition, folder: Path) -> None:
    (folder / "book.html").write_text(document.html, "utf-8")
    (folder / "metadata.xml").write_text(_metadata(edition), "utf-8")
    (folder / "style.css").write_text(STYLE, "utf-8")
    (folder / "title.txt").write_text(f"---\ntitle: {edition.title!r}\nlang: en-GB\n---\n", "utf-8")
    for name, content in document.pictures.items():
        (folder / name).write_bytes(content)


def _options() -> list[str]:
    return [
        "--from=html",
        "--to=epub3",
        "--epub-metadata=metadata.xml",
        "--metadata-file=title.txt",
        "--css=style.css",
        "--toc",
        "--toc-depth=2",
        "--split-level=1",
    ]


def _metadata(edition: Edition) -> str:
    name = uuid5(NAMESPACE_URL, f"qof-evidence-book/{edition.version}/{edition.data_date}").urn
    return (
        f"<dc:identifier>{name}</dc:identifier><dc:creator>{escape(edition.author)}</dc:creator>"
        f"<dc:date>{edition.data_date}</dc:date><dc:rights>CC BY 4.0</dc:rights>"
        f"<dc:description>{escape(edition.named)}</dc:description>"
    )


def _env(edition: Edition) -> dict[str, str]:
    # What pandoc takes as the time; the clock would change the bytes.
    from datetime import UTC, datetime

    when = datetime.fromisoformat(edition.data_date).replace(tzinfo=UTC)
    return {**os.environ, "SOURCE_DATE_EPOCH": str(int(when.timestamp()))}
