"""Chapters of a few lines, made up."""

from analysis.publish.chapters import Chapter

HEADER = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n\n"


def chapter(tmp_path, text):
    (tmp_path / "book").mkdir(exist_ok=True)
    return Chapter(tmp_path / "book" / "page.md", text)


def cell(code):
    return f"```{{code-cell}}\n:tags: [hide-input]\n{code}\n```\n"
