"""The table schemas in `data/datapackage.json` (Frictionless Data Package, Table Schema)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.problems import Problem, ProblemsFound

PACKAGE = "data/datapackage.json"


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its type and the Table Schema constraints its cells must meet."""

    name: str
    type: str
    constraints: Mapping[str, Any]
    example: str


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`field` holds values of `reference_field` in the table `reference`."""

    field: str
    reference: str
    reference_field: str


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV file; `file` is its path from the root of the project."""

    name: str
    file: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def columns(self) -> list[str]:
        """The column names in their written order."""
        return [field.name for field in self.fields]


def read_package(root: Path) -> tuple[Table, ...]:
    """Return the tables described by the data package of the project at `root`.

    Raises:
        ProblemsFound: the description is missing, is no JSON or lacks a part.
    """
    path = root / PACKAGE
    try:
        package = json.loads(path.read_text("utf-8"))
        return tuple(_table(resource) for resource in package["resources"])
    except FileNotFoundError:
        problem = Problem(PACKAGE, "the description of the tables")
    except UnicodeDecodeError as error:
        problem = Problem(PACKAGE, "UTF-8 text", value=str(error))
    except json.JSONDecodeError as error:
        problem = Problem(PACKAGE, "valid JSON", error.lineno, value=error.msg)
    except (KeyError, TypeError) as error:
        problem = Problem(PACKAGE, "resources with name, path and schema", value=str(error))
    raise ProblemsFound([problem])


def _table(resource: Mapping[str, Any]) -> Table:
    schema = resource["schema"]
    return Table(
        name=resource["name"],
        file=f"data/{resource['path']}",
        fields=tuple(_field(field) for field in schema["fields"]),
        primary_key=tuple(schema["primaryKey"]),
        foreign_keys=tuple(_foreign_key(key) for key in schema.get("foreignKeys", ())),
    )


def _field(field: Mapping[str, Any]) -> Field:
    constraints = field.get("constraints", {})
    return Field(field["name"], field["type"], constraints, str(field.get("example", "")))


def _foreign_key(key: Mapping[str, Any]) -> ForeignKey:
    reference = key["reference"]
    return ForeignKey(key["fields"][0], reference["resource"], reference["fields"][0])
