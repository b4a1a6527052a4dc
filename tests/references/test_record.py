import dataclasses

import pytest

from analysis.references import AND_OTHERS, Record, normalise_doi


@pytest.mark.parametrize(
    ("authors", "year", "label"),
    [
        (("Kramer, Graham",), 2012, "Kramer 2012"),
        (("Guthrie, B", "Morales, DR"), 2014, "Guthrie & Morales 2014"),
        (("Minchin, M", "Roland, M", "Richardson, J"), 2018, "Minchin et al. 2018"),
        (("Maisey, S", AND_OTHERS), 2008, "Maisey et al. 2008"),
        (("van Driel, ML",), 2009, "van Driel 2009"),
        (("NHS England",), None, "NHS England n.d."),
        ((), 2015, "“Quality after the QOF? Before…” 2015"),
    ],
)
def test_label_names_authors_and_year(authors, year, label):
    title = "Quality after the QOF? Before, dismantling it"
    assert Record("key", "JOUR", title, authors, year).label == label


def test_label_of_a_short_or_bracketed_title_is_the_title():
    assert Record("key", "NEWS", "[Letter on QOF]").label == "“Letter on QOF” n.d."
    assert Record("key", "NEWS", "Five words are no more").label == "“Five words are no more” n.d."


@pytest.mark.parametrize(
    "spelling",
    [
        "10.3399/bjgp12X630151",
        "https://doi.org/10.3399/bjgp12X630151",
        "http://dx.doi.org/10.3399/BJGP12X630151",
        "doi: 10.3399/bjgp12x630151 ",
    ],
)
def test_a_doi_has_one_spelling(spelling):
    assert normalise_doi(spelling) == "10.3399/bjgp12x630151"
    assert Record("key", "JOUR", "Title", doi=spelling).doi == "10.3399/bjgp12x630151"


def test_a_record_cannot_be_changed():
    record = Record("key", "JOUR", "Title")
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.title = "Another"
