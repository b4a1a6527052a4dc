"""Which papers share practices or people: families of the tables, and the papers alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.figures.designs import CONTROLLED, DESIGNS
from analysis.figures.forest_rows import TRAILS

REPORT = "statistics, review, report or comment"
REPORTS = ("commentary", "news", "official_report", "official_statistics", "review", "web_page")
OPINION = "comment, letter, panel or poll"
SOURCES = {"study": "study", "review": "review"}
# What a family's practices or people are; one without a name here is called by its id.
NAMES = {
    "cprd_serious_mental_illness": "CPRD, serious mental illness",
    "cprd_type_2_diabetes": "CPRD, type 2 diabetes",
    "depression_study_team": "Depression study: GPs and patients",
    "durham_ethnography": "Durham practices, observed",
    "east_midlands_practices": "Practices of the East Midlands",
    "elsa": "English Longitudinal Study of Ageing",
    "england_42_practices": "42 practices in England",
    "england_dementia_schemes": "Dementia schemes in England",
    "england_interviews_2007": "Interviews in England, 2007",
    "forty_two_english_practices": "42 practices in England",
    "four_practice_case_studies": "Four practices, England and Scotland",
    "glasgow_nurses": "Practice nurses in Glasgow",
    "gp_patient_survey": "GP Patient Survey",
    "gp_worklife_surveys": "GP Worklife Surveys",
    "gprd_148_practices": "148 practices of GPRD",
    "gprd_422_practices": "422 practices of GPRD",
    "hammersmith_fulham_qof_plus": "Hammersmith and Fulham, QOF+",
    "health_survey_for_england": "Health Survey for England",
    "norfolk_18_practices": "18 practices in Norfolk",
    "official_qof_data": "Official QOF figures",
    "qof_pilot_practices": "Practices that piloted indicators",
    "qresearch": "QRESEARCH practices",
    "scotland_310_practices": "310 practices in Scotland",
    "scotland_315_practices": "315 practices in Scotland",
    "somerset_practice_quality_scheme": "Somerset’s local scheme",
    "southwest_london_practices": "Practices of southwest London",
    "thin_smoking_records": "THIN, smoking records",
    "tower_hamlets_networks": "Tower Hamlets networks",
    "two_practice_ethnography": "Two English practices, observed",
}
# Sources whose authors say less than what they are.
LABELS = {
    f"gpwls{year}": f"GP Worklife Survey {year}"
    for year in ("2012", "2015", "2017", "2019", "2021")
}
# Shape and whether it is an outline, by the order in which kinds are listed.
SIGNS = (("diamond", False), ("circle", False), ("square", True))


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: when it appeared, of which kind, how many rows it gives, where they are told."""

    study_id: str
    label: str
    year: int | None
    kind: str
    design: str
    rows: int
    to: str


@dataclass(frozen=True, slots=True)
class Family:
    """Papers on the same practices or people, earliest first, and why they are one family."""

    id: str
    papers: tuple[Paper, ...]
    why: str = ""

    @property
    def name(self) -> str:
        """What its practices or people are."""
        return NAMES.get(self.id, self.id.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Families:
    """All papers by family. `kinds` in the order of `SIGNS`; `gives` names what is counted."""

    shared: tuple[Family, ...]
    alone: tuple[Paper, ...]
    kinds: tuple[str, ...]
    gives: str
    title: str
    name: str

    @property
    def n_papers(self) -> int:
        """How many papers there are."""
        return len(self.alone) + sum(len(family.papers) for family in self.shared)

    @property
    def n_families(self) -> int:
        """How many separate samples they make."""
        return len(self.alone) + len(self.shared)


def of_studies(studies: pd.DataFrame, tables: Iterable[pd.DataFrame]) -> Families:
    """Return the families of the table `studies`; `tables` are those whose rows they give."""
    rows = pd.concat([table["study_id"] for table in tables]).value_counts()
    papers = [
        (row.sample_family, _study(row._asdict(), int(rows.get(row.study_id, 0))))
        for row in studies.astype(object).itertuples(index=False)
    ]
    told = studies.dropna(subset=["overlap"]).groupby("sample_family")["overlap"].first()
    others = tuple(dict.fromkeys(kind for _, kind in DESIGNS.values()))
    return _families(
        papers,
        told.to_dict(),
        (*sorted(others, key=lambda kind: kind != CONTROLLED), REPORT),
        ("figures", "Studies that share practices or patients", "families-studies"),
    )


def of_findings(findings: pd.DataFrame, labels: Mapping[str, str]) -> Families:
    """Return the families of the table `qualitative_findings`; `labels` name the sources."""
    papers = []
    for study, rows in findings.groupby("study_id"):
        kind, design = _source(rows["source_kind"].iloc[0])
        label = LABELS.get(str(study)) or labels[str(study)]
        to = f"{TRAILS}#trail-{study}"
        paper = Paper(str(study), label, _year(label), kind, design, len(rows), to)
        papers.append((rows["sample_family"].iloc[0], paper))
    title = "Sources on professional life that share practices or people"
    return _families(
        papers,
        {},
        (*SOURCES.values(), OPINION),
        ("findings", title, "families-qualitative"),
    )


def _study(told: Mapping[str, Any], rows: int) -> Paper:
    report = told["design_class"] in REPORTS
    kind = REPORT if report else DESIGNS[told["design_class"]][1]
    to = f"{TRAILS}#trail-{told['study_id']}" if rows else ""
    year = None if pd.isna(told["year"]) else int(told["year"])
    return Paper(told["study_id"], told["label"], year, kind, told["design"], rows, to)


def _source(kind: str) -> tuple[str, str]:
    return SOURCES.get(kind, OPINION), kind.replace("_", " ")


def _year(label: str) -> int | None:
    last = label.split()[-1]
    return int(last) if last.isdigit() else None


def _families(
    papers: list[tuple[str, Paper]],
    why: Mapping[str, str],
    kinds: tuple[str, ...],
    told: tuple[str, str, str],
) -> Families:
    by_family: dict[str, list[Paper]] = {}
    for family, paper in sorted(papers, key=lambda pair: (pair[1].year or 9999, pair[1].label)):
        by_family.setdefault(family, []).append(paper)
    shared = [Family(f, tuple(p), why.get(f, "")) for f, p in by_family.items() if len(p) > 1]
    shared.sort(key=lambda family: (-len(family.papers), family.name))
    alone = tuple(found[0] for found in by_family.values() if len(found) == 1)
    return Families(tuple(shared), alone, kinds, *told)
