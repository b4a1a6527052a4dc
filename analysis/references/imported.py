"""What was found in an export: records and diagnostics, with counts that add up."""

from dataclasses import dataclass

from analysis.references.record import Record


class NotACitationFile(Exception):
    """The file holds no citations in any format that is known."""


@dataclass(frozen=True, slots=True)
class Imported:
    """One record of an export.

    `record` has no key yet: the library gives one. `line` is where it began in the file.
    `abstract` serves the comparison with other records and is never kept in the library.
    """

    record: Record
    line: int
    abstract: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One record that could not be read, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Export:
    """A file of citations as it was read: `seen` = records + rejections, always.

    Raises:
        ValueError: the counts do not add up; a reader lost something.
    """

    file: str
    format: str
    encoding: str
    seen: int
    records: tuple[Imported, ...]
    rejections: tuple[Rejection, ...]

    def __post_init__(self) -> None:
        if self.seen != len(self.records) + len(self.rejections):
            told = f"{len(self.records)} records and {len(self.rejections)} rejections"
            raise ValueError(f"{self.file}: {self.seen} records seen, but {told}")
