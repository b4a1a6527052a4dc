"""Every combination of choices, once, and each result what the statistics give by themselves."""

import json
from dataclasses import asdict, replace
from itertools import product
from math import exp

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from analysis.evidence.tables import load_evidence
from analysis.findings.answer import answer
from analysis.findings.finding import Certainty
from analysis.findings.questions import read_questions
from analysis.findings.robust_answer import KINDS, robustness_of
from analysis.findings.robust_choices import FILE, read_choices
from analysis.findings.robust_compact import COLUMNS, compact, compact_all
from analysis.findings.robust_doubt import further, left_out, one_each, small_study
from analysis.findings.robust_fit import Rows, fit_all, one_a_family
from analysis.findings.robust_options import filters, for_question, ways
from analysis.findings.robust_store import from_dict, stored_robustness
from analysis.findings.robust_summary import counted, options
from analysis.findings.rows import select
from analysis.findings.store import read_store, write_store
from analysis.problems import ProblemsFound
from analysis.synthesis import egger_test, nested_regression, random_effects
from tests.conftest import ROOT
from tests.findings.conftest import question
from tests.synthesis.grid import CASES, METAFOR, TESTS, tolerance

WAY = {"dependence": "rows", "method": "REML", "test": "hksj", "rho": ""}


@pytest.fixture(scope="module")
def every():
    return stored_robustness(ROOT)


@pytest.fixture(scope="module")
def withdrawal(every):
    return every["withdrawal-recorded-care"]


@pytest.fixture(scope="module")
def frame():
    asked = next(q for q in read_questions(ROOT) if q.id == "withdrawal-recorded-care")
    chosen = select(asked, load_evidence(ROOT))
    return chosen[chosen["sei"].notna()]


def rows(yi, vi, study=None, *, log_scale=False):
    names = np.array(study or [f"s{at}" for at in range(len(yi))], dtype=object)
    return Rows(np.array(yi, float), np.array(vi, float), names, names, log_scale)


# Every combination, once


def test_every_question_that_is_no_series_is_asked_again(every):
    asked = [q.id for q in read_questions(ROOT) if q.kind in KINDS]
    assert list(every) == asked
    assert {one.kind for one in every.values()} == set(KINDS)


def test_every_combination_of_choices_appears_exactly_once(every):
    for found in every.values():
        told = [tuple(spec.choices.items()) for spec in found.specifications]
        assert len(set(told)) == len(told)
        assert set(told) == {
            tuple(chosen.items()) for chosen in combinations_by_hand(found.choices)
        }


def combinations_by_hand(choices):
    """All codes crossed, "" among them, and kept where a choice is "" just when it cannot arise."""
    model = [choice for choice in choices if not choice.filters]
    rest = [choice for choice in choices if choice.filters]
    for codes in product(*(["", *choice.options] for choice in model)):
        way = dict(zip((choice.name for choice in model), codes, strict=True))
        if any((way[choice.name] != "") != arises(choice, way) for choice in model):
            continue
        for others in product(*(choice.options for choice in rest)):
            yield way | dict(zip((choice.name for choice in rest), others, strict=True))


def arises(choice, way):
    return all(way[name] in codes for name, codes in choice.only_with.items())


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_ways_and_filters_make_a_product_of_what_arises(data):
    made = list(read_choices(ROOT))
    chosen = tuple(data.draw(st.lists(st.sampled_from(made[4:]), unique_by=lambda c: c.name)))
    every = list(filters(chosen))
    assert len(every) == np.prod([len(c.options) for c in chosen], dtype=int)
    assert len({tuple(one.items()) for one in every}) == len(every)


def test_a_way_asks_only_what_arises():
    found = list(ways(read_choices(ROOT)))
    three = [way for way in found if way["dependence"] == "three_level"]
    assert {way["method"] + way["test"] for way in three} == {""}
    assert sorted(way["rho"] for way in three) == ["0", "0.3", "0.6", "0.9"]
    assert {way["rho"] for way in found if way["dependence"] != "three_level"} == {""}
    assert len(found) == 2 * 7 * 3 + 4


def test_what_cannot_be_estimated_is_told_and_kept(every):
    for found in every.values():
        for one in (one for of_set in found.analyses for one in of_set):
            assert bool(one.reason) == (one.estimate is None) == (one.ci_low is None)
            assert one.k >= 2 or one.reason
    spec = every["withdrawal-recorded-care"].find(extraction="beyond_abstract")
    assert spec.result.reason == "no row is left; a mean needs two"
    assert spec.tally.k == 0
    alone = every["somerset-return-by-kind"].find(dependence="three_level").result
    assert (alone.k, alone.reason) == (30, "one study is left; a mean needs two")


# Against the statistics themselves, and against metafor


def test_the_headline_is_the_finding(every):
    evidence = load_evidence(ROOT)
    for asked in read_questions(ROOT):
        if asked.kind not in ("pooled", "nested"):
            continue
        own, told = every[asked.id].headline.result, answer(asked, evidence).summary
        for name in ("k", "estimate", "ci_low", "ci_high", "pi_low", "pi_high", "tau2"):
            assert as_told(getattr(own, name), getattr(told, name)), name


def as_told(own, told):
    # A batch and a single fit stop climbing to the peak of a likelihood at their own last digits.
    return own is None if told is None else own == pytest.approx(told, rel=1e-6)


@pytest.mark.parametrize("method", ["REML", "ML", "DL", "PM", "HE", "SJ", "HS"])
@pytest.mark.parametrize("test", ["hksj", "hksj-modified", "z"])
def test_a_specification_is_one_random_effects_fit(withdrawal, frame, method, test):
    kept = frame[(frame["design_class"] == "controlled_its")]
    fit = random_effects(kept["yi"], kept["vi"], method=method, test=test)
    found = withdrawal.find(method=method, test=test, designs="controlled").result
    # Both climb to a peak; the batch stops where the single fit does, to a few last digits.
    for name in ("k", "estimate", "ci_low", "ci_high", "pi_low", "pi_high", "tau2"):
        assert getattr(found, name) == pytest.approx(getattr(fit, name), rel=1e-6), name


@pytest.mark.parametrize("rho", ["0", "0.3", "0.6", "0.9"])
def test_a_three_level_specification_is_one_nested_fit(withdrawal, frame, rho):
    kept = frame[frame["indicator_type"] == "intermediate_outcome"]
    fit = nested_regression(kept["yi"], kept["vi"], kept["study_id"], {}, rho=float(rho))
    found = withdrawal.find(dependence="three_level", rho=rho, kinds="intermediate_outcome").result
    mean = fit.coefficients[0]
    # What is found may come from a store that a machine with another processor made: there linear
    # algebra gives other last digits.
    given = (found.estimate, found.ci_low, found.ci_high)
    assert given == pytest.approx((mean.estimate, mean.ci_low, mean.ci_high), rel=1e-9)


def test_one_row_a_sample_is_the_most_precise(withdrawal, frame):
    best = frame.sort_values("vi").groupby("study_id").head(1)
    fit = random_effects(best["yi"], best["vi"])
    assert withdrawal.find(dependence="family").result.estimate == pytest.approx(fit.estimate)
    found = rows([1, 2, 3, 4], [2, 1, 1, 5], ["a", "a", "b", "b"])
    kept = np.array([True, True, True, True])
    (chosen,) = one_a_family(found, [kept])
    assert chosen.tolist() == [False, True, True, False]


METHODS = next(c for c in read_choices(ROOT) if c.name == "method").options
FITS = [
    pytest.param(case, fit, id=f"{name}-{fit['method']}-{fit['test']}")
    for name, case in CASES.items()
    for fit in case["fits"]
    if fit["method"] in METHODS
]


@pytest.mark.parametrize(("case", "fit"), FITS)
def test_metafor_gives_the_same_specification(case, fit):
    way = {**WAY, "method": fit["method"], "test": TESTS[fit["test"]]}
    given = rows(case["yi"], case["vi"])
    ((found,),) = fit_all(given, [np.ones(len(case["yi"]), bool)], [way])
    wanted = {"estimate": "b", "ci_low": "ci_lb", "ci_high": "ci_ub", "tau2": "tau2"}
    for ours, theirs in wanted.items():
        told = pytest.approx(fit[theirs], rel=tolerance(fit["method"]), abs=1e-9)
        assert getattr(found, ours) == told, ours


@pytest.mark.parametrize(("rho", "key"), [("0", "robust_cr2"), ("0.6", "che_rho06")])
def test_metafor_and_clubsandwich_give_the_same_three_levels(rho, key):
    schools = METAFOR["multilevel"]["konstantopoulos2011"]
    names = [f"district {one}" for one in schools["cluster"]]
    way = {"dependence": "three_level", "method": "", "test": "", "rho": rho}
    given = rows(schools["yi"], schools["vi"], names)
    ((found,),) = fit_all(given, [np.ones(len(names), bool)], [way])
    told = schools[key]
    estimate = told.get("b", schools["three_level"]["b"])
    se, df = (told.get(f"cr2_{name}", told.get(name)) for name in ("se", "df"))
    # rma.mv stops where nlminb does; see tests/synthesis/dependence/test_three_level.py.
    half = t.ppf(0.975, df) * se
    assert found.estimate == pytest.approx(estimate, rel=1e-6)
    assert found.ci_low == pytest.approx(estimate - half, rel=1e-5)
    assert found.ci_high == pytest.approx(estimate + half, rel=1e-5)


def test_logarithms_come_back_as_ratios():
    yi, vi = [0.1, 0.4, 0.3], [0.02, 0.01, 0.03]
    ((found,),) = fit_all(rows(yi, vi, log_scale=True), [np.ones(3, bool)], [WAY])
    fit = random_effects(yi, vi)
    assert found.estimate == pytest.approx(exp(fit.estimate))
    assert found.pi_high == pytest.approx(exp(fit.pi_high))
    assert found.tau2 == pytest.approx(fit.tau2)


# What they agree on


def test_choices_that_keep_the_same_rows_count_once(withdrawal):
    every = withdrawal.verdict(withdrawal.specifications)
    made = {spec.at for spec in withdrawal.specifications if not spec.result.reason}
    assert every.n == len(made) < every.combinations - every.not_estimable
    assert set(withdrawal.distinct()) == made


def test_the_verdict_is_counted_from_the_analyses(withdrawal):
    told = withdrawal.verdict(withdrawal.same_question)
    some = {s.at: s.result for s in withdrawal.same_question if not s.result.reason}.values()
    estimates = sorted(one.estimate for one in some)
    assert all(spec.choices["kinds"] == "all" for spec in withdrawal.same_question)
    assert (told.lowest, told.highest) == (estimates[0], estimates[-1])
    assert told.median == np.median(estimates)
    assert told.same_side == np.mean([one < 0 for one in estimates])
    assert told.excluding == np.mean([one.ci_high < 0 for one in some])
    assert told.rank == 1 + sum(one < withdrawal.headline.result.estimate for one in estimates)
    lacking = sum(bool(s.result.reason) for s in withdrawal.same_question)
    assert told.not_estimable == lacking


def test_distinct_analyses_stand_under_the_fewest_changes(withdrawal):
    usual = withdrawal.usual
    spec = withdrawal.distinct()[withdrawal.find(left_out="minchin2018").at]
    changed = [name for name, code in spec.choices.items() if code not in ("", usual[name])]
    assert len(changed) == 1


def test_options_say_what_each_alone_does(every):
    for found in every.values():
        told = list(options(found))
        assert len(told) == sum(len(choice.options) for choice in found.choices)
        for one in told:
            assert one.alone.choices[one.name] == one.code
            assert one.same_rows <= (one.alone.at == found.headline.at)


def test_a_listed_claim_is_asked_again_of_every_set_of_rows(every):
    smoking = every["introduction-smi-recording"]
    told = counted(smoking)
    assert told.holds + told.fails <= told.sets <= told.n <= told.combinations
    assert smoking.headline.tally.holds is True
    assert smoking.analyses == ()


# What moves a headline


def test_leaving_out_is_a_fit_without(withdrawal, frame):
    studies = [left for left in withdrawal.left if left.what == "study"]
    each = [left for left in withdrawal.left if left.what == "row"]
    assert [left.key for left in each] == list(frame["effect_id"])
    assert {left.key for left in studies} == set(frame["study_id"])
    for left in withdrawal.left:
        column = "study_id" if left.what == "study" else "effect_id"
        kept = frame[frame[column] != left.key]
        fit = random_effects(kept["yi"], kept["vi"])
        assert left.result.estimate == pytest.approx(fit.estimate, rel=1e-6)
        moved = fit.estimate - withdrawal.headline.result.estimate
        assert left.change == pytest.approx(moved, abs=1e-5)


def test_a_single_study_is_not_left_out():
    found = left_out(
        rows([1, 2, 3], [1, 1, 1], ["a"] * 3), WAY, dict.fromkeys("xyza", ""), [*"xyz"]
    )
    assert [left.what for left in found] == ["row"] * 3


def test_the_tipping_point_is_where_the_interval_meets_no_effect():
    yi, vi = [-5.0, -6.0, -7.0, -6.5, -5.5], [0.5] * 5
    found = further(rows(yi, vi), WAY)
    assert not found.included
    at = random_effects([*yi, found.tipping], [*vi, 0.5])
    nearer = random_effects([*yi, found.tipping - 0.05], [*vi, 0.5])
    assert at.ci_high >= 0 > nearer.ci_high
    null = random_effects([*yi, 0.0], [*vi, 0.5])
    assert found.with_null.ci_high == pytest.approx(null.ci_high)


def test_an_interval_that_includes_no_effect_needs_nothing_further():
    found = further(rows([-5.0, 6.0, 1.0], [1.0] * 3), WAY)
    assert found.included
    assert found.tipping is None


def test_no_tipping_point_is_said_as_none():
    found = further(rows([10.0, 10.1, 9.9] * 20, [0.01] * 60), WAY)
    assert found.tipping is None
    assert found.reach == pytest.approx(-40, abs=0.1)


def test_one_row_a_sample_each_way(withdrawal, frame):
    sizes = frame.groupby("study_id").size()
    assert withdrawal.one_each.n == withdrawal.one_each.possible == sizes.prod()
    pairs = product(*(group[["yi", "vi"]].to_numpy() for _, group in frame.groupby("study_id")))
    fits = [random_effects(*np.array(pair).T) for pair in pairs]
    assert withdrawal.one_each.median == pytest.approx(np.median([f.estimate for f in fits]))
    outside = np.mean([f.ci_high < 0 or f.ci_low > 0 for f in fits])
    assert withdrawal.one_each.excluding == pytest.approx(outside)
    assert one_each(rows([1, 2], [1, 1], ["a", "a"]), WAY) is None


def test_small_studies_are_tested_with_ten_rows_or_more():
    rng = np.random.default_rng(1)
    vi = rng.uniform(0.1, 2, 12)
    yi = rng.normal(0, np.sqrt(vi))
    alone = small_study(rows(yi, vi))
    told = egger_test(yi, vi)
    assert (alone.form, alone.p_value, alone.slope) == ("lm", told.p_value, told.slope)
    shared = small_study(rows(yi, vi, [f"s{at // 2}" for at in range(12)]))
    names = [f"s{at // 2}" for at in range(12)]
    slope = nested_regression(yi, vi, names, {"se": np.sqrt(vi)}).coefficients[1]
    assert slope.df < 4 and shared.p_value is None and "too few" in shared.reason
    assert "needs 10 rows" in small_study(rows(yi[:9], vi[:9])).reason
    assert small_study(rows(yi, vi, ["a"] * 12)).reason == "all rows come from one sample"


def test_small_studies_of_many_samples_are_tested_with_robust_errors():
    rng = np.random.default_rng(2)
    vi = rng.uniform(0.1, 2, 60)
    yi, names = rng.normal(0, np.sqrt(vi)), [f"s{at // 2}" for at in range(60)]
    found = small_study(rows(yi, vi, names))
    slope = nested_regression(yi, vi, names, {"se": np.sqrt(vi)}).coefficients[1]
    assert (found.form, found.p_value, found.df) == ("robust", slope.p_value, slope.df)


# Stored and exported


def test_robustness_comes_back_from_the_store_as_it_was(every, tmp_path):
    path = tmp_path / "r.json"
    write_store(path, "now", "robustness", [asdict(one) for one in every.values()])
    assert read_store(path, "later", "robustness") is None
    assert read_store(tmp_path / "none.json", "now", "robustness") is None
    back = {entry["id"]: from_dict(entry) for entry in read_store(path, "now", "robustness")}
    assert back == every


def test_it_is_the_same_every_time():
    asked = next(q for q in read_questions(ROOT) if q.id == "withdrawal-readings-at-target")
    # Not beside what is stored: another processor, which may have made that, has other last digits.
    first, again = (robustness_of(asked, load_evidence(ROOT), read_choices(ROOT)) for _ in range(2))
    assert again == first


def look_up(one, chosen):
    """Find a result as a page's script would, from the compact form alone."""
    said = one["choices"]
    way = [chosen[c["name"]] for c in said if not c["filters"]]
    place = 0
    for choice in (c for c in said if c["filters"]):
        codes = [code for code, _ in choice["options"]]
        place = place * len(codes) + codes.index(chosen[choice["name"]])
    kept = one["kept"][place]
    result = one["results"][kept][one["ways"].index(way)] if one["results"] else None
    return one["sets"][kept], result


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_page_finds_every_result_in_the_compact_form(every, exported, data):
    found = every[data.draw(st.sampled_from(sorted(every)))]
    spec = data.draw(st.sampled_from(found.specifications))
    one = exported[found.id]
    counts, result = look_up(one, spec.choices)
    assert dict(zip(one["counts"], counts, strict=True))["k"] == spec.tally.k
    if spec.result is None:
        return
    if spec.result.reason:
        assert one["reasons"][result] == spec.result.reason
        return
    told = dict(zip(COLUMNS, result, strict=True))
    half = 0.5 * 10.0 ** -one["digits"] + 1e-9
    for name in ("estimate", "ci_low", "ci_high"):
        assert told[name] == pytest.approx(getattr(spec.result, name), abs=half)
    assert (told["pi_low"] is None) == (spec.result.pi_low is None)


@pytest.fixture(scope="module")
def exported(every):
    return {one["id"]: json.loads(json.dumps(one)) for one in map(compact, every.values())}


def test_the_compact_form_of_all_findings_is_light(every):
    told = compact_all(every)
    assert [one["id"] for one in told["findings"]] == list(every)
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    assert len(text.encode()) <= 300_000


# The file of choices


def changed(tmp_path, edit):
    entries = yaml.safe_load((ROOT / FILE).read_text("utf-8"))
    edit({entry["name"]: entry for entry in entries}, entries)
    (tmp_path / "data").mkdir()
    (tmp_path / FILE).write_text(yaml.safe_dump(entries, sort_keys=False), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda by, _: by["method"].update(lable="x"), "method, column lable: expected one of"),
        (lambda by, _: by["method"].pop("label"), "method, column label: expected a value"),
        (lambda by, _: by["designs"].update(options=["a"]), "column options: found \"['a']\""),
        (
            lambda by, _: by["designs"]["keep"].update(oops={"design_class": ["x"]}),
            "designs, column keep: found 'oops'",
        ),
        (
            lambda by, _: by["checked"]["drop"].update(checked="no"),
            "checked, column drop: found 'checked: no'",
        ),
        (lambda by, _: by["rho"].update(usual="0.5"), "rho, column usual: found '0.5'"),
        (lambda by, _: by["test"].update(only_with={"depend": ["rows"]}), "found 'depend'"),
        (
            lambda by, _: by["test"].update(only_with={"dependence": ["row"]}),
            "column only_with.dependence: found 'row'",
        ),
        (lambda _, all_: all_.append(dict(all_[0])), "expected a name used once"),
    ],
)
def test_a_fault_of_the_file_is_named(tmp_path, edit, told):
    with pytest.raises(ProblemsFound) as caught:
        read_choices(changed(tmp_path, edit))
    assert told in str(caught.value)
    assert FILE in str(caught.value)


@pytest.mark.parametrize("text", ["- name: [", "name: x"])
def test_a_file_that_is_no_list_is_named(tmp_path, text):
    (tmp_path / "data").mkdir()
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(ProblemsFound, match=FILE):
        read_choices(tmp_path)


def test_a_column_that_is_not_there_is_named(evidence):
    made = read_choices(ROOT)
    asked = {"its": {"design_clas": ("x",)}}
    bad = [replace(c, keep=asked) if c.name == "designs" else c for c in made]
    with pytest.raises(ProblemsFound) as caught:
        robustness_of(question(), evidence, tuple(bad))
    assert f"{FILE}, designs, column its: found 'design_clas'" in str(caught.value)
    assert "did you mean design_class?" in str(caught.value)


def test_the_values_that_choices_name_are_in_the_tables_vocabulary():
    package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
    fields = [field for table in package["resources"] for field in table["schema"]["fields"]]
    known = {}
    for field in fields:
        known.setdefault(field["name"], set()).update(field.get("constraints", {}).get("enum", ()))
    known["design_class"].add("natural_experiment")  # of official counts, in no table of studies
    asked = [a for c in read_choices(ROOT) for a in (*c.keep.values(), *c.drop.values())]
    assert asked
    for column, values in (pair for one in asked for pair in one.items()):
        assert set(values) <= known[column]


def test_a_question_that_takes_an_unknown_option_is_named(evidence):
    with pytest.raises(ProblemsFound, match="made-up-question, column method: found 'EB'"):
        robustness_of(question(method="EB"), evidence, read_choices(ROOT))


def test_a_question_whose_own_rows_have_no_mean_is_named(evidence):
    table = select(question(), evidence)
    only = {"effect_id": (table.loc[table["sei"].notna(), "effect_id"].iloc[0],)}
    told = "made-up-question, column where: .* rows that have a mean .one row is left"
    with pytest.raises(ProblemsFound, match=told):
        robustness_of(question(where=only), evidence, read_choices(ROOT))


def test_what_is_not_known_keeps_its_row(evidence):
    found = robustness_of(question(), evidence, read_choices(ROOT))
    assert found.find(risk_of_bias="no_serious").tally.k == 4
    judged = evidence.studies.assign(risk_of_bias_overall=["serious", None, "critical"])
    evidence.studies = judged
    found = robustness_of(question(), evidence, read_choices(ROOT))
    assert found.find(risk_of_bias="no_serious").tally.k == 2
    assert found.find(risk_of_bias="no_critical").tally.k == 4


def test_a_listed_question_has_counts_alone(evidence):
    asked = question(kind="listed", holds_if="k_interval_below == k_with_interval")
    found = robustness_of(asked, evidence, read_choices(ROOT))
    assert found.analyses == found.left == ()
    assert {choice.filters for choice in found.choices} == {True}
    assert found.headline.tally.holds is True
    assert found.find(left_out="alpha2018").tally.k == 2
    gone = question(kind="listed", holds_if="highest_recording_or_review < 0")
    lost = robustness_of(gone, evidence, read_choices(ROOT))
    assert lost.find(kinds="intermediate_outcome").tally.holds is None


def test_options_of_a_column_need_two_values(evidence):
    only = pd.DataFrame(evidence.effects)
    evidence.effects = only[only["study_id"] == "alpha2018"]
    own = for_question(read_choices(ROOT), question(), select(question(), evidence))
    assert list(next(c for c in own if c.name == "left_out").options) == ["none"]
    certain = question(certainty=Certainty("high", ("x",)))
    assert robustness_of(certain, evidence, read_choices(ROOT)).certainty == "high"
