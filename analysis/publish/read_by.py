"""What a page or a call reads, as a hash that changes when its content does, and only then."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from analysis.figures.gap_cells import CARE, PROFESSION, GapMap
from analysis.findings.store import INPUTS, digest_of
from analysis.paths import SEARCHES
from analysis.problems import ProblemsFound
from analysis.publish.book import CODE, Book
from analysis.publish.chapters import KERNEL, Chapter
from analysis.publish.inputs import cell_inputs
from analysis.references import read_searches

# What is read by what is neither one table nor everything. `FINDINGS` stands for every answer.
FINDINGS = "@findings"
# The parts of the map of gaps, by the name that a chapter calls each.
MAPPED = {CARE: "care", PROFESSION: "profession"}
READ = {
    "answers": (FINDINGS,),
    "briefs": ("data/briefs.yml",),
    "changes": (*INPUTS, "data/history/*.json", "references/*.csv", "CHANGELOG.md"),
    "explore": ("data/*.csv", "references/*.ris"),
    "code": CODE,
    "tables": ("data/*.csv", "references/*.ris"),
    "cases": ("data/cases.csv", "data/case_pages.csv", "references/*.ris"),
    "steps": ("data/[!.]*", "references/[!.]*", "book/*.md", "CHANGELOG.md"),
    "statements": ("data/qualitative_*", "references/*.ris"),
    "questions": ("data/questions.yml",),
    "families:qualitative": ("data/qualitative_findings.csv", "references/*.ris"),
    "schemas": ("data/schemas/*.json",),
    "families": (
        "data/effects.csv",
        "data/associations.csv",
        "data/levels.csv",
        "data/series.csv",
        "data/studies.csv",
        "data/qualitative_findings.csv",
        "references/*.ris",
    ),
    "gap_map": (
        FINDINGS,
        "data/effects.csv",
        "data/somerset_return.csv",
        "data/official_files.csv",
        "data/qualitative_*",
        "book/*.md",
    ),
    "grade": (
        FINDINGS,
        "data/effects.csv",
        "data/studies.csv",
        "data/risk_of_bias.csv",
        "data/somerset_return.csv",
        "data/questions.yml",
        "data/qualitative_*",
    ),
    "surveys": (
        "data/survey_numbers.csv",
        "data/series.csv",
        "data/timeline.csv",
        "references/*.ris",
    ),
    "summaries": ("data/*.csv", "data/*.yml", "references/*.ris"),
    "robust": (
        "data/choices.yml",
        "data/questions.yml",
        "data/effects.csv",
        "data/studies.csv",
        "data/somerset_return.csv",
        "data/official_files.csv",
    ),
    "package": ("data/*.csv", "data/datapackage.json"),
    "indicator_list": ("data/indicators.csv", "data/somerset_return.csv"),
    "links": ("data/*.csv", "data/*.yml", "references/*.csv", "references/*.ris", "book/*.md"),
}


def digest(names: set[str], book: Book) -> str:
    """Return a hash of the content behind `names`, and of the code that shows it."""
    parts = [f"{name}={fingerprint(book, name)}" for name in ("code", *sorted(names))]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def stamped(chapter: Chapter, book: Book) -> str:
    """Return the source with its cells' inputs in the kernel metadata, which jupyter-cache hashes.

    On one line, so that line numbers in messages stay those of the file.
    """
    key = digest(cell_inputs(chapter), book)
    return chapter.text.replace(KERNEL, f"kernelspec: {{name: python3, inputs: '{key}'}}", 1)


def fingerprint(book: Book, name: str) -> str:
    """Return what changes when the content behind `name` does.

    `name` is a finding's id or name, `cite:KEY`, `listing:NAME`, `flow`, `facts`, `counts`,
    `book`, a table of `data/`, a name in `READ`, or anything else for all inputs.
    """
    for spoken in book.findings.values():
        if name in (spoken.finding.id, spoken.finding.name):
            return spoken.finding.fingerprint
    if name.startswith("cite:"):
        return repr(book.library.get(name.removeprefix("cite:")))
    if name == "facts":
        cited = [book.library.get(row["study_id"]) for row in book.facts.rows]
        return _hash(repr((book.facts, cited)))
    if name in ("counts", "book", "events", "sources"):
        return _hash(repr(book.names()[name]))
    if (book.root / "data" / f"{name}.csv").is_file():
        return _digest(book.root, book.state, f"data/{name}.csv")
    if name == "flow" or name.startswith(("listing:", "gap_map:")):
        return _shown(book, name)
    # Of a call with a part, `families:studies`, what all its parts read where no less is known.
    read = READ.get(name) or READ.get(name.partition(":")[0], INPUTS)
    files = _digest(book.root, book.state, *(one for one in read if one != FINDINGS))
    return files + (_answers(book) if FINDINGS in read else "")


def _answers(book: Book) -> str:
    return _hash(repr([one.finding.fingerprint for one in book.findings.values()]))


# Asked when chapters run, when pages are read and when notebooks are made.
@lru_cache(maxsize=128)
def _shown(book: Book, name: str) -> str:
    """Return a hash of what a page shows where that is quicker made than told apart."""
    from analysis.evidence.tables import load_evidence
    from analysis.publish.caching.drawn import exact
    from analysis.publish.tables.listings import listing_of
    from analysis.publish.tables.screened import screened

    evidence, searches = load_evidence(book.root), read_searches(book.root / SEARCHES)
    try:
        if name == "flow":
            made = screened(evidence, book.library, searches)
            shown = repr((made.counts, made.samples)) + _digest(
                book.root, book.state, "references/*.ris"
            )
        elif name.startswith("gap_map:"):
            shown = exact(_map(book, name.removeprefix("gap_map:").split(",")))
        else:
            wanted = name.removeprefix("listing:")
            shown = listing_of(wanted, evidence, book.library, searches).html
    except (KeyError, ProblemsFound):
        # The chapter runs and says what is wrong.
        shown = _digest(book.root, book.state, *INPUTS)
    return _hash(shown)


@lru_cache(maxsize=1)
def _mapped(root: Path, _state: str) -> GapMap:
    from analysis.evidence.tables import load_evidence
    from analysis.publish.tables.mapped import mapped

    return mapped(root, load_evidence(root))


def _map(book: Book, parts: Sequence[str]) -> GapMap:
    """Return the map of gaps with the cells of these parts alone, as `gap_map` draws it."""
    whole = _mapped(book.root, book.state)
    cells = (cell for cell in whole.cells if parts == [""] or MAPPED.get(cell.part) in parts)
    return replace(whole, cells=tuple(cells))


@lru_cache(maxsize=128)
def _digest(root: Path, _state: str, *patterns: str) -> str:
    # While the book's state is the same, so are its files.
    return digest_of(root, *patterns)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
