"""Pages made alone; that they are those of the book is shown in test_build."""

import pytest

from analysis.publish.look import build_pages, page_of
from analysis.publish.prose.review import with_banner
from analysis.publish.rendered import BuildFailed
from tests.copies import copy_project


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("when-payment-stopped", "when-payment-stopped"),
        ("book/when-payment-stopped.md", "when-payment-stopped"),
        ("when-payment-stopped.html", "when-payment-stopped"),
        ("withdrawal-recorded-care", "findings/withdrawal-recorded-care"),
        ("findings/withdrawal-recorded-care.html", "findings/withdrawal-recorded-care"),
        ("trails", "trails"),
    ],
)
def test_a_page_is_called_by_its_file_its_address_or_its_finding(book, name, page):
    assert page_of(book, name) == page


def test_another_name_is_told_with_the_one_that_was_meant(book):
    with pytest.raises(BuildFailed, match=r"'when-payment-stoped' is no.*when-payment-stopped"):
        page_of(book, "when-payment-stoped")


def test_without_a_book_there_is_nothing_to_put_a_page_in(root, tmp_path):
    copy = copy_project(root, tmp_path / "copy", stores=False)
    with pytest.raises(BuildFailed, match="qof build"):
        build_pages(copy, ["index"])
    assert not (copy / "_build" / "look").exists()


def test_a_book_brought_from_another_folder_is_built_first(root, tmp_path):
    # Sphinx would read every page anew, and run each chapter on its own way: minutes for one page.
    copy = copy_project(root, tmp_path / "copy", stores=False)
    (copy / "_build" / "html").mkdir(parents=True)
    (copy / "_build" / "work").mkdir()
    (copy / "_build" / "work" / "made-for.txt").write_text(str(root))
    with pytest.raises(BuildFailed, match=r"another folder; `qof build` comes first"):
        build_pages(copy, ["index"])


def test_a_notice_stands_first_and_keeps_the_page_from_being_indexed():
    page = "<html><head></head><body class='a'><p>Text</p></body></html>"
    shown = with_banner(page, "<div>Notice</div>")
    assert "<body class='a'><div>Notice</div><p>" in shown
    assert '<meta name="robots" content="noindex"></head>' in shown
    assert with_banner(page) == page
