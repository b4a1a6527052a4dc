"""What Sphinx complains of is told every time, until it is mended: tried on a book of one page."""

import subprocess
import sys

FILES = {
    "_config.yml": "title: Small\nsphinx: {local_extensions: {small: extensions}}\n",
    "_toc.yml": "format: jb-book\nroot: index\n",
    "extensions/small.py": "def setup(app):\n    app.add_config_value('qof_only', [], '')\n",
    "book/index.md": "# Small\n\n{no-such-role}`here`\n",
}
TRIED = """
from pathlib import Path
from analysis.publish.rendered import BuildFailed, render

root = Path.cwd()
for text in (None, None, "# Small\\n\\nMended.\\n"):
    if text:
        (root / "book" / "index.md").write_text(text, "utf-8")
    try:
        render(root, root / "work")
        print("made")
    except BuildFailed as failed:
        print(failed)
"""


def test_what_a_page_is_complained_of_for_is_not_taken_for_read(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", TRIED], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stderr.count("no-such-role") == 2
    first, second, third = done.stdout.splitlines()
    assert first == second == "the pages were not made; see the messages above"
    assert third == "made"
    assert "Mended." in (tmp_path / "work" / "html" / "index.html").read_text("utf-8")
