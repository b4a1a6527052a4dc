"""An extraction form in the person's own editor, kept as a draft until all of it is right."""

import os
import shlex
import subprocess
from collections.abc import Callable, Collection
from pathlib import Path

from analysis.intake.extraction.form import write_form
from analysis.intake.extraction.run import Extracted, blank_sheet, extract
from analysis.problems import ProblemsFound, Refused

DRAFTS = "references/inbox"
"""Where drafts wait; git does not take this folder."""


class NotEdited(Refused):
    """No editor could be opened, or nothing was filled in; the message says which."""


def draft_of(root: Path, study_id: str) -> Path:
    """Return where the draft of a study is kept while it is not finished."""
    return root / DRAFTS / f"{study_id}.extract.txt"


def edit(
    root: Path,
    study_id: str,
    wanted: Collection[str],
    *,
    replace: bool,
    dry_run: bool,
    open_editor: Callable[[Path], None] | None = None,
) -> Extracted:
    """Open the form of a record, or the draft left of it, and read it when the editor closes.

    The draft goes once its rows are written; until then the next call opens it again.

    Raises:
        NotEdited: there is no editor, it failed, or the form came back as it was.
        ProblemsFound: see `extract`; the draft stays.
    """
    form = write_form(blank_sheet(root, study_id, wanted))
    draft = draft_of(root, study_id)
    if not draft.exists():
        draft.parent.mkdir(exist_ok=True)
        draft.write_bytes(form)
    try:
        (open_editor or _open)(draft)
        if draft.read_bytes() == form:
            raise NotEdited("nothing was filled in")
        done = extract(root, study_id, [str(draft)], replace=replace, dry_run=dry_run)
    except ProblemsFound as found:
        found.add_note(f"the draft stays; qof extract {study_id} opens it again")
        raise
    finally:
        if draft.read_bytes() == form:
            draft.unlink()
    if not (done.refused or dry_run):
        draft.unlink()
    return done


def _open(path: Path) -> None:
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise NotEdited("no editor: set EDITOR, or use a sheet (--sheet, --from)")
    try:
        status = subprocess.run([*shlex.split(command), str(path)], check=False).returncode
    except OSError as error:
        raise NotEdited(f"{command}: {error.strerror}") from None
    if status:
        raise NotEdited(f"{command} ended with status {status}; nothing was read")
