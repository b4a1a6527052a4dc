"""Fetch files so that a broken line costs nothing: resume, check, put in place whole."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from analysis.evidence.official.sources import Source

CHECKSUMS = "checksums.txt"
PART = ".part"
# Zip files, and the newer workbooks, which are zip files too; and the older workbooks.
BEGINNINGS = (b"PK", b"\xd0\xcf\x11\xe0")
_BLOCK = 1 << 16
_TIMEOUT = 30  # seconds without an answer
_RANGE_REFUSED = 416


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one file: `kept`, `fetched` or `failed`, and why in words."""

    source: Source
    state: str
    words: str


def fetch(
    source: Source, folder: Path, progress: Callable[[int], None] = lambda _: None
) -> Fetched:
    """Bring one file into `folder`, unless it is there and sound.

    The checksum is the one listed with the source, else the one recorded in `checksums.txt` when
    the file first came; a file put there by hand is recorded too. What has come of a broken
    download stays as `.part` and is continued.
    """
    path, expected = folder / source.file_name, source.sha256 or _recorded(folder, source)
    if path.is_file():
        found = sha256(path)
        if expected in ("", found):
            _record(folder, source, found)
            return Fetched(
                source, "kept", "here already" if expected else "here; checksum recorded"
            )
    part = path.with_name(path.name + PART)
    try:
        _download(source.url, part, progress)
    except HTTPError as error:
        return Fetched(source, "failed", f"the server answers {error.code}; it may have moved")
    except (URLError, OSError, HTTPException) as error:
        return Fetched(source, "failed", f"no answer ({getattr(error, 'reason', None) or error})")
    return _settle(source, folder, part, expected)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settle(source: Source, folder: Path, part: Path, expected: str) -> Fetched:
    with part.open("rb") as file:
        beginning = file.read(4)
    if not beginning.startswith(BEGINNINGS):
        part.unlink()
        return Fetched(source, "failed", "a web page came, no file; it may have moved")
    found = sha256(part)
    if expected not in ("", found):
        part.unlink()
        words = f"the file has changed: its checksum is {found}, {expected} was expected"
        return Fetched(source, "failed", words)
    part.replace(folder / source.file_name)
    _record(folder, source, found)
    return Fetched(source, "fetched", f"{(folder / source.file_name).stat().st_size:,} bytes")


def _download(url: str, part: Path, progress: Callable[[int], None]) -> None:
    have = part.stat().st_size if part.is_file() else 0
    try:
        answer = urlopen(_request(url, have), timeout=_TIMEOUT)
    except HTTPError as error:
        if not (have and error.code == _RANGE_REFUSED):
            raise
        have, answer = 0, urlopen(_request(url, 0), timeout=_TIMEOUT)
    with answer:
        continued = answer.status == 206
        have = have if continued else 0
        length = answer.headers.get("Content-Length")
        whole = have + int(length) if length else None
        with part.open("ab" if continued else "wb") as file:
            while block := answer.read(_BLOCK):
                file.write(block)
                have += len(block)
                progress(have)
    if whole is not None and have < whole:
        raise OSError(f"{have:,} of {whole:,} bytes came; run it again to continue")


def _request(url: str, have: int) -> Request:
    headers = {"User-Agent": "qof-evidence-book"} | ({"Range": f"bytes={have}-"} if have else {})
    return Request(url, headers=headers)


def _recorded(folder: Path, source: Source) -> str:
    return _checksums(folder).get(source.file_name, "")


def _checksums(folder: Path) -> dict[str, str]:
    """Read `checksums.txt`, laid out as `sha256sum --check` wants it."""
    path = folder / CHECKSUMS
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    pairs = (line.split(maxsplit=1) for line in lines if line.strip())
    return {name.lstrip("*"): digest for digest, name in pairs}


def _record(folder: Path, source: Source, digest: str) -> None:
    known = _checksums(folder)
    if known.get(source.file_name) == digest:
        return
    lines = sorted((known | {source.file_name: digest}).items())
    part = folder / (CHECKSUMS + PART)
    part.write_text("".join(f"{digest}  {name}\n" for name, digest in lines), "utf-8")
    part.replace(folder / CHECKSUMS)
