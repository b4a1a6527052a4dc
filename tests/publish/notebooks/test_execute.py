from types import SimpleNamespace

import pytest

from analysis.publish.chapters import Chapter
from analysis.publish.notebooks import execute
from analysis.publish.notebooks.cache import opened
from analysis.publish.read_by import stamped

PAGE = """---
file_format: mystnb
kernelspec: {name: python3}
---

# A page

```{code-cell}
:tags: [remove-input]
from analysis import finding
finding("one")
```

More text.
"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.publish.read_by.fingerprint", lambda book, name: f"of {name}")
    return SimpleNamespace(root=tmp_path)


@pytest.fixture
def cache(tmp_path):
    with opened(tmp_path / "cache") as cache:
        yield cache


def read(text):
    from myst_nb.core.read import read_myst_markdown_notebook

    return read_myst_markdown_notebook(text, add_source_map=True)


def test_a_notebook_is_found_by_the_source_that_sphinx_reads(book, cache):
    page = Chapter(book.root / "book" / "page.md", PAGE)
    for _ in range(2):  # Read, then taken from what is kept.
        made = execute._notebook(page, book)
        assert made.metadata == read(stamped(page, book)).metadata
        assert not execute._cached(cache, made)
    execute._store(cache, made, page.path)
    assert cache.match_cache_notebook(read(stamped(page, book)))
    assert execute._cached(cache, execute._notebook(page, book))


def test_only_what_changed_is_executed(book, cache, monkeypatch):
    page = Chapter(book.root / "page.md", PAGE)
    other = Chapter(book.root / "other.md", PAGE.replace('"one"', '"two"'))
    text = Chapter(book.root / "text.md", PAGE.split("```")[0])
    every = [page, other, text]
    first = list(execute._changed(every, book, cache))
    assert [chapter for chapter, _ in first] == [page, other]
    for chapter, notebook in first:
        execute._store(cache, notebook, chapter.path)
    assert list(execute._changed(every, book, cache)) == []
    new = {"two": "new"}
    monkeypatch.setattr(
        "analysis.publish.read_by.fingerprint", lambda book, name: new.get(name, f"of {name}")
    )
    assert [chapter for chapter, _ in execute._changed(every, book, cache)] == [other]
