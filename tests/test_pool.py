"""`qof pool`: anyone's table, held against metafor, and every way a table can be wrong."""

import csv
import io
import json
import subprocess
import sys

import pytest

from analysis.cli import main
from analysis.pool.analyse import Wanted, pool
from analysis.pool.text import as_text
from analysis.synthesis import ESTIMATORS
from analysis.synthesis.pooling.fit import TESTS as KNOWN_TESTS
from analysis.verbs.pool import METHODS, TESTS
from tests.conftest import ROOT

METAFOR = json.loads((ROOT / "tests" / "reference" / "metafor.json").read_text("utf-8"))
BCG = METAFOR["cases"]["bcg"]
SCHOOLS = METAFOR["multilevel"]["konstantopoulos2011"]

# The reference iterates tau² to 1e-14 and prints 15 digits; a CSV carries them all.
REL = 1e-6

# field here -> field of metafor
SUMMARY = {
    **{"k": "k", "estimate": "b", "se": "se", "ci_low": "ci_lb", "ci_high": "ci_ub"},
    **{"p_value": "p", "tau2": "tau2", "i2": "I2", "h2": "H2", "q": "Q", "q_p_value": "Qp"},
    **{"pi_low": "pi_lb", "pi_high": "pi_ub"},
}
# Alphabetical groups of the BCG trials by latitude, to make a moderator of text.
ZONES = ["temperate" if latitude > 30 else "hot" for latitude, _ in BCG["mods"]]


def write(path, header, *columns):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *zip(*columns, strict=True)])
    return path


def case_file(folder, name):
    case = METAFOR["cases"][name]
    return write(folder / f"{name}.csv", ["yi", "vi"], case["yi"], case["vi"])


@pytest.fixture
def bcg(tmp_path):
    names = [f"Trial {at}" for at in range(1, 14)]
    header = ["trial", "yi", "vi", "se", "ablat", "year", "zone"]
    roots = [variance**0.5 for variance in BCG["vi"]]
    columns = (names, BCG["yi"], BCG["vi"], roots, *zip(*BCG["mods"], strict=True), ZONES)
    return write(tmp_path / "bcg.csv", header, *columns)


@pytest.fixture
def schools(tmp_path):
    columns = (SCHOOLS["yi"], SCHOOLS["vi"], SCHOOLS["cluster"])
    return write(tmp_path / "schools.csv", ["yi", "vi", "district"], *columns)


@pytest.fixture
def found(capsys):
    """Run the verb with `--json` and return what it wrote, refusing what is not strict JSON."""

    def run(*arguments):
        assert main(["pool", *map(str, arguments), "--json"]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return json.loads(out, parse_constant=pytest.fail)

    return run


def reference(fits, method, test):
    return next(fit for fit in fits if (fit["method"], fit["test"]) == (method, test))


@pytest.mark.parametrize("name", METAFOR["cases"])
def test_defaults_are_metafors_reml_with_knapp_and_hartung(name, tmp_path, found):
    fit = reference(METAFOR["cases"][name]["fits"], "REML", "knha")
    result = found(case_file(tmp_path, name))
    assert {key: result[key] for key in SUMMARY} == pytest.approx(
        {key: fit[theirs] for key, theirs in SUMMARY.items()}, rel=REL, abs=0
    )
    assert (result["method"], result["test"], result["df"]) == ("REML", "hksj", fit["k"] - 1)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_with_normal_tails(method, bcg, found):
    fit = reference(BCG["fits"], method, "z")
    result = found(bcg, "--method", method.lower(), "--test", "z")
    assert [result["estimate"], result["se"], result["p_value"]] == pytest.approx(
        [fit["b"], fit["se"], fit["p"]], rel=REL
    )
    assert result["df"] is None


def test_the_choices_are_those_of_the_statistics():
    assert set(METHODS) == set(ESTIMATORS)
    assert set(TESTS) == set(KNOWN_TESTS)


def test_standard_errors_in_place_of_variances(bcg, found):
    assert found(bcg, "--se", "se")["estimate"] == pytest.approx(found(bcg)["estimate"], rel=REL)


@pytest.mark.parametrize("column", ["sei", "se"])
def test_standard_errors_are_found_by_name(column, tmp_path, found):
    roots = [variance**0.5 for variance in BCG["vi"]]
    file = write(tmp_path / "table.csv", ["yi", column], BCG["yi"], roots)
    assert found(file)["q"] == pytest.approx(reference(BCG["fits"], "REML", "knha")["Q"], rel=REL)


def test_the_level_widens_the_interval(bcg, found):
    wide, usual = found(bcg, "--level", "0.99"), found(bcg)
    assert wide["level"] == 0.99
    assert wide["ci_low"] < usual["ci_low"] < usual["ci_high"] < wide["ci_high"]


def test_numeric_moderators(bcg, found):
    fit = reference(BCG["metareg"], "REML", "knha")
    result = found(bcg, "--moderators", "ablat,year")
    rows = result["coefficients"]
    assert [row["name"] for row in rows] == ["intercept", "ablat", "year"]
    for here, theirs in (("estimate", "b"), ("se", "se"), ("ci_low", "ci_lb"), ("p_value", "p")):
        assert [row[here] for row in rows] == pytest.approx(fit[theirs], rel=REL)
    assert [
        result["qm"],
        result["qm_p_value"],
        result["r2"],
        result["residual"]["tau2"],
    ] == pytest.approx([fit["QM"], fit["QMp"], fit["R2"], fit["tau2"]], rel=REL)
    assert result["tau2"] == pytest.approx(reference(BCG["fits"], "REML", "knha")["tau2"], rel=REL)


def test_text_makes_treatment_contrasts(bcg, tmp_path, found):
    result = found(bcg, "--moderators", "zone")
    dummy = [int(zone == "temperate") for zone in ZONES]
    same = write(tmp_path / "dummy.csv", ["yi", "vi", "d"], BCG["yi"], BCG["vi"], dummy)
    by_hand = found(same, "--moderators", "d")
    assert result["reference_levels"] == {"zone": "hot"}
    assert result["coefficients"][1]["name"] == "zone=temperate"
    assert result["coefficients"][1]["estimate"] == by_hand["coefficients"][1]["estimate"]
    assert result["qm"] == by_hand["qm"]


def test_clusters(schools, found):
    result = found(schools, "--cluster", "district")
    model, robust = result["three_level"], result["robust"]
    theirs, cr2 = SCHOOLS["three_level"], SCHOOLS["robust_cr2"]
    names = ("se", "sigma2_between", "sigma2_within")
    assert [model["estimate"], *(model[name] for name in names)] == pytest.approx(
        [theirs["b"], *(theirs[name] for name in names)], rel=REL
    )
    assert [robust[name] for name in ("se", "df", "ci_low", "ci_high", "p_value")] == pytest.approx(
        [cr2[name] for name in ("se", "df", "ci_lb", "ci_ub", "p")], rel=REL
    )
    assert robust["type"] == "CR2"


def test_small_study_effects(bcg, found):
    result = found(bcg, "--bias", "--test", "z")
    egger, rank, fill = (result[name] for name in ("egger", "rank", "trimfill"))
    theirs = BCG["egger_lm"]
    assert [egger["statistic"], egger["p_value"], egger["limit"]] == pytest.approx(
        [theirs["stat"], theirs["p"], theirs["est"]], rel=REL
    )
    theirs = BCG["ranktest"]
    assert [rank["kendall_tau"], rank["p_value"]] == pytest.approx(
        [theirs["tau"], theirs["p"]], rel=REL
    )
    theirs = BCG["trimfill"]
    assert (fill["k0"], fill["side"]) == (theirs["k0"], theirs["side"])
    assert [fill["estimate"], fill["se"]] == pytest.approx([theirs["b"], theirs["se"]], rel=REL)


def test_few_effects_are_not_tested_unless_forced(tmp_path, found):
    file = case_file(tmp_path, "hine1989")
    refused, forced = found(file, "--bias"), found(file, "--bias", "--force")
    assert [refused[name] for name in ("egger", "rank", "trimfill")] == [None] * 3
    assert "6 effects are too few" in refused["warnings"][-1]
    theirs = METAFOR["cases"]["hine1989"]["egger_lm"]
    assert forced["egger"]["p_value"] == pytest.approx(theirs["p"], rel=REL)


def test_a_test_that_cannot_be_done_is_null_and_says_why(tmp_path, found):
    file = write(tmp_path / "same.csv", ["yi", "vi"], [at / 7 for at in range(12)], [0.1] * 12)
    result = found(file, "--bias")
    assert result["egger"] is None and result["rank"] is None
    assert any(sentence.startswith("No egger test: expected") for sentence in result["warnings"])


def test_text_tells_everything(bcg, schools, capsys):
    assert main(["pool", str(bcg), "--label", "trial", "--moderators", "zone", "--bias"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Random effects (REML, HKSJ), k = 13, ")
    fit = reference(BCG["fits"], "REML", "knha")
    assert f"{fit['b']:.3f}, 95% CI {fit['ci_lb']:.3f} to {fit['ci_ub']:.3f}" in text
    assert f"{fit['pi_lb']:.3f} to {fit['pi_ub']:.3f} for the true effect" in text
    for part in ("Trial 13", "zone=temperate", "zone is compared with hot", "1 added on the right"):
        assert part in text
    assert main(["pool", str(schools), "--cluster", "district"]) == 0
    assert "Three levels (REML), 11 clusters" in capsys.readouterr().out


def test_warnings_stand_each_on_a_line(tmp_path):
    file = write(tmp_path / "two.csv", ["yi", "vi"], [0.1, 0.4], [0.02, 0.03])
    found = pool(str(file), Wanted(bias=True))
    lines = as_text(found).splitlines()
    assert [f"warning: {sentence}" for sentence in found["warnings"]] == lines[-2:]
    assert "Only two effects" in lines[-2]


def test_the_common_effect_has_no_interval_of_tau2_in_text(bcg):
    text = as_text(pool(str(bcg), Wanted(method="EE", test="z")))
    assert text.startswith("Common effect (EE, Wald)")
    assert "tau²          0 by assumption" in text


def test_standard_input_outside_a_checkout(bcg, tmp_path):
    command = [sys.executable, "-m", "analysis", "pool", "-", "--json"]
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    # No QOF_ROOT that leads anywhere, no checkout above: the package alone is on the path.
    env = {"PYTHONPATH": str(ROOT), "QOF_ROOT": str(folder), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command, input=bcg.read_bytes(), capture_output=True, cwd=folder, env=env, check=True
    )
    assert json.loads(done.stdout)["k"] == 13
    assert done.stderr == b""


@pytest.mark.parametrize("change", ["bom", "semicolons", "tabs", "blank rows", "spaces", "crlf"])
def test_tables_as_spreadsheets_save_them(change, tmp_path, found):
    plain = case_file(tmp_path, "hine1989")
    text = plain.read_text("utf-8")
    changed = {
        "bom": "\ufeff" + text,
        "semicolons": text.replace(",", ";"),
        "tabs": text.replace(",", "\t"),
        "blank rows": text.replace("\n", "\n\n") + ",\n",
        "spaces": text.replace(",", " , "),
        "crlf": text.replace("\n", "\r\n"),
    }[change]
    other = tmp_path / "other.csv"
    other.write_bytes(changed.encode())
    assert found(other)["estimate"] == found(plain)["estimate"]


GOOD = "study,yi,vi\nA,0.1,0.02\nB,0.3,0.04\nC,0.2,0.03\n"

# name -> (the file, more arguments, what must be told)
BAD = {
    "empty": ("", [], ["the file is empty"]),
    "blank": ("\n \n", [], ["the file is empty"]),
    "header only": ("yi,vi\n", [], ["0 rows below the header", "at least 2 effects"]),
    "one row": ("yi,vi\n1,2\n", [], ["1 row below the header", "at least 2 effects"]),
    "no yi": ("y,vi\n1,2\n2,3\n", [], ["row 1, column yi", "--yi", "one of vi, y"]),
    "no vi": ("yi,v\n1,2\n2,3\n", [], ["column vi", "--vi or --se", "one of v, yi"]),
    "no such column": (GOOD, ["--vi", "var"], ["column var", "one of study, vi, yi"]),
    "no such se": (GOOD, ["--se", "sd"], ["column sd", "--se"]),
    "no such label": (GOOD, ["--label", "name"], ["column name", "--label"]),
    "no such moderator": (GOOD, ["--moderators", "x"], ["column x", "--moderators"]),
    "no such cluster": (GOOD, ["--cluster", "x"], ["column x", "--cluster"]),
    "text": (
        GOOD.replace("0.3", "n/a"),
        [],
        ["row 3, column yi: found 'n/a'; expected a number, not text"],
    ),
    "blank cell": (GOOD.replace("0.3", ""), [], ["row 3, column yi: found ''"]),
    "nan": (GOOD.replace("0.3", "NaN"), [], ["row 3, column yi: found 'NaN'", "a finite number"]),
    "inf": (GOOD.replace("0.3", "inf"), [], ["row 3, column yi: found 'inf'", "a finite number"]),
    "underscore": (GOOD.replace("0.3", "1_0"), [], ["row 3, column yi: found '1_0'"]),
    "true minus": (GOOD.replace("0.3", "−0.3"), [], ["did you mean -0.3?"]),
    "decimal comma": ("yi;vi\n0,1;0.2\n0.3;0.4\n", [], ["row 2, column yi", "mean 0.1?"]),
    "zero variance": (GOOD.replace("0.04", "0"), [], ["row 3, column vi: found '0'", "above 0"]),
    "negative variance": (GOOD.replace("0.04", "-1"), [], ["row 3, column vi: found '-1'"]),
    "both columns": ("yi,vi\nx,1\n2,0\n", [], ["row 2, column yi", "row 3, column vi", "2 prob"]),
    "twice a column": ("yi,vi,yi\n1,2,3\n2,3,4\n", [], ["column yi", "named once"]),
    "short row": (GOOD.replace("0.3,0.04", "0.3"), [], ["row 3", "2 cells", "3 cells, as"]),
    "open quote": (GOOD.replace("B", '"B'), [], ["quoted in pairs"]),
    "effects explain effects": (GOOD, ["--moderators", "yi"], ["column yi", "other than"]),
    "no second moderator": (GOOD, ["--moderators", "vi,one"], ["column one"]),
    "all in one cluster": ("yi,vi,c\n1,2,a\n2,3,a\n", ["--cluster", "c"], ["column c", "2 clus"]),
    "each its own cluster": (GOOD, ["--cluster", "study"], ["column study", "2 effects or more"]),
    "blank cluster": ("yi,vi,c\n1,2,a\n2,3,\n", ["--cluster", "c"], ["row 3, column c"]),
    "mixed moderator": (
        "yi,vi,m\n1,2,1990\n2,3,n/a\n3,4,2000\n",
        ["--moderators", "m"],
        ["row 3, column m: found 'n/a'"],
    ),
    "blank category": (
        "yi,vi,m\n1,2,a\n2,3,\n3,4,b\n",
        ["--moderators", "m"],
        ["row 3, column m", "a category"],
    ),
    "constant text": ("yi,vi,m\n1,2,a\n2,3,a\n", ["--moderators", "m"], ["at least 2 categories"]),
    "constant number": ("yi,vi,m\n1,2,5\n2,3,5\n", ["--moderators", "m"], ["column m"]),
    "sizes beyond arithmetic": (
        "yi,vi,m\n1,1e-60,1\n2,1e60,2\n3,1,4\n",
        ["--moderators", "m"],
        ["row 2, column vi: found '1e-60'", "check their units"],
    ),
}


def refused(capsys, *arguments):
    """Run the verb, which must fail with status 2 and nothing on standard output."""
    assert main(["pool", *map(str, arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err


@pytest.mark.parametrize("name", BAD)
def test_a_bad_table_is_told_by_its_place(name, tmp_path, capsys):
    text, arguments, expected = BAD[name]
    file = tmp_path / "table.csv"
    file.write_text(text, "utf-8")
    told = refused(capsys, file, *arguments)
    assert [words for words in ["table.csv", *expected] if words not in told] == []


def test_a_table_that_is_no_utf8(tmp_path, capsys):
    file = tmp_path / "latin.csv"
    file.write_bytes("yi,vi,who\n1,2,Zoë\n2,3,Al\n".encode("latin-1"))
    told = refused(capsys, file)
    assert "row 2: found" in told and "UTF-8" in told


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_file_that_cannot_be_read(name, tmp_path, capsys):
    assert "a CSV file that can be read" in refused(capsys, tmp_path / name)


def test_bad_standard_input_is_called_so(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"yi,vi\n1,x\n2,3\n")))
    assert "standard input, row 2, column vi: found 'x'" in refused(capsys, "-")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--method", "FE"], "REML"),
        (["--test", "t"], "hksj-modified"),
        (["--level", "95"], "a fraction"),
        (["--level", "x"], "a fraction"),
        (["--vi", "a", "--se", "b"], "not allowed with"),
    ],
)
def test_a_wrong_option_says_what_there_is(arguments, told, capsys):
    with pytest.raises(SystemExit) as done:
        main(["pool", "table.csv", *arguments])
    assert done.value.code == 2
    assert told in capsys.readouterr().err


def test_help_shows_an_example(capsys):
    with pytest.raises(SystemExit) as done:
        main(["pool", "--help"])
    assert done.value.code == 0
    assert "$ qof pool trials.csv" in capsys.readouterr().out
