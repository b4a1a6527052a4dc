"""Each doubt, each number and each way in which likeness carries over, by itself."""

from dataclasses import replace

import pytest

from analysis.references import AND_OTHERS, Record
from analysis.references.dedupe import Duplicate, New, Possible, _alike, _judge, _Link, _link
from analysis.references.folding import ascii_word, fingerprint, fold, identities, in_order, words
from analysis.references.likeness import DOUBTS, other_pmid, same_number, same_pmid

BASE = Record("", "JOUR", "Payment by points in practices", ("Hill, R",), 2011, first_page="7")
# A row of `similar_pairs`: everything is alike.
ROW = dict.fromkeys(("title", "author", "volume", "pages"), 1.0) | {
    "title_1": "a title",
    "title_2": "a title",
}


def changed(**fields):
    return replace(BASE, **fields)


def doubts(one, two, **row):
    return [doubt.words for doubt in DOUBTS if doubt.holds(one, two, ROW | row)]


def test_nothing_is_doubted_between_two_that_say_the_same():
    assert doubts(BASE, BASE) == []
    assert doubts(BASE, changed(authors=()), author=0.0) == []
    assert doubts(BASE, changed(title=f"{BASE.title} in five towns of it")) == []


@pytest.mark.parametrize(
    ("change", "row", "doubt"),
    [
        ({"title": "质量"}, {"title_2": ""}, "titles in a script that cannot be compared"),
        ({"title": "Pay by points in practices"}, {"title": 0.8}, "titles differ"),
        ({"title": "Payment by points"}, {}, "one title is a part of the other, and short"),
        ({"title": "in practices"}, {}, "one title is a part of the other, and short"),
        ({"title": "Payment by points"}, {"volume": 0.0}, "title too short to tell"),
        ({"title": BASE.title + " (part I)"}, {}, "numbers at the end of the titles differ"),
        ({"title": BASE.title + " (2011)."}, {}, "numbers at the end of the titles differ"),
        (
            {"title": "Re: " + BASE.title},
            {},
            "one is a correction, comment, reply, summary or protocol",
        ),
        (
            {"title": BASE.title + " - reply"},
            {},
            "one is a correction, comment, reply, summary or protocol",
        ),
        (
            {"title": "Author Correction: " + BASE.title},
            {},
            "one is a correction, comment, reply, summary or protocol",
        ),
        (
            {"title": BASE.title + " (multiple letters) [1]"},
            {},
            "one may be another letter under the same title",
        ),
        ({"authors": ("Dale, E",)}, {"author": 0.69, "pages": 0.0}, "authors differ"),
        ({"year": 2013}, {}, "years differ by more than one"),
        ({"first_page": "8"}, {}, "first pages differ"),
        ({"title": "Payment by points in hospitals"}, {}, "one word of the titles is another"),
    ],
)
def test_a_doubt_is_named(change, row, doubt):
    two = changed(**change)
    for pair in ((BASE, two), (two, BASE)):
        turned = ROW | row
        if pair[0] is two:
            turned |= {"title_1": turned["title_2"], "title_2": turned["title_1"]}
        assert doubt in doubts(*pair, **turned)


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ({"title": "Pay by points in practices"}, {"title": 0.81}),
        ({"title": "Payment by points in five practices"}, {}),
        ({"title": BASE.title + " (a survey)"}, {}),
        ({"title": BASE.title + " (2) of some"}, {}),
        ({"authors": ("Dale, E",)}, {"author": 0.7, "pages": 0.0}),
        ({"authors": ("Dale, E",)}, {"author": 0.1}),
        ({"pmid": "5"}, {}),
        ({"doi": "10.5555/a"}, {}),
        ({"year": 2012}, {}),
        ({"year": None}, {}),
        ({"first_page": "e7"}, {}),
        ({"title": "Payment by point in practices"}, {}),
        ({"title": "Payments by points in practices"}, {}),
    ],
)
def test_no_doubt_at_the_edge(change, row):
    assert doubts(BASE, changed(**change), **row) == []


def test_a_short_title_with_volume_and_page_is_enough():
    one = changed(title="Editorial")
    assert doubts(one, one) == []
    assert doubts(one, one, pages=0.0) == ["title too short to tell"]
    signed = replace(one, doi="10.5555/a")
    assert doubts(signed, signed, pages=0.0) == []


def test_two_pubmed_numbers_are_two_articles():
    one, two = changed(pmid="5"), changed(pmid="6")
    assert doubts(one, two) == ["different PubMed numbers"]
    assert other_pmid(one, two) and not same_pmid(one, two)
    assert same_pmid(one, one) and not other_pmid(one, one)
    assert not same_pmid(BASE, BASE) and not other_pmid(BASE, one)


def test_each_version_of_a_review_has_its_own_doi():
    one, two = changed(doi="10.1002/14651858.cd000000.pub2"), changed(doi="10.5555/a")
    assert doubts(one, two) == ["different DOIs"]
    assert doubts(one, replace(one, year=2019)) == []


DOI = {"doi": "10.5555/a"}


@pytest.mark.parametrize(
    ("one", "two", "title", "same"),
    [
        ({"pmid": "5"}, {"pmid": "5"}, 0.91, True),
        ({"pmid": "5"}, {"pmid": "5", "title": "Other"}, 0.9, False),
        ({"pmid": "5"}, {"pmid": "5", "title": f"{BASE.title}: more"}, 0.2, True),
        ({"pmid": "5", "title": "A b c"}, {"pmid": "5", "title": "A b c d"}, 0.2, False),
        ({"pmid": "5", "title": "A b c d"}, {"pmid": "5", "title": "A b c d e"}, 0.2, True),
        ({}, {}, 1.0, False),
        (DOI, {}, 1.0, False),
        (DOI, DOI, 0.2, True),
        (DOI, {"doi": "10.5555/b"}, 1.0, False),
        (DOI | {"pmid": "5"}, DOI | {"pmid": "6"}, 1.0, False),
        (DOI, DOI | {"authors": ("Dale, E",)}, 1.0, False),
        (DOI, DOI | {"authors": ("Hill, Robert", "Dale, E")}, 1.0, True),
        (DOI, DOI | {"authors": ()}, 1.0, True),
        (DOI, DOI | {"first_page": "8"}, 1.0, False),
        (DOI, DOI | {"first_page": ""}, 1.0, True),
        (DOI, DOI | {"title": "Payment by points in practice"}, 0.95, True),
        (DOI, DOI | {"title": "Payment by points in practice", "first_page": ""}, 0.95, False),
        (
            DOI | {"first_page": ""},
            DOI | {"title": "Payment by points in practice", "first_page": ""},
            0.95,
            False,
        ),
        (DOI, DOI | {"title": "Another title of another"}, 0.9, False),
    ],
)  # fmt: skip
def test_what_a_shared_number_tells(one, two, title, same):
    pair = changed(**one), changed(**two)
    assert same_number(*pair, ROW | {"title": title}) is same
    assert same_number(*pair[::-1], ROW | {"title": title}) is same


def link(certain=True, reasons="alike"):
    return _Link(0, certain, reasons, 1.0)


def test_the_more_alike_is_looked_at_first():
    alike = {"title": 1.0, "author": 0.5, "container_title": 0.25, "doi": 0.125}
    told = _link(BASE, BASE, ROW | alike | {"one": 3, "certain": True}, ["hinted"])
    assert told == _Link(3, True, "hinted", 1.875)
    assert _link(BASE, BASE, ROW | alike | {"one": 3, "certain": True}, []).reasons == "bib-dedupe"
    assert _link(BASE, BASE, ROW | alike | {"one": 3, "certain": False}, []) is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, ["titles and authors alike"]),
        ({"author": 0.75}, []),
        ({"title": 0.99}, []),
        ({"against": False, "author": 0.75}, ["titles and journals alike"]),
        ({"against": False, "title": 0.8}, []),
        ({"doi": 1.0, "title": 0.5, "against": False}, []),
        ({"certain": True, "title": 0.5, "against": False}, [""]),
    ],
)
def test_a_hint_counts_unless_a_rule_is_against_it(change, told):
    import pandas as pd

    row = ROW | {"one": 0, "two": 1, "author": 0.76, "container_title": 0.81, "abstract": 0.0}
    row |= {"doi": 0.0, "author_1": "hill", "author_2": "hill", "pmid_1": "", "pmid_2": ""}
    row |= {"certain": False, "against": True}
    pairs = pd.DataFrame([row | change])
    found = list(_alike(pairs, [changed(authors=()), changed(authors=())]))
    assert [place for place, _ in found] == [1] * len(told)
    assert [link.reasons.partition("; ")[0] for _, link in found] == [
        words or "but titles differ" for words in told
    ]


def test_a_certain_match_settles_and_the_first_one_counts():
    assert _judge([], {}) == New()
    assert _judge([("a", link()), ("b", link())], {}) == Duplicate("a", "alike")
    told = _judge([("a", link(False, "x")), ("b", link())], {})
    assert told == Duplicate("b", "alike")
    assert _judge([(0, link())], {0: New()}) == Duplicate(0, "alike")


def test_all_that_is_possibly_the_same_is_told_once_with_its_first_reason():
    told = _judge([("a", link(False, "x")), ("b", link(False, "y")), ("a", link(False, "z"))], {})
    assert told == Possible({"a": "x", "b": "y"})


def test_likeness_carries_over_as_possible_and_only_when_it_is_certain():
    judged = {0: Duplicate("a", "plain"), 1: Possible({"b": "title", "c": "author"})}
    assert _judge([(0, link(False))], judged) == New()
    assert _judge([(1, link(False))], judged) == New()
    assert _judge([(0, link()), (1, link())], judged) == Possible(
        {
            "a": "certainly like another duplicate of it: alike",
            "b": "certainly like a record that is possibly the same: title",
            "c": "certainly like a record that is possibly the same: author",
        }
    )


# --- folding -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded", "key"),
    [
        ("Müller-Ørsted", "mullerorsted", "mullerorsted"),
        ("Straße", "strasse", "strasse"),
        ("Łódź & Đà", "łodz".replace("ł", "l") + "da", "lodzda"),
        ("ﬁve_Words", "fivewords", "fivewords"),
        ("质量 7", "质量7", "7"),
    ],
)
def test_a_text_is_folded(text, folded, key):
    assert (fold(text), ascii_word(text)) == (folded, key)


def test_words_are_folded_one_by_one():
    assert words("Don't pay, O’Neil—ever  (¡no!)") == ["dont", "pay", "oneil", "ever", "no"]


def test_a_fingerprint_is_of_what_a_source_says():
    own = replace(BASE, key="hill2011", found_by=("s01",), unverified=("year",))
    assert fingerprint(own) == fingerprint(BASE)
    assert len(fingerprint(BASE)) == 16 and int(fingerprint(BASE), 16)
    assert fingerprint(BASE) == "28647243ae6bad14", "those of a book's files must be met again"
    others = [
        changed(title="x"),
        changed(notes="x"),
        changed(extra=(("KW", "x"),)),
        changed(year=None),
    ]
    assert len({fingerprint(one) for one in (*others, BASE)}) == 5


def test_what_makes_a_record_certainly_another():
    short = changed(title="Editorial")
    assert [one[0] for one in identities(changed(pmid="5"))] == ["pmid", "all"]
    assert identities(changed(year=None)) == identities(changed(title="—")) == ()
    assert len(identities(short)) == 1, "an author and a page"
    assert identities(replace(short, first_page="")) == ()
    assert identities(replace(short, authors=())) == ()
    assert identities(replace(short, first_page="", journal="J Med")) == ()
    assert len(identities(changed(authors=(), title="Four words are enough"))) == 1
    assert identities(changed(authors=(), title="Three are not")) == ()
    assert identities(changed(title=BASE.title.upper() + ".")) == identities(BASE)
    assert identities(changed(pmid="5"))[1] != identities(BASE)[0]


def test_the_fuller_record_comes_first_whatever_its_key():
    more = changed(pmid="5")
    named = changed(authors=("Hill, R", "Dale, E"))
    part = changed(authors=("Hill, R", AND_OTHERS))
    ordered = sorted([BASE, part, named, more], key=in_order)
    assert ordered[:2] == [more, named]
    assert in_order(replace(BASE, key="z", found_by=("s01",))) == in_order(BASE)
    assert in_order(changed(title="A")) < in_order(changed(title="B"))
