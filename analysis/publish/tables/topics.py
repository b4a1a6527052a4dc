"""Extracted figures that a page lists by topic: levels, gaps, links and money, none averaged."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.evidence.tables import Evidence
from analysis.problems import Problem, ProblemsFound, nearest
from analysis.publish.tables.topic_figures import figure, readable

FILE = "analysis/publish/tables/topics.py"
COLUMNS = {
    "study_id": "Source",
    "what": "What",
    "timepoint": "When",
    "figure": "Figure",
    "read_in": "Read in",
}
_TABLES = ("effects", "associations", "levels")


@dataclass(frozen=True, slots=True)
class Topic:
    """A listing of figures: `rows` are ids of extracted rows; "walker2010" stands for all of it."""

    title: str
    rows: tuple[str, ...]


def _topic(title: str, rows: str) -> Topic:
    return Topic(title, tuple(rows.split()))


TOPICS: Mapping[str, Topic] = {
    "before_qof": _topic(
        "Change before QOF, in the same practices or country",
        "campbell2005 crosson2009 coleman2007",
    ),
    "two_levels_recorded": _topic(
        "Care recorded, before and after the start",
        "ashworth2008-1 millett2007-2 millett2007-3 simpson2010smoking-1 simpson2010smoking-2 "
        "simpson2010smoking-3 pcdq2006chol-1 pcdq2006chol-2 jepson2009-1 mcgovern2008diab-6 "
        "norbury2011-3 norbury2011-4 wandsworthchd2011-1 wandsworthchd2011-2 schartau_ed-1 "
        "taggar2012 tahrani2007 macbridestewart2008 lester2010-5 lester2010-6",
    ),
    "two_levels_readings": _topic(
        "Readings at target, before and after the start",
        "bjcardio2005htn crawley2009-2 crawley2009-3 crawley2009-4 crawley2009-5 crawley2009-6 "
        "crawley2009-7 crawley2009-8 crawley2009-9 gulliford2007-3 hippisleycox2007ts "
        "jepson2009-2 jepson2009-3 jepson2009-4 millett2009chd-1 millett2009chd-2 "
        "oluwatowoju2010 pcdq2006chol-3 pcdq2006chol-4 vaghela2009 wandsworthchd2011-3 "
        "wandsworthchd2011-4 wandsworthchd2011-5 cupples2008",
    ),
    "habits": _topic(
        "Smoking, weight and drinking",
        "fichera2016 millett2007-4 simpson2010smoking-4",
    ),
    "modelled_deaths": _topic(
        "Deaths: models, and links inside the scheme",
        "fleetcroft2010 honeyford2013 honeyford2014 grigoroglou2018 mckay2021mort-1 "
        "mckay2021mort-2",
    ),
    "admission_links": _topic(
        "Admissions: trends, and links inside the scheme",
        "santos2020 calderonlarranaga2011 soljak2011 gunn2021 downing2007-a1 ride2018",
    ),
    "deprivation": _topic(
        "Achievement in rich and poor areas",
        "ashworth2007-a1 ashworth2007-a2 ashworth2008-2 ashworth2008-3 ashworth2008-5 "
        "doran2008lancet-2 doran2008lancet-3 doran2008lancet-4 mclean2006-1 mclean2006-a1 "
        "mclean2006-a2 gulliford2007-1 gulliford2007-2 crawley2009-1 hammouche2011-a1 "
        "lowrie2017-a3 lowrie2017-a4 lowrie2017-a5 lowrie2017-a6 lowrie2017-a7 saxena2007",
    ),
    "ethnic_groups": _topic(
        "Readings by ethnic group over time",
        "millett2009 alshamsan2012 james2012 millett2009chd-6 millett2009chd-7 millett2008htn-2",
    ),
    "practice_size": _topic(
        "Small and large practices",
        "wang2006 doran2010small-1 doran2010small-l18 doran2010small-l19 doran2010small-l20 "
        "vamos2011 ashworth2006-a4 ashworth2006-a5",
    ),
    "unpaid_care": _topic(
        "Paid and unpaid care",
        "sutton2010-1 sutton2010-2 sutton2010-3 doran2011 steel2008 steel2014 vedavanam2009 "
        "farley2017 hamilton2014-2",
    ),
    "exceptions": _topic(
        "Patients left out",
        "doran2008nejm-1 doran2008nejm-2 doran2012-1 doran2012-2 doran2012-3 doran2012-4 "
        "doran2012-5 lowrie2017-1 lowrie2017-2 lowrie2017-3 lowrie2017-4 lowrie2017-5 "
        "lowrie2017-6 fleetcroft2008 kontopantelis2016exempt shah2011-6",
    ),
    "measuring": _topic(
        "What happens at a threshold, and on a register",
        "carey2009 alsanjari2012 strong2009 adderley2019",
    ),
    "codes": _topic(
        "Names for depression",
        "rait2009 kendrick2015 kendrick2009 moore2012",
    ),
    "consulting": _topic(
        "Consultations, continuity and satisfaction",
        "gilbert2019 kontopantelis2015smi campbell2009-5 whalley2008",
    ),
    "money": _topic(
        "What was paid, and for what",
        "campbell2007-l1 doran2012-6 doran2008nejm-3 fleetcroft2006 fleetcroft2012 sutton2010-4 "
        "walker2010",
    ),
}


def topic(evidence: Evidence, name: str) -> pd.DataFrame:
    """Return the rows of a topic as a listing shows them, in the order the topic names them.

    Raises:
        ProblemsFound: the topic names a row or a study that no table has.
    """
    found, problems = _rows(evidence, TOPICS[name].rows), []
    chosen: list[dict[str, Any]] = []
    for wanted in TOPICS[name].rows:
        matching = [row for row in found if wanted in (row["id"], row["study_id"])]
        chosen += matching
        if not matching:
            expected = nearest(wanted, _ids(evidence))
            problems.append(Problem(FILE, expected, name, "rows", wanted))
    if problems:
        raise ProblemsFound(problems)
    return pd.DataFrame([_told(row) for row in chosen])


def _ids(evidence: Evidence) -> list[str]:
    tables = (getattr(evidence, name) for name in _TABLES)
    return [str(one) for table in tables for one in table[table.columns[0]]]


def _rows(evidence: Evidence, wanted: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = []
    for name in _TABLES:
        table = getattr(evidence, name)
        named = table[table.columns[0]].isin(wanted) | table["study_id"].isin(wanted)
        for row in table[named].to_dict("records"):
            filled = {key: value for key, value in row.items() if not pd.isna(value)}
            rows.append({"id": filled[table.columns[0]], **filled})
    return rows


def _told(row: Mapping[str, Any]) -> dict[str, str]:
    condition = str(row.get("condition", "all"))
    indicator = str(row["indicator"])
    general = ("all", "general", "multiple", "organisation")
    named = condition.lower() in indicator.lower() or condition.startswith(general)
    return {
        "study_id": str(row["study_id"]),
        "what": readable(indicator if named else f"{condition}: {indicator}"),
        "timepoint": str(row.get("timepoint", "")),
        "figure": figure(row),
        "read_in": str(row.get("extracted_from", "")).replace("_", " "),
        "source_url": str(row.get("source_url", "")),
    }
