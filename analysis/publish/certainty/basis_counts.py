"""What is weak, counted: how much was read, checked, compared and judged."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.figures.designs import DESIGNS
from analysis.findings.finding import Finding
from analysis.numbers import percent

# As many estimates as an interval of a mean can hardly be made of.
FEW = 3
# What a design is worth that holds those concerned against others.
COMPARED = 3
# Sizes of studies in the simulation, by the name their counts take.
SIZES = {"equal": "equal", "ten to one": "unequal", "one giant": "giant"}
Rows = list[dict[str, str]]


def compares(design_class: str) -> bool:
    """Return whether a class of design holds those concerned against others."""
    return DESIGNS[design_class][0] == COMPARED


def basis_counts(root: Path, findings: Iterable[Finding]) -> dict[str, str]:
    """Return what is weak in numbers, as pages name it: `counts.findings_of_one_study`."""
    effects, facts = _rows(root, "effects"), _rows(root, "facts")
    measured = {row["study_id"] for row in effects}
    known = _rows(root, "studies")
    compared = {row["study_id"] for row in known if compares(row["design_class"])} & measured
    judged, again = _rows(root, "risk_of_bias"), _rows(root, "second_extraction")
    made = [finding for finding in findings if finding.rows]
    counts = {
        "effects_by_second_person": _count(effects, checked="second_person"),
        "effects_read_again_blind": len({row["extraction_row"] for row in again}),
        "facts": len(facts),
        "facts_from_press": _count(facts, extracted_from="press"),
        "studies_compared": len(compared),
        "studies_judged": len({row["study_id"] for row in judged} & measured),
        "judgements_final": sum(bool(row["final_judgement"]) for row in judged),
        "findings": len(made),
        "findings_of_one_study": sum(finding.n_studies == 1 for finding in made),
        "findings_of_few": sum(_with_interval(finding) <= FEW for finding in made),
        "full_texts_waiting": len({row["study_id"] for row in _rows(root, "to_extract")}),
    }
    from_abstracts = 100 * _count(effects, extracted_from="abstract") / len(effects)
    shares = {"effects_from_abstracts_share": percent(from_abstracts, digits=0)}
    return {name: f"{n:,}" for name, n in counts.items()} | shares | dict(_coverage(root))


def _count(rows: Rows, **wanted: str) -> int:
    return sum(all(row[name] == value for name, value in wanted.items()) for row in rows)


def _with_interval(finding: Finding) -> int:
    return sum(row.interval is not None for row in finding.rows)


def _coverage(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the least share of simulated intervals of the book's method that held the truth."""
    rows = [r for r in _rows(root, "coverage") if r["design"] == "pooled"]
    for size, name in SIZES.items():
        for target, kind in (("mean", "mean"), ("new study", "prediction")):
            held = [
                float(row["coverage"])
                for row in rows
                if (row["balance"], row["target"], row["method"]) == (size, target, "REML, HKSJ")
            ]
            yield f"least_coverage_{kind}_{name}", percent(100 * min(held), digits=0)


def _rows(root: Path, table: str) -> Rows:
    with (root / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
