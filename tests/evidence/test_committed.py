"""The committed tables are valid, by our own checks and by the frictionless package."""

import re

import frictionless
import pandas as pd

from analysis.evidence.checks import check_evidence
from analysis.evidence.schema import read_package
from analysis.evidence.tables import load_evidence


def test_no_problem(root, keys):
    assert check_evidence(root, keys) == []


def test_frictionless_finds_the_package_valid(root):
    package = frictionless.Package(str(root / "data" / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.to_summary()
    assert [task.name for task in report.tasks] == [table.name for table in read_package(root)]


def test_every_field_says_what_it_is(root):
    package = frictionless.Package(str(root / "data" / "datapackage.json"))
    for resource in package.resources:
        assert resource.title and resource.description and resource.licenses
        for field in resource.schema.fields:
            assert field.title and field.description.endswith("."), field.name


def test_loaded_types(root):
    evidence = load_evidence(root)
    effects = evidence.effects.set_index("effect_id")
    assert effects.loc["minchin2018-1", "estimate"] == -62.3
    assert effects["estimate"].dtype == "float64"
    assert effects["n_practices"].dtype == "Int64"
    assert effects["contrast_between_groups"].dtype == "boolean"
    assert effects["contrast_between_groups"].sum() >= 18
    assert pd.isna(effects.loc["kontopantelis2014-1", "estimate"])
    assert evidence.somerset_points["mean_points"].between(400, 559).all()
    assert evidence.timeline["headline"].sum() <= 16


def test_files_use_plain_line_ends_and_hold_no_path_of_a_machine(root):
    for table in read_package(root):
        text = (root / table.file).read_bytes().decode("utf-8")
        assert "\r" not in text
        assert text.endswith("\n")
        assert not re.search(r"(?<![\w.])/(work|root|tmp|home)/", text)


def test_a_study_has_a_phase_of_its_figures_and_says_what_its_family_shares(root):
    evidence = load_evidence(root)
    tables = (evidence.effects, evidence.associations, evidence.levels, evidence.series)
    phases = pd.concat([table[["study_id", "phase"]].dropna() for table in tables])
    seen = phases.groupby("study_id")["phase"].agg(set)
    studies = evidence.studies.set_index("study_id")
    for study, phase in studies["phase"].items():
        assert (phase in seen[study]) if study in seen else pd.isna(phase), study
    families = studies.groupby("sample_family")
    for family, members in families:
        if len(members) > 1:
            assert members["overlap"].notna().all(), family


def test_the_tables_of_figures_share_their_words(root):
    tables = {table.name: table for table in read_package(root)}
    effects = {field.name: field for field in tables["effects"].fields}
    for name in ("associations", "levels", "series"):
        for field in tables[name].fields:
            if field.name in ("phase", "outcome_domain", "indicator_type", "direction", "checked"):
                assert field.constraints["enum"] == effects[field.name].constraints["enum"], name
