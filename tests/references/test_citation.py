from dataclasses import replace

import pytest

from analysis.references import Record, citation

LESTER = Record(
    "lester2013", "JOUR", "Implementation of pay for performance", ("Lester, H", "Matharu, T"),
    2013, journal="British Journal of General Practice", volume="63", issue="611",
    first_page="e408", last_page="e415",
)  # fmt: skip
START = "Lester H, Matharu T. Implementation of pay for performance. British Journal of General"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, f"{START} Practice. 2013;63(611):e408–e415."),
        ({"issue": "", "last_page": ""}, f"{START} Practice. 2013;63:e408."),
        (
            {"volume": "", "issue": "", "first_page": "", "last_page": ""},
            f"{START} Practice. 2013.",
        ),
        ({"year": None}, f"{START} Practice. 63(611):e408–e415."),
        ({"year": None, "volume": "", "first_page": "", "last_page": ""}, f"{START} Practice."),
    ],
)
def test_what_is_not_known_is_left_out(change, expected):
    assert citation(replace(LESTER, **change)) == expected


def test_many_authors_end_in_et_al():
    many = replace(LESTER, authors=tuple(f"Author{n}, A" for n in range(9)))
    assert citation(many).startswith(
        "Author0 A, Author1 A, Author2 A, Author3 A, Author4 A, Author5 A, et al. "
    )
