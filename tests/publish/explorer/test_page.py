"""What the page for exploring is given: every row, its trail, and every place on a curve."""

import json
import re

import pandas as pd
import pytest

import analysis
from analysis.findings.robust_store import stored_robustness
from analysis.publish.explorer.choices import curves_of
from analysis.publish.explorer.page import (
    COLUMNS,
    EFFECTS,
    MULTIVERSE,
    PAGE,
    effects,
    explore_files,
    explorer,
)
from analysis.publish.explorer.rows import panels
from analysis.publish.explorer.terms import (
    FACETS,
    OTHER_CONDITION,
    conditions_of,
    family_label,
    null_of,
    panel_label,
    places_of,
)
from analysis.publish.light.pages import light_page, scripts_of


@pytest.fixture(scope="module")
def parts(root):
    return explorer(root)


@pytest.fixture(scope="module")
def told(parts):
    return effects(parts.rows)


@pytest.fixture(scope="module")
def files(root):
    return dict(explore_files(root))


@pytest.fixture(scope="module")
def averaged(root):
    return [found for found in stored_robustness(root).values() if found.analyses]


def test_every_extracted_effect_and_every_return_in_somerset_is_there(root, parts):
    extracted = pd.read_csv(root / "data" / "effects.csv")["effect_id"]
    returned = "somerset_return-" + pd.read_csv(root / "data" / "somerset_return.csv")["indicator"]
    assert list(parts.rows["effect_id"]) == [*extracted, *returned]


def test_every_row_of_the_table_leads_to_its_trail(root, parts, monkeypatch):
    monkeypatch.setenv("QOF_ROOT", str(root))
    linked = re.findall(r'href="trails\.html#([^"]+)"', parts.effects().html)
    assert linked == list(parts.rows["effect_id"])
    assert set(linked) <= set(re.findall(r'\bid="([^"]+)"', analysis.trails().html))


def test_the_table_has_a_cell_a_column_and_no_missing_value(parts):
    html = parts.effects().html
    # A browser with scripts lays out the first rows alone; one without has the rest beside them.
    first, rest = html.split("<noscript>")
    assert [part.count('<th scope="col">') for part in (first, rest)] == 2 * [len(COLUMNS)]
    assert first.count("<td>") == PAGE * (len(COLUMNS) - 1)
    assert html.count("<td>") == len(parts.rows) * (len(COLUMNS) - 1)
    assert not re.search(r">(nan|None|NaN|<NA>)\s*<", html)


def test_what_was_typed_into_the_data_is_no_markup(parts):
    odd = parts.rows.head(1).assign(what="<b>1 < 2 & 3</b>")
    html = type(parts)(odd).effects().html
    assert "&lt;b&gt;1 &lt; 2 &amp; 3&lt;/b&gt;" in html
    assert "<b>" not in html


def test_every_code_of_a_row_is_an_option_of_its_filter_and_no_option_is_empty(told):
    for facet in told["facets"]:
        column = told["columns"][facet["name"]]
        found = {code for value in column for code in (value if facet["many"] else [value])}
        assert found == {code for code, _ in facet["options"]}, facet["name"]
        assert all(label for _, label in facet["options"])
        assert len({label for _, label in facet["options"]}) == len(facet["options"])


def test_an_axis_has_one_measure_in_one_unit(told):
    columns = told["columns"]
    for at, estimate in enumerate(columns["estimate"]):
        panel = columns["panel"][at]
        assert (panel < 0) == (estimate is None)
        if panel >= 0:
            axis = told["panels"][panel]
            assert (axis["measure"], axis["unit"]) == (columns["measure"][at], columns["unit"][at])
            assert not axis["log"] or estimate > 0
    assert len({one["label"] for one in told["panels"]}) == len(told["panels"])


def test_the_commonest_axis_comes_first():
    rows = pd.DataFrame(
        {
            "measure": ["change_pp", "odds_ratio", "odds_ratio", "kappa"],
            "unit": ["percentage points", "odds ratio", "odds ratio", "kappa"],
            "estimate": [1.0, 1.2, 0.8, None],
        }
    )
    first, second = panels(rows)
    assert (first["label"], first["log"], first["null"]) == ("Odds ratio", True, 1.0)
    assert (second["label"], second["null"]) == ("Percentage points: change", 0.0)


def test_a_measure_without_a_value_of_no_difference_has_none():
    assert null_of("level_percent") is None
    assert null_of("mean_difference") == 0.0
    assert null_of("hazard_ratio") == 1.0
    assert panel_label("mean_difference", "mmHg") == "mmHg: difference of means"


def test_what_is_printed_is_sorted_under_headings():
    assert conditions_of("IHD; stroke; hypertension") == [
        "coronary heart disease",
        "hypertension",
        "stroke",
    ]
    assert conditions_of("SMI: obesity") == ["serious mental illness", "weight and alcohol"]
    assert conditions_of("multiple (29 indicators)") == [OTHER_CONDITION]
    assert places_of("United States, UK and Canada") == ["United States", "UK", "Canada"]
    assert family_label("cprd_type_2_diabetes") == "CPRD type 2 diabetes"


def test_the_files_are_strict_json_of_one_length_a_column(files):
    told = json.loads(files[EFFECTS], parse_constant=lambda name: pytest.fail(name))
    assert {len(column) for column in told["columns"].values()} == {told["n"]}
    assert {name for name, _ in told["table"]} <= told["columns"].keys()
    assert {facet.name for facet in FACETS} <= told["columns"].keys()
    assert told["version"]
    assert told["data_date"]


def test_each_question_comes_with_what_it_does_not_show(root, files):
    found = json.loads(files[MULTIVERSE])["findings"]
    assert [one["id"] for one in found] == list(stored_robustness(root))
    for one in found:
        assert one["cautions"]
        assert one["certainty_reasons"]
        assert one["page"] == f"findings/{one['id']}.html"
        assert bool(one["curves"]) == bool(one["results"])


def test_a_place_on_the_curve_is_that_of_the_verdict(averaged):
    for found in averaged:
        fixed = {c.name: c.usual for c in found.choices if c.other_question}
        (curve,) = [one for one in curves_of(found) if one["codes"] == fixed]
        verdict, (rows, way) = found.verdict(found.same_question), found.headline.at
        assert len(curve["places"]) == verdict.n
        assert curve["combinations"] == verdict.combinations
        assert curve["not_estimable"] == verdict.not_estimable
        place = curve["places"].index(rows * len(found.analyses[0]) + way)
        assert curve["ranks"][place] == verdict.rank


def test_a_curve_rises_and_ties_share_a_rank(averaged):
    for found in averaged:
        n_ways = len(found.analyses[0])
        for curve in curves_of(found):
            told = [found.analyses[at // n_ways][at % n_ways].estimate for at in curve["places"]]
            assert told == sorted(told)
            assert curve["ranks"] == [1 + sum(other < one for other in told) for one in told]


def test_the_script_of_the_page_stays_a_module_and_moves_to_the_head(parts):
    page = (
        '<html data-content_root="./"><head><meta charset="utf-8" />'
        '<link rel="stylesheet" href="_static/qof.css" /></head>'
        f"<body>{parts.rules().html}</body></html>"
    )
    made = light_page(page, "one.css", "one.js", frozenset(), lambda _: "_static/qof-explore-1.mjs")
    assert (
        '<script type="module" src="_static/qof-explore-1.mjs"></script>'
        in made.split("</head>")[0]
    )
    assert set(scripts_of(made)) == {"_static/one.js", "_static/qof-explore-1.mjs"}
    assert "<script" not in made.split("</head>")[1]
