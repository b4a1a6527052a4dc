"""A description of files for research archives, as RO-Crate (version 1.3).

One function for the site's downloads and for a release's archive, so that both say the same.
"""

import json
import mimetypes
from collections.abc import Mapping
from typing import Any

from analysis.publish.citing.citation import Edition

NAME = "ro-crate-metadata.json"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# Endings that Python's own list of media types lacks; the system's list differs from one machine,
# and one moment, to the next.
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".ris": "application/x-research-info-systems",
    ".bib": "application/x-bibtex",
    ".yml": "application/yaml",
    ".md": "text/markdown",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".epub": "application/epub+zip",
}


def crate_metadata(
    edition: Edition, files: Mapping[str, str], description: str, keywords: tuple[str, ...] = ()
) -> bytes:
    """Return the crate's metadata, the same for the same arguments.

    `files` maps each file's path within the crate to what it is, in words; they need not exist
    here. `description` says what the whole is. The publication date is the data date: nothing in it
    follows the clock.
    """
    from rocrate.rocrate import ROCrate

    crate = ROCrate()
    crate.name = edition.named
    crate.description = description
    crate.root_dataset["datePublished"] = edition.data_date
    crate.root_dataset["version"] = edition.version
    crate.root_dataset["license"] = {"@id": LICENCE}
    if keywords:
        crate.root_dataset["keywords"] = ", ".join(keywords)
    author = {"@type": "Organization", "name": edition.author}
    crate.add_jsonld({"@id": "#contributors", **author})
    crate.add_jsonld({"@id": LICENCE, "@type": "CreativeWork", "name": "CC BY 4.0"})
    crate.root_dataset["author"] = {"@id": "#contributors"}
    for path, words in sorted(files.items()):
        crate.add_file(None, path, properties=_about(path, words))
    return _written(crate)


def _about(path: str, words: str) -> dict[str, str]:
    ending = f".{path.rsplit('.', 1)[-1]}"
    known = mimetypes.MimeTypes().types_map[True] | MEDIA_TYPES
    kind = known.get(ending, "application/octet-stream")
    return {"name": path.rsplit("/", 1)[-1], "description": words, "encodingFormat": kind}


def _written(crate: Any) -> bytes:
    graph = crate.metadata.generate()
    graph["@graph"] = sorted(graph["@graph"], key=lambda entity: entity["@id"])
    return (json.dumps(graph, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
