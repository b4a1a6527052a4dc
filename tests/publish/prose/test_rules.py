"""What may not be typed: numbers, and directions beside a finding's number."""

from types import SimpleNamespace

import pytest

from analysis.findings.store import stored_findings
from analysis.findings.wording import Unsupported
from analysis.publish.chapters import Chapter
from analysis.publish.prose.orphans import orphans
from analysis.publish.prose.rules import (
    check_prose,
    check_texts,
    prose_of,
    typed_digits,
    unguarded,
    yaml_texts,
)
from analysis.publish.prose.spoken import Spoken


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It fell by 12 points.", [(1, "12")]),
        ("One\ntwo\n\nand 3.4%, then 5", [(4, "3.4%,"), (4, "5")]),
        ("In 2014 and 2014/15 HbA1c under CC BY 4.0, type 2 diabetes, per 1,000 people.", []),
        ("In 1066 and 2114", [(1, "1066"), (1, "2114")]),
        ("`a2` {cite:p}`ann2001` {{ a.b1 }} <a href='x1'>y</a> [z](https://x/1)", []),
        ("---\nx: 1\n---\n# T\n\n```{code-cell}\n1 + 1\n```\n\n1. A step\n2. Another", []),
        ("(a-1)=\n{#b-2}\ntext", []),
        ("```\n1\n```\n7 after code", [(4, "7")]),
    ],
)
def test_a_typed_number_is_found_on_its_line(text, found):
    assert list(typed_digits(text)) == found


def test_blanking_keeps_every_line():
    text = "---\na: 1\n---\n\nx {{ one\n.two }} y\n```\ncode\n```\nend 9"
    assert prose_of(text).count("\n") == text.count("\n")


def finding(name, holds_if):
    return SimpleNamespace(finding=SimpleNamespace(id=name, holds_if=holds_if))


FINDINGS = {
    "fall": finding("a-fall", "ci_high < 0"),
    "kinds": finding("kinds", "median_treatment > 0 and k == 3"),
    "mixed": finding("mixed", "k_with_interval >= 1"),
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Care rose by {{ mixed.median_treatment }} points.",
            (1, "rose", "mixed.median_treatment"),
        ),
        ("One.\n\n- It was lower, by\n  {{ mixed.size }}.", (3, "was lower", "mixed.size")),
        # The claim decides which way these go: the build stops when it no longer holds.
        ("Care fell by {{ fall.size }} ({{ fall.ci }}).", None),
        ("Treatment rose by {{ kinds.median_treatment }}.", None),
        (
            "Measuring rose by {{ kinds.median_measurement }}.",
            (1, "rose", "kinds.median_measurement"),
        ),
        ('Care {{ mixed.says("was lower") }}, which fell by {{ mixed.size }}.', None),
        # No number of a finding beside the word, or none that has a direction.
        ("Prices rose. The middle is {{ mixed.median_treatment }}.", None),
        ("Care rose in {{ mixed.k }} of {{ mixed.n_studies }}.", None),
        ("Care rose by {{ facts.some_share }}.", None),
        ("The rows that rise most: {{ mixed.median_treatment }}.", None),
        ("```{code-cell}\n# rose {{ mixed.size }}\n```", None),
    ],
)
def test_a_direction_beside_a_number_needs_a_guard(text, found):
    assert next(iter(unguarded(text, FINDINGS)), None) == found


def test_a_problem_names_file_line_word_and_what_to_write():
    number, direction = check_prose("book/a.md", "Up by 4.\n\nIt rose: {{ mixed.ci }}.", FINDINGS)
    assert (number.row, number.value) == (1, "4.")
    assert (direction.row, direction.value) == (3, "rose")
    assert "mixed.says(" in direction.expected


def test_a_flipped_effect_stops_the_sentence(root):
    """The guard that the rule asks for does stop: the same word, the effect turned round."""
    found = stored_findings(root)["withdrawal-recorded-care"]
    assert Spoken(found).says("may have fallen") == "may have fallen"
    from dataclasses import replace

    summary = found.summary
    turned = replace(
        summary, estimate=-summary.estimate, ci_low=-summary.ci_high, ci_high=-summary.ci_low
    )
    with pytest.raises(Unsupported, match="it is above"):
        Spoken(replace(found, summary=turned)).says("may have fallen")


def test_texts_in_yaml_are_read_and_names_are_not(tmp_path):
    content = (
        "- id: a1\n  claim: It fell by 3.\n  where: {study_id: ann2001}\n  certainty:\n"
        "    reasons:\n      - Only 5 practices.\n"
    )
    assert sorted(yaml_texts(content)) == [
        (2, "claim", "It fell by 3."),
        (6, "reasons", "Only 5 practices."),
    ]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "some.yml").write_text(content, "utf-8")
    told = [(p.file, p.row, p.column, p.value) for p in check_texts(tmp_path)]
    assert sorted(told) == [
        ("data/some.yml", 2, "claim", "3."),
        ("data/some.yml", 6, "reasons", "5"),
    ]


def cell(code):
    return f"```{{code-cell}}\n:tags: [hide-input]\n{code}\n```\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# T\n\n## A\n\n" + cell("a.forest()"), [5]),
        (
            "# T\n\n## A\n\nThese eight words here say what the figure shows.\n\n"
            + cell("a.funnel()"),
            [],
        ),
        ("## A\n\n" + cell("timeline()") + "\nWords that come after it speak of it as well.", []),
        ("## A\n\n{{ a.claim }}\n\n" + cell("a.forest()"), []),
        (
            "## A\n\n"
            + cell("# no heading\na.forest()")
            + "\n## B\n\nWords in another section do not count here at all.",
            [3],
        ),
        (
            "## A\n\n:::{admonition} Note\n:class: x\n{{ a.cautions }}\n:::\n\n"
            + cell("a.forest()"),
            [8],
        ),
        ("## A\n\n" + cell('listing("left_out")'), []),
    ],
)
def test_a_figure_without_a_sentence_is_found(tmp_path, text, lines):
    assert [line for line, _ in orphans(Chapter(tmp_path / "a.md", text))] == lines
