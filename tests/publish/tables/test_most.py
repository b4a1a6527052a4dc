"""Long lists: the first of them, and where all are."""

from analysis.publish.book import _library_list
from analysis.publish.prose.cited import MOST as CITED_MOST
from analysis.publish.prose.cited import Sources
from analysis.publish.tables.most import MOST, first, rest
from analysis.references import Library, Record, read_library


def test_a_list_that_is_whole_says_nothing_more():
    assert rest(MOST, "records", "a.csv") == ""
    assert first(range(MOST)) == range(MOST)


def test_a_list_that_is_cut_says_of_how_many_and_where_all_are():
    assert first([3, 1, 2], 2) == [3, 1]
    assert rest(2_300, "records", "a.csv") == (
        "The first 1,000 of 2,300 records are listed here; all are in "
        '<a href="downloads/a.csv">a.csv</a>.'
    )


def test_the_library_of_today_is_listed_whole(root):
    library = read_library(root / "references" / "library.ris")
    told = _library_list(library)
    assert told.count("<li>") == len(library)
    assert "listed here" not in told


def test_a_library_of_thousands_is_listed_in_part():
    records = [Record(f"a{n}", "JOUR", f"Title {n}") for n in range(MOST + 5)]
    told = _library_list(Library(records))
    assert told.count("<li>") == MOST
    assert told.startswith(f"<p>The first {MOST:,} of {MOST + 5:,} records")


def test_a_topic_with_hundreds_of_sources_cites_the_first():
    keys = [f"a{n}" for n in range(CITED_MOST + 1)]
    text = Sources(frozenset(keys), frozenset(), dict.fromkeys(keys, "made up")).texts()
    assert text["undiscussed"].count("{cite:t}") == CITED_MOST
    assert f"of {CITED_MOST + 1} sources" in text["undiscussed"]
    assert text["waiting"] == str(CITED_MOST + 1)
