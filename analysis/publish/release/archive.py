"""The archive of a version: site, data, references, packages used, checksums, RO-Crate metadata.

The same inputs give the same bytes: entries are sorted, and all carry the date of the release.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import yaml

from analysis.publish.prose.review import last_kept
from analysis.publish.release.sbom import SBOM, sbom

RELEASES = Path("_build") / "release"
NAME = "qof-evidence-book"
CRATE = "ro-crate-metadata.json"
SUMS = "SHA256SUMS"
SITE = Path("_build") / "html"
# Folder in the archive: what goes there, from the root of the project.
PARTS: Mapping[str, tuple[str, ...]] = {
    "data": ("data/**/*",),
    "references": ("references/*.ris", "references/*.csv"),
    "": ("CITATION.cff", "CHANGELOG.md", "LICENSE", "LICENSE-text.md", "README.md"),
}
TITLES = {
    "site/": ("The book as a site", "Every page as it was published; begin with index.html."),
    "data/": ("Extracted data", "Tables as CSV with datapackage.json, questions, kept versions."),
    "references/": ("References", "The library as RIS, the searches, what was checked."),
}
SBOM_TOLD = {
    "name": "Software bill of materials",
    "description": "Every package the version was made with, locked, as CycloneDX.",
}
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "MIT": "https://spdx.org/licenses/MIT",
}
_MODE = 0o644 << 16
_KIND = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Edition:
    """What the crate says of the whole: from `CITATION.cff`, so that both agree."""

    title: str
    abstract: str
    authors: tuple[str, ...]
    keywords: tuple[str, ...]
    version: str
    day: date


def edition(root: Path) -> Edition:
    """Return what `CITATION.cff` says."""
    told = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    return Edition(
        told["title"],
        " ".join(told["abstract"].split()),
        tuple(author["name"] for author in told["authors"]),
        tuple(told["keywords"]),
        str(told["version"]),
        told["date-released"],
    )


def archive_path(root: Path, version: str) -> Path:
    """Return where the archive of a version is written."""
    return root / RELEASES / f"{NAME}-{version}.zip"


def write_archive(root: Path) -> Path:
    """Write the archive of the version that the project says it is, from the site as built.

    Raises:
        FileNotFoundError: there is no site.
    """
    about = edition(root)
    path = archive_path(root, about.version)
    path.parent.mkdir(parents=True, exist_ok=True)
    files = dict(contents(root))
    files[SBOM] = sbom(root, about.version, about.day).encode()
    files[CRATE] = crate(about, files, root).encode()
    files[SUMS] = sums(files).encode()
    part = path.with_suffix(".part")
    part.write_bytes(_zipped(files, about.day))
    part.replace(path)
    return path


def contents(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield path within the archive and content of site, data and references, sorted.

    Raises:
        FileNotFoundError: there is no site.
    """
    if not (root / SITE / "index.html").is_file():
        raise FileNotFoundError(f"no {SITE}/index.html: run qof build")
    found = {f"site/{p.relative_to(root / SITE).as_posix()}": p for p in (root / SITE).rglob("*")}
    for patterns in PARTS.values():
        for path in (path for pattern in patterns for path in root.glob(pattern)):
            found[path.relative_to(root).as_posix()] = path
    for name in sorted(found):
        hidden = any(part.startswith(".") for part in Path(name).parts)
        if found[name].is_file() and not hidden:
            yield name, found[name].read_bytes()


def sums(files: Mapping[str, bytes]) -> str:
    """Return the checksums as `sha256sum --check` reads them."""
    return "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))


def _zipped(files: Mapping[str, bytes], day: date) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type, entry.external_attr, entry.create_system = 8, _MODE, 3
            archive.writestr(entry, files[name])
    return packed.getvalue()


def crate(about: Edition, files: Mapping[str, bytes], root: Path) -> str:
    """Return the RO-Crate metadata of `files`: what they are, whose, under which licence."""
    from rocrate.model import ContextEntity
    from rocrate.rocrate import ROCrate

    made = ROCrate()
    authors = [_organisation(made, name) for name in about.authors]
    licences = [
        made.add(ContextEntity(made, url, {"@type": "CreativeWork", "name": name}))
        for name, url in LICENCES.items()
    ]
    made.root_dataset._jsonld.update(_about(about, root))
    made.root_dataset["author"], made.root_dataset["license"] = authors, licences
    _add_files(made, files, licences)
    made.root_dataset["mentions"] = _provenance(made, about, authors)
    return _written(made, about)


def _organisation(made: Any, name: str) -> Any:
    from rocrate.model import ContextEntity

    about = {"@type": "Organization", "name": name}
    return made.add(ContextEntity(made, "#contributors", about))


def _about(about: Edition, root: Path) -> Mapping[str, object]:
    last = last_kept(root)
    return {
        "name": f"{about.title}, version {about.version}",
        "description": about.abstract,
        "version": about.version,
        "datePublished": about.day.isoformat(),
        "keywords": list(about.keywords),
        "inLanguage": "en-GB",
        **({"temporalCoverage": f"../{last.data_date}"} if last else {}),
    }


def _add_files(made: Any, files: Mapping[str, bytes], licences: list[Any]) -> None:
    for name, (title, text) in TITLES.items():
        told = {"name": title, "description": text, "license": licences[0]}
        made.add_dataset(dest_path=name, properties=told)
    for name, content in files.items():
        kind = guess_type(name)[0] or _KIND
        told = {
            "encodingFormat": kind,
            "contentSize": str(len(content)),
            "sha256": sha256(content).hexdigest(),
            **(SBOM_TOLD if name == SBOM else {}),
        }
        made.add_file(io.BytesIO(content), dest_path=name, properties=told)


def _provenance(made: Any, about: Edition, authors: list[Any]) -> Any:
    """Add how site and data came to be: made by this project's code from data and references."""
    from rocrate.model import ContextEntity

    software = {
        "@type": "SoftwareApplication",
        "name": "qof, the command of the QOF Evidence Book",
        "version": about.version,
        "license": {"@id": LICENCES["MIT"]},
        "softwareRequirements": {"@id": SBOM},
    }
    tool = made.add(ContextEntity(made, "#qof", software))
    made_by = {
        "@type": "CreateAction",
        "name": "Build of the book",
        "description": "Findings are computed from data and references; pages from findings.",
        "endTime": about.day.isoformat(),
        "object": [{"@id": "data/"}, {"@id": "references/"}],
        "result": {"@id": "site/"},
    }
    action = made.add(ContextEntity(made, "#build", made_by))
    action["instrument"], action["agent"] = tool, authors
    return action


def _written(made: Any, about: Edition) -> str:
    described = made.metadata.generate()
    described["@graph"].sort(key=lambda entity: entity["@id"])
    return json.dumps(described, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
