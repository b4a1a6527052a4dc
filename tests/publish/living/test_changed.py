"""What changed, as pages show it: marks in a draft, history, redirects, the living calendar."""

import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from analysis.findings.changes import compare
from analysis.findings.snapshot import read_snapshot, versions
from analysis.findings.snapshot_made import told_of
from analysis.findings.store import stored_findings
from analysis.findings.wording import Unsupported
from analysis.problems import ProblemsFound
from analysis.publish.chapters import Chapter
from analysis.publish.check import _claim
from analysis.publish.citing.citation import edition_of
from analysis.publish.living.changed import Changed, changed, history
from analysis.publish.living.changed_text import as_data, as_text
from analysis.publish.living.schedule import read_living
from analysis.publish.prose.review import drafting, is_draft, review_of
from analysis.publish.prose.rewrite import to_rewrite
from analysis.publish.prose.spoken import Spoken
from analysis.publish.site.finding_pages import finding_pages
from analysis.publish.site.redirects import check_redirects, read_redirects, redirect_pages
from analysis.publish.site.version_pages import version_pages
from analysis.verbs import changes as verb
from tests.conftest import ROOT
from tests.findings.versions_made import TOLD, moved_to, version


@pytest.fixture(scope="module")
def flipped():
    """The finding on withdrawal as if payment's end had raised recorded care."""
    found = stored_findings(ROOT)["withdrawal-recorded-care"]
    low, high = -found.summary.ci_high, -found.summary.ci_low
    summary = replace(found.summary, estimate=-found.summary.estimate, ci_low=low, ci_high=high)
    values = {**found.values, "estimate": summary.estimate, "ci_low": low, "ci_high": high}
    return replace(found, summary=summary, values=values, holds=False)


@pytest.fixture(scope="module")
def with_flipped(book, flipped):
    """The book with that finding in place of the real one."""
    last = read_snapshot(ROOT, versions(ROOT)[-1])
    spoken = Spoken(flipped, str(review_of(flipped, last)))
    return replace(book, findings={**book.findings, flipped.name: spoken})


def test_strict_a_word_without_support_stops(flipped):
    with pytest.raises(Unsupported):
        Spoken(flipped).says("may have fallen")
    assert len(_claim(flipped)) == 1


def test_a_draft_marks_the_word_and_lets_the_claim_pass(flipped):
    with drafting():
        assert Spoken(flipped).says("may have fallen") == "[under review: may have fallen]"
        assert Spoken(flipped).says("may have risen") == "may have risen"
        assert _claim(flipped) == []
    assert not is_draft()


def test_a_draft_does_not_excuse_a_word_without_a_rule(flipped):
    with drafting(), pytest.raises(Unsupported):
        Spoken(flipped).says("exploded")


def test_strict_within_a_draft_is_strict(flipped):
    with drafting(), drafting(False), pytest.raises(Unsupported):
        Spoken(flipped).says("may have fallen")


def test_the_finding_box_of_a_draft_has_old_and_new_numbers(with_flipped, flipped):
    spoken = with_flipped.findings[flipped.name]
    assert spoken.claim == flipped.claim
    with drafting():
        assert spoken.claim.startswith("Under review: “")
        assert "In version 0.1.0: −20.6 (−31.8 to −9.5) percentage points" in spoken.claim
        assert "Now: 20.6 (9.5 to 31.8) percentage points" in spoken.claim


def test_the_finding_page_of_a_draft_carries_the_notice(with_flipped, flipped):
    edition = edition_of(with_flipped)
    just_it = replace(with_flipped, findings={flipped.name: with_flipped.findings[flipped.name]})
    with drafting():
        ((_, _, body),) = finding_pages(just_it, edition)
    assert '<p class="qof-review" role="note"><strong>Under review' in body
    ((_, _, body),) = finding_pages(just_it, edition)
    assert "qof-review" not in body


def test_status_names_file_and_line_of_each_sentence_to_rewrite(with_flipped, tmp_path):
    text = (
        'One.\nIt {{ withdrawal.says("may have fallen") }}.\n\n{{ withdrawal.claim }}\n'
        '{{ readings.says("may have fallen") }} {{ readings.claim }} {{ nothing.claim }}\n'
    )
    told = list(to_rewrite([Chapter(tmp_path / "page.md", text)], with_flipped.names()))
    assert [line.split(" ")[0] for line in told] == ["book/page.md:2:", "book/page.md:4:"]
    assert "it is above" in told[0]
    assert "claim does not hold: ci_high < 0" in told[1]


def test_no_sentence_of_the_book_is_to_be_rewritten(book):
    from analysis.publish.chapters import chapters

    assert list(to_rewrite(chapters(ROOT), book.names())) == []


# What changed.


def test_the_terminal_tells_what_moved_and_what_is_under_review():
    found = compare(version(TOLD), version(moved_to(5.0, holds=False), name="2.0.0"))
    told = as_text(found)
    for part in ("moved", "care", "before: −20.0 (−30.0 to −10.0)", "after:  5.0 (−5.0 to 15.0)",
                 "tau2 100.00", "under review: care: Care fell.", "holds while ci_high < 0",
                 "old: ci_high = −10.0, certainty low", "new: ci_high = 15.0"):  # fmt: skip
        assert part in told
    data = json.loads(as_data(found))
    assert data["under_review"] == ["care"]
    assert data["findings"][0]["before"]["estimate"] == -20.0
    assert data["findings"][0]["after"]["ci_high"] == 15.0


@pytest.mark.parametrize(("holds", "status"), [(True, 0), (False, 1)])
def test_the_verb_fails_when_a_claim_does(holds, status, monkeypatch, capsys):
    import argparse

    from analysis.findings import versions as module

    current = version(moved_to(-18.0, holds=holds))
    monkeypatch.setattr(module, "now", lambda root, like=None: current)
    options = argparse.Namespace(root=ROOT, ref="0.1.0", json=True)
    assert verb.run(options) == status
    assert json.loads(capsys.readouterr().out)["old"]["version"] == "0.1.0"


def test_the_verb_tells_a_name_of_nothing(capsys):
    import argparse

    assert verb.run(argparse.Namespace(root=ROOT, ref="9.9.9", json=False)) == 2
    assert "one of 0.1.0" in capsys.readouterr().err


PARTS = ("summary", "review", "findings", "studies", "tables", "causes", "versions", "living")


@pytest.fixture(scope="module")
def real():
    return changed(ROOT)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_the_page_is_whole_html(real, part):
    shown = getattr(real, part)().html
    parser = Balanced()
    parser.feed(shown)
    assert parser.open == []
    assert "<script" not in shown


class Balanced(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_table_of_findings_has_each_and_those_that_moved_first(real):
    shown = real.findings().html
    # Two tables, each with a row of headings: those that were there, and the new ones.
    assert shown.count("<tr>") == 2 + len(real.found.findings)
    for one in real.found.findings:
        assert f'href="findings/{one.id}.html"' in shown
    statuses = [one.status for one in real.found.findings]
    if "moved" in statuses and "same" in statuses:
        assert shown.index(">moved<") < shown.index(">same<")


def test_a_claim_under_review_stands_on_the_page_with_both_numbers():
    found = compare(version(TOLD), version(moved_to(5.0, holds=False)))
    shown = Changed(ROOT, found).review().html
    assert "ci_high = −10.0" in shown
    assert "ci_high = 15.0" in shown


def test_without_a_kept_version_the_page_says_so():
    first = Changed(ROOT, None)
    for part in ("summary", "findings", "studies", "causes"):
        assert "nothing to compare" in getattr(first, part)().html


def test_the_history_of_a_finding_begins_with_the_first_version_that_had_it():
    old = history(ROOT, told_of(stored_findings(ROOT)["withdrawal-recorded-care"]))
    assert [row.version for row in old][:1] == ["Version 0.1.0"]
    assert old[0].said.startswith("−20.6 (−31.8 to −9.5) percentage points; 11 estimates averaged")
    assert history(ROOT, replace(TOLD, id="not-in-any"))[0].version == "These pages"


def test_each_kept_version_has_a_page_that_says_what_it_said(book):
    found = list(version_pages(book, edition_of(book, "https://example.org/qof")))
    assert [page for page, _, _ in found] == [f"versions/{name}" for name in versions(ROOT)]
    body = found[0][2]
    parser = Balanced()
    parser.feed(body)
    assert parser.open == []
    assert "−20.6 (−31.8 to −9.5)" in body
    assert "version 0.1.0" in body
    for page in read_snapshot(ROOT, "0.1.0").pages:
        assert f'href="../{page}.html"' in body


# Addresses.


def redirects(folder, *rows):
    (folder / "data").mkdir(exist_ok=True)
    lines = ["old_path,new_path,since", *rows]
    (folder / "data" / "redirects.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def test_every_page_of_every_kept_version_exists_or_leads_on():
    assert list(map(str, check_redirects(ROOT))) == []


@pytest.mark.parametrize(
    ("old", "new", "to"),
    [
        ("old-page", "methods#methods-living", "methods.html#methods-living"),
        ("findings/old", "findings/new", "../findings/new.html"),
    ],
)
def test_a_moved_page_sends_its_readers_on_without_a_script(tmp_path, old, new, to):
    ((name, content),) = redirect_pages(redirects(tmp_path, f"{old},{new},0.2.0"))
    text = content.decode()
    assert name == f"{old}.html"
    assert f'<meta http-equiv="refresh" content="0; url={to}">' in text
    assert f'<a href="{to}">' in text
    assert "<script" not in text
    assert "<style" not in text


def test_a_page_that_is_lost_and_a_redirect_to_nowhere_are_told(tmp_path, monkeypatch):
    from analysis.publish.site import redirects as module

    monkeypatch.setattr(module, "stored_findings", lambda root: {})
    redirects(tmp_path, "gone,nowhere,0.2.0", "index,methods,0.2.0")
    (tmp_path / "book").mkdir()
    for name in ("index", "methods"):
        (tmp_path / "book" / f"{name}.md").write_text("# Page\n")
    (tmp_path / "_toc.yml").write_text("root: index\nchapters:\n  - file: methods\n")
    (tmp_path / "data" / "history").mkdir()
    from analysis.findings.snapshot import as_json

    kept = version(TOLD, pages=("index", "gone", "lost"))
    (tmp_path / "data" / "history" / "1.0.0.json").write_text(as_json(kept), "utf-8")
    told = "\n".join(map(str, check_redirects(tmp_path)))
    assert "row 2, column new_path: found 'nowhere'" in told
    assert "row 3, column old_path: found 'index'" in told
    assert "found 'lost'; expected a row for a page that version 1.0.0 had" in told
    assert "'gone'" not in told


def test_no_file_of_redirects_is_no_redirect(tmp_path):
    assert read_redirects(tmp_path) == []


# The calendar.


def test_the_calendar_tells_when_each_step_is_due():
    found = read_living(ROOT)
    assert [one.name for one in found.steps] == [
        "search", "screen", "extract", "synthesise", "publish"
    ]  # fmt: skip
    search, *others = found.steps
    due = [found.due(one) for one in others]
    assert found.due(search) > search.last
    assert due == sorted(due)
    assert found.overdue(search.last) == ()
    assert found.overdue(date(2100, 1, 1)) == found.steps
    assert found.triggers


def test_a_calendar_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "living.yml").write_text(
        "schedule:\n- {name: search, step: Search, text: Look., after: sarch, last: soon}\n"
        "triggers: []\n"
    )
    with pytest.raises(ProblemsFound) as told:
        read_living(tmp_path)
    assert "did you mean search?" in str(told.value)
    assert "found 'soon'" in str(told.value)
