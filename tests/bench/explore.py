"""Time the page for exploring: from a filter to its picture, with few effects and with many.

Run with `make bench-explore`. Each figure is the middle of twenty presses in a real
Chromium, from the press until the browser has drawn; the aims are 100 ms for about 400 effects
and 300 ms for 20,000 made-up ones (the same rows over and over, each under another name). Processor
time is told beside it: that of the page alone, whatever else the machine does.
"""

import json
import re
import shutil
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from analysis.publish.explorer.page import EFFECTS, explore_files, explorer  # noqa: E402
from tests.bench.rows import Row, say, tell  # noqa: E402
from tests.browser.chromium import FLAGS, NONE_FOUND, find_chromium  # noqa: E402

MANY, PRESSES = 20_000, 20
PAGE = """<!DOCTYPE html><meta charset="utf-8"><link rel="stylesheet" href="_static/qof.css">
<main class="bd-main"><div class="bd-content"><article class="bd-article"><section>{parts}</section>
</article></div></main>"""
# The second frame after the press begins when the first one has been drawn.
PRESS = """(box) => new Promise((done) => {
  const start = performance.now();
  box.click();
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def many(told: dict) -> dict:
    """Return the effects over and over until there are `MANY`."""
    times = -(-MANY // told["n"])
    columns = {name: (column * times)[:MANY] for name, column in told["columns"].items()}
    columns["effect_id"] = [f"{one}-{at}" for at, one in enumerate(columns["effect_id"])]
    return {**told, "n": MANY, "columns": columns}


def write_site(site: Path) -> None:
    shutil.copytree(ROOT / "book" / "_static", site / "_static")
    (site / "api").mkdir()
    for name, content in explore_files(ROOT):
        (site / name).write_bytes(content)
    made = explorer(ROOT)
    (site / "index.html").write_text(PAGE.format(parts=made.rules().html + made.effects().html))


def busy(session) -> float:
    """Return the processor time of the page's main thread so far, in ms."""
    found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return 1000 * found["TaskDuration"]


def timed(browser, address: str) -> tuple[int, float, float, float, float]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    page.wait_for_selector("#qof-effects.qof-ready")
    boxes = page.query_selector_all("[data-facet='phase'] input, [data-facet='design_class'] input")
    before = busy(session)
    filters = [page.evaluate(PRESS, boxes[at % len(boxes)]) for at in range(PRESSES)]
    spent = busy(session) - before
    page.click(".qof-clear")
    heads = page.query_selector_all(".qof-explore-table thead button")
    sorts = [page.evaluate(PRESS, heads[at % len(heads)]) for at in range(PRESSES)]
    said = page.inner_text(".qof-count")
    page.close()
    n = int(re.search(r"of ([\d,]+) figures", said)[1].replace(",", ""))
    return n, median(filters), max(filters), spent / PRESSES, median(sorts)


def main() -> None:
    from playwright.sync_api import sync_playwright

    if not (chromium := find_chromium()):
        sys.exit(NONE_FOUND)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        write_site(site)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        address = f"http://127.0.0.1:{server.server_port}/"
        told = json.loads((site / EFFECTS).read_text("utf-8"))
        for made, aim in ((told, 100), (many(told), 300)):
            (site / EFFECTS).write_text(json.dumps(made), "utf-8")
            say(f"press, up to {MANY:,} effects")
            n, middle, worst, spent, sort = timed(browser, address)
            note = f"worst {worst:.0f} ms; processor {spent:.0f} ms"
            tell(
                Row(
                    f"from a filter to the picture, {n:,} effects",
                    middle,
                    "ms",
                    target=aim,
                    note=note,
                )
            )
            tell(Row(f"from a heading to the sorted table, {n:,} effects", sort, "ms"))
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
