"""The software a version was made with, as a CycloneDX bill of materials.

Written here and not by a library: what it says stands in the lock file and in the packages'
metadata, and a library for it would bring five packages more. A test holds it to the schema of
CycloneDX.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

SBOM = "sbom.cdx.json"
LOCK = "requirements.lock"
PROJECT = "qof-evidence-book"
_ENTRY = re.compile(r"^([\w.-]+)==([^\s;]+)(?: ; (.+?))? \\\n((?:[ \t].*\n?)*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:(\w{64})")
_WANTED_BY = re.compile(r"^ +#(?: +via)? +([\w.-]+)", re.MULTILINE)
_CLASSIFIER = "License :: OSI Approved :: "
# A licence told in one line is its name; a longer text is the licence itself.
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Locked:
    """One entry of the lock: `marker` says where it is wanted, `wanted_by` which packages do."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    wanted_by: tuple[str, ...]

    @property
    def purl(self) -> str:
        """The package's name among all kinds of packages."""
        return f"pkg:pypi/{self.name}@{quote(self.version)}"


def locked(root: Path, lock: str = LOCK) -> list[Locked]:
    """Return every entry of a lock file, in its order."""
    text = (root / lock).read_text("utf-8")
    return [
        Locked(name, version, marker or "", tuple(_HASH.findall(rest)), _wanted_by(rest))
        for name, version, marker, rest in _ENTRY.findall(text)
    ]


def _wanted_by(rest: str) -> tuple[str, ...]:
    return tuple(name for name in _WANTED_BY.findall(rest) if name[0] != "-" and name != "via")


def licence_of(name: str) -> dict[str, str]:
    """Return what an installed package's metadata say of its licence.

    Under `expression` where that is one of SPDX, else under `name`; nothing where it is not
    installed or says nothing.
    """
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return {}
    told = package.metadata
    if expressions := told.get_all("License-Expression"):
        return {"expression": expressions[0]}
    classifiers = [
        one.removeprefix(_CLASSIFIER)
        for one in told.get_all("Classifier") or []
        if one.startswith(_CLASSIFIER)
    ]
    short = (told.get_all("License") or [""])[0].strip()
    named = short if _names(short) else ""
    first = next(_first_lines(package), "")
    found = named or "; ".join(classifiers) or first
    return {"name": found} if found else {}


def _names(licence: str) -> bool:
    return 0 < len(licence) <= _LONGEST_NAME and "\n" not in licence and licence != "UNKNOWN"


def _first_lines(package: Any) -> Iterator[str]:
    for file in package.files or ():
        if re.match(r"LICEN[CS]E", file.name, re.IGNORECASE):
            yield from filter(None, (line.strip() for line in file.read_text().splitlines()))


def sbom(root: Path, version: str, day: date) -> str:
    """Return the bill of materials of the locked environment, dated `day`, as JSON."""
    entries = locked(root)
    made = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": f"{day.isoformat()}T00:00:00Z",
            "lifecycles": [{"phase": "pre-build"}],
            "component": {
                "type": "application",
                "bom-ref": PROJECT,
                "name": PROJECT,
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
            },
        },
        "components": [_component(one) for one in entries],
        "dependencies": _dependencies(entries),
    }
    # The same content has the same number, on every machine.
    number = uuid5(NAMESPACE_URL, json.dumps(made, sort_keys=True))
    return json.dumps({**made, "serialNumber": f"urn:uuid:{number}"}, indent=1) + "\n"


def _component(one: Locked) -> dict[str, Any]:
    hashes = [{"alg": "SHA-256", "content": content} for content in one.hashes]
    files = {
        "type": "distribution",
        "url": one.purl,
        "comment": "each hash is of one of the files that the lock allows",
        "hashes": hashes,
    }
    marker = [{"name": f"{PROJECT}:marker", "value": one.marker}] if one.marker else []
    return {
        "type": "library",
        "bom-ref": one.purl,
        "name": one.name,
        "version": one.version,
        "purl": one.purl,
        **_licences(one),
        "externalReferences": [files],
        **({"properties": marker} if marker else {}),
    }


def _licences(one: Locked) -> dict[str, Any]:
    # Another version's licence would be a guess.
    told = licence_of(one.name) if _installed(one) else {}
    if not told:
        return {}
    return {"licenses": [told if "expression" in told else {"license": told}]}


def _installed(one: Locked) -> bool:
    try:
        return distribution(one.name).version == one.version
    except PackageNotFoundError:
        return False


def _dependencies(entries: list[Locked]) -> list[Mapping[str, object]]:
    wants: dict[str, list[str]] = {}
    for one in entries:
        for name in one.wanted_by:
            wants.setdefault(name, []).append(one.purl)
    refs = [(PROJECT, PROJECT), *((one.name, one.purl) for one in entries)]
    return [{"ref": ref, "dependsOn": wants.get(name, [])} for name, ref in refs]
