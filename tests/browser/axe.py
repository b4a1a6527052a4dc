"""What axe says of a page; of its colours, by one place of each kind.

Nearly all the time of axe goes into the colours behind each text, and most texts of a book look
like others. So axe reads one text of each kind, and no kind twice in the book: see `alike.js`.
"""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT

HERE = Path(__file__).parent
KINDS, READ = ((HERE / name).read_text("utf-8") for name in ("alike.js", "read_kinds.js"))
COLOUR = ["color-contrast", "link-in-text-block"]
WITHOUT_COLOUR = {"rules": {rule: {"enabled": False} for rule in COLOUR}}
# By a sheet that the page's own rules on what it may load have no say in. The theme fades its
# colours in, and axe must see the final ones; and what is below the screen is laid out in turn, and
# axe must find it whenever it looks. The shadows at the edges of what can be scrolled are
# pictures, before which axe judges no text.
STILL = """{
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { transition: none !important; animation: none !important;
            content-visibility: visible !important; }
        .qof-scroll, .pst-scrollable-table-container { background-image: none !important; }`);
    document.adoptedStyleSheets = [sheet];
    document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
}"""


def show(page, theme):
    """Show a page as to a reader whose system is light or dark, and who chose the same."""
    page.emulate_media(color_scheme=theme)
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")


def violations(page, asked):
    """Return what axe finds, one text for each rule that a page breaks."""
    _prepare(page)
    asked = {"resultTypes": ["violations"], **asked}
    found = page.evaluate("asked => axe.run(asked).then(found => found.violations)", asked)
    return [
        f"{v['impact']} {v['id']}: {v['nodes'][0]['html'][:160]} ({len(v['nodes'])})" for v in found
    ]


def bad_colours(page, passed):
    """Return what axe finds in the colours of kinds it has not `passed`, and add those it does."""
    _prepare(page)
    unread = page.evaluate(KINDS, sorted(passed))
    found = page.evaluate(READ, [unread, COLOUR]) if unread else {"passed": (), "violations": []}
    passed.update(found["passed"])
    return found["violations"]


def _prepare(page):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(STILL)
