"""New, duplicate or possible: what tells records apart, and what may not."""

import random
from dataclasses import replace

import pytest

from analysis.references import AND_OTHERS, Record
from analysis.references.dedupe import Duplicate, New, Possible, compare
from analysis.references.imported import Imported

PAPER = Record(
    key="",
    kind="JOUR",
    title="Payment by points and the recording of blood pressure in made-up practices",
    authors=("Ashdown, Mary", "Birch, Tom", "Cole, Ann"),
    year=2011,
    journal="British Journal of General Practice",
    volume="61",
    issue="590",
    first_page="e564",
    last_page="e572",
    doi="10.9999/made.up.590",
    pmid="99990001",
)


def known(record=PAPER, key="ashdown2011"):
    return {key: replace(record, key=key)}


def incoming(*records, abstract=""):
    return [Imported(record, line, abstract) for line, record in enumerate(records, start=1)]


def verdict(record, library=None):
    (found,) = compare(known() if library is None else library, incoming(record))
    return found


def test_nothing_is_compared_with_an_empty_library():
    assert verdict(PAPER, {}) == New()
    assert compare(known(), []) == []


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"pmid": "", "doi": ""},
        {"title": PAPER.title.upper() + "."},
        {"journal": "Br J Gen Pract", "pmid": ""},
        {"authors": ("Ashdown, M", "Birch, T", "Cole, A"), "pmid": ""},
        {"authors": ("Ashdown, M", AND_OTHERS), "pmid": ""},
        {"volume": "", "issue": "", "doi": "", "pmid": ""},
        {"first_page": "", "last_page": "", "pmid": "", "doi": ""},
        {"title": PAPER.title.replace("pressure", "presure"), "pmid": ""},
        {"last_page": "72", "pmid": "", "doi": ""},
        {"doi": "https://doi.org/10.9999/MADE.UP.590", "pmid": ""},
    ],
    ids=lambda change: " ".join(change) or "the same",
)
def test_the_same_paper_told_another_way_is_a_duplicate(change):
    found = verdict(replace(PAPER, **change))
    assert isinstance(found, Duplicate) and found.of == "ashdown2011"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Smoking cessation advice under a made-up incentive scheme", "pmid": "99990002"},
        {"title": "Diabetes registers before and after the invented contract", "pmid": ""},
    ],
    ids=["other number", "no number"],
)
def test_conference_abstracts_that_share_a_doi_stay_apart(change):
    """One supplement: same journal, volume, issue, year and DOI, other papers."""
    supplement = {"kind": "CONF", "volume": "61", "issue": "S1", "doi": "10.9999/supplement.1"}
    first = replace(PAPER, **supplement, first_page="S12", last_page="")
    other = replace(first, **change, authors=("Dale, Eve",), first_page="S13")
    assert verdict(other, known(first)) == New()


def test_abstracts_of_one_team_on_one_page_of_a_supplement_are_never_joined_unasked():
    """bib-dedupe joins them: same authors, journal, volume, issue, page, year and DOI."""
    first = replace(PAPER, kind="CONF", doi="10.9999/supplement.1", pmid="", last_page="")
    other = replace(first, title="Asthma reviews in the winter of an invented year")
    assert not isinstance(verdict(other, known(first)), Duplicate)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": "Erratum: " + PAPER.title}, "correction"),
        ({"pmid": "99990009"}, "different PubMed numbers"),
        ({"title": PAPER.title + " (part 2)", "pmid": "", "doi": ""}, "numbers at the end"),
    ],
    ids=["erratum", "PubMed number", "part"],
)
def test_what_bib_dedupe_takes_for_the_same_is_asked_about(change, reason):
    found = verdict(replace(PAPER, **change))
    assert isinstance(found, Possible)
    assert list(found.of) == ["ashdown2011"]
    assert reason in found.of["ashdown2011"]


@pytest.mark.parametrize("number", ["doi", "pmid"])
@pytest.mark.parametrize(
    "change",
    [
        {"year": 2012, "journal": "", "volume": "", "issue": ""},
        {"authors": ("Ashdown, M", AND_OTHERS), "year": None},
        {"authors": (), "journal": "", "year": 2012},
        {"title": f"{PAPER.title}: an invented cohort of 12 women", "year": 2010},
        {"title": PAPER.title.replace("points", "point")},
    ],
    ids=["year", "no year", "no authors", "subtitle", "a letter"],
)
def test_a_shared_number_and_a_nearly_equal_title_are_certain(number, change):
    bare = {"doi": "", "pmid": ""} | {number: getattr(PAPER, number)}
    found = verdict(replace(PAPER, **bare, **change), known(replace(PAPER, **bare)))
    assert isinstance(found, Duplicate), found


@pytest.mark.parametrize("title", ["Editorial", "External pressures"])
def test_a_shared_doi_makes_a_short_title_certain(title):
    first = replace(PAPER, title=title, volume="", first_page="", pmid="", issue="")
    assert isinstance(verdict(replace(first, journal=""), known(first)), Duplicate)
    assert not isinstance(verdict(replace(first, authors=("Dale, Eve",)), known(first)), Duplicate)


def test_a_shared_pubmed_number_with_another_title_is_asked_about():
    other = replace(PAPER, title="Asthma reviews in an invented winter", doi="", year=2019)
    found = verdict(replace(other, volume="7", first_page="1", last_page="2"))
    assert isinstance(found, Possible) and "same PubMed number" in found.of["ashdown2011"]


def test_a_title_in_brackets_is_the_title():
    """PubMed marks a translated title so; without year and authors bib-dedupe sees two."""
    first = Record(key="", kind="GEN", title=PAPER.title)
    found = verdict(replace(first, title=f"[{PAPER.title}]"), known(first))
    assert not isinstance(found, New)


def test_titles_in_another_script_are_not_all_the_same():
    """bib-dedupe keeps Latin letters only; of these titles nothing is left to compare."""
    first = replace(PAPER, title="质量与结果框架", authors=("王, 明",), doi="", pmid="")
    other = replace(first, title="初级保健中的血压记录", authors=("李, 华",))
    assert not isinstance(verdict(other, known(first)), Duplicate)
    assert isinstance(verdict(replace(first), known(first)), Duplicate)


def test_a_short_title_alone_tells_nothing():
    first = replace(PAPER, title="Editorial", volume="", first_page="", doi="", pmid="")
    assert not isinstance(verdict(replace(first, issue=""), known(first)), Duplicate)


def test_duplicates_within_one_import_follow_the_fuller_record():
    short = replace(PAPER, journal="Br J Gen Pract", pmid="", doi="", issue="")
    found = compare({}, incoming(short, PAPER))
    assert found[1] == New()
    assert isinstance(found[0], Duplicate) and found[0].of == 1


def test_plain_copies_of_a_possible_duplicate_are_possible_too():
    doubtful = replace(PAPER, pmid="99990009")
    found = compare(known(), incoming(doubtful, doubtful))
    assert all(isinstance(one, Possible) and set(one.of) == {"ashdown2011"} for one in found)


def test_verdicts_do_not_depend_on_the_order():
    papers = [
        replace(PAPER, title=f"{PAPER.title} in {town}", pmid="", doi="", first_page=str(at))
        for at, town in enumerate(["Avon", "Bute", "Clyde", "Derwent"])
    ]
    papers += [replace(paper, journal="Br J Gen Pract", issue="") for paper in papers]
    told = set()
    for seed in range(4):
        shuffled = random.Random(seed).sample(papers, len(papers))
        found = compare({}, incoming(*shuffled))
        named = {
            (str(paper), type(one).__name__, *(str(shuffled[at]) for at in others(one)))
            for paper, one in zip(shuffled, found, strict=True)
        }
        told.add(frozenset(named))
        # Another town is another paper, which only a person may join.
        for paper, one in zip(shuffled, found, strict=True):
            if isinstance(one, Duplicate):
                assert shuffled[one.of].title == paper.title
    assert len(told) == 1 and len(next(iter(told))) == 8


def others(one):
    """The places of what a record is a copy of, or possibly is."""
    return [one.of] if isinstance(one, Duplicate) else sorted(getattr(one, "of", ()))


def test_what_a_person_told_apart_is_not_asked_again():
    assert compare(known(), incoming(PAPER), apart={0: ["ashdown2011"]}) == [New()]


def test_a_record_met_before_is_known_by_all_it_said():
    from analysis.references.folding import fingerprint

    (met,) = incoming(replace(PAPER, title="QOF", year=None, doi="", pmid=""))
    found = compare(known(), [met], known={fingerprint(met.record): "ashdown2011"})
    assert found == [Duplicate("ashdown2011", "same identity")]
