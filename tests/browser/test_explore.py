"""The page for exploring: what it looks up, keeps, sorts and saves is what Python has."""

import csv
import gzip
import random
import re
import shutil
import threading
from collections import Counter
from functools import partial
from http.server import ThreadingHTTPServer
from io import StringIO

import pandas as pd
import pytest

from analysis.findings.robust_store import stored_robustness
from analysis.numbers import decimals, interval, number
from analysis.publish.explorer.page import PAGE, effects, explore_files, explorer
from analysis.publish.explorer.terms import FACETS
from tests.browser.conftest import Quiet, visit

pytestmark = pytest.mark.browser
SEARCHED = ["label", "what", "figure", "condition", "population", "reported_as", "study_id"]
LOOK_UP = """async (asked) => {
  const { lookUp } = await import('/_static/explore-lookup.mjs');
  const { decimals, interval, number } = await import('/_static/explore-draw.mjs');
  const { findings } = await (await fetch('/api/multiverse.json')).json();
  return asked.map(([id, wanted]) => {
    const finding = findings.find((one) => one.id === id), found = lookUp(finding, wanted);
    const { result: one, counts, reason, rank, of } = found, digits = finding.digits;
    const told = one && [number(one.estimate, digits), interval(one.ci_low, one.ci_high, digits),
      one.pi_low === null ? null : interval(one.pi_low, one.pi_high, digits),
      number(one.tau2, decimals(one.tau2)), one.k];
    return { told, reason, counts: Object.values(counts), rank: rank ?? null, of: of ?? null };
  });
}"""
FILTER = """async (asked) => {
  const { csv, filtered, prepare, sorted } = await import('/_static/explore-rows.mjs');
  const table = prepare(await (await fetch('/api/effects.json')).json());
  return asked.map(([chosen, column, down]) => {
    const { rows, counts } = filtered(table, chosen), order = sorted(table, rows, column, down);
    const saved = chosen.words ? csv(table, order) : "";
    return { rows: order, counts: counts.map((one) => [...one]), csv: saved };
  });
}"""
ROUND_TRIP = """async (states) => {
  const { read, write } = await import('/_static/explore-address.mjs');
  return states.map((state) => read(write(state)));
}"""


@pytest.fixture(scope="module")
def rows(root):
    return explorer(root).rows


@pytest.fixture(scope="module")
def facets(rows):
    return effects(rows)["facets"]


@pytest.fixture(scope="module")
def bare(root, tmp_path_factory, browser):
    """The page's modules and data alone, without a book around them."""
    site = tmp_path_factory.mktemp("explore")
    (site / "_static").mkdir()
    (site / "api").mkdir()
    for module in (root / "book" / "_static").glob("*.mjs"):
        shutil.copy(module, site / "_static")
    for name, content in explore_files(root):
        (site / name).write_bytes(content)
    (site / "index.html").write_text("<!DOCTYPE html><title>bare</title>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield page
    page.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(tab, address):
    """The built page, ready."""
    tab.ask = lambda query="": open_page(tab, f"{address}/explore.html{query}")
    tab.ask()
    yield tab
    assert [said for kind, said in tab.complaints if kind == "error"] == []


def open_page(page, url):
    visit(page, url)
    page.wait_for_selector("#qof-effects.qof-ready")
    page.wait_for_selector("#qof-rules.qof-ready")


def address_of(page):
    # Playwright hears of a changed address later than the page has it.
    return page.evaluate("location.search")


def test_five_hundred_choices_give_what_python_computed(bare, root):
    drawn, every = random.Random(20), stored_robustness(root)
    averaged = [one for one in every.values() if one.analyses]
    asked = []
    for _ in range(500):
        found = drawn.choice(averaged if drawn.random() < 0.8 else list(every.values()))
        some = [one for one in found.choices if drawn.random() < 0.5]
        asked.append((found, {one.name: drawn.choice(list(one.options)) for one in some}))
    told = bare.evaluate(LOOK_UP, [[found.id, wanted] for found, wanted in asked])
    kinds = set()
    for (found, wanted), shown in zip(asked, told, strict=True):
        spec = found.find(**wanted)
        assert shown == expected(found, spec), (found.id, wanted)
        kinds.add("listed" if spec.result is None else bool(spec.result.reason))
    assert kinds == {"listed", True, False}


def expected(found, spec):
    """Say what the page must show of a combination, from what Python computed."""
    tally, holds = spec.tally, spec.tally.holds
    counts = [tally.k_listed, tally.k, tally.n_studies, tally.n_families]
    counts += [
        tally.k_interval_below,
        tally.k_interval_above,
        None if holds is None else int(holds),
    ]
    if spec.result is None:
        return {"told": None, "reason": "", "counts": counts, "rank": None, "of": None}
    one, places = spec.result, 2 if found.log_scale else 1
    asked = tuple((c.name, spec.choices[c.name]) for c in found.choices if c.other_question)
    estimates = estimates_of(found.id, asked, lambda: found.specifications)
    shown = {"reason": one.reason, "counts": counts, "rank": None, "of": len(estimates)}
    if one.reason:
        return {**shown, "told": None}
    told = [
        number(one.estimate, places),
        interval(one.ci_low, one.ci_high, places),
        None if one.pi_low is None else interval(one.pi_low, one.pi_high, places),
        number(one.tau2, decimals(one.tau2)),
        one.k,
    ]
    return {**shown, "told": told, "rank": 1 + sum(other < one.estimate for other in estimates)}


_KNOWN = {}


def estimates_of(name, asked, specifications):
    """Give the estimates of the distinct analyses of one question, each question once."""
    if (name, asked) not in _KNOWN:
        among = {s.at: s.result for s in specifications() if set(asked) <= set(s.choices.items())}
        _KNOWN[name, asked] = [one.estimate for one in among.values() if not one.reason]
    return _KNOWN[name, asked]


def random_filter(drawn, facets, rows):
    chosen = {}
    for facet in drawn.sample(facets, drawn.randint(0, 3)):
        codes = [code for code, _ in facet["options"]]
        chosen[facet["name"]] = drawn.sample(codes, min(len(codes), drawn.randint(1, 4)))
    text = str(drawn.choice(list(rows["what"])))
    words = drawn.choice(["", "", drawn.choice(text.split()).upper()])
    return {"words": words, "facets": chosen}


def asks(rows, chosen):
    """Say, for the words and for each facet asked, which rows pandas keeps."""
    texts = rows[SEARCHED].astype(str).agg(" ".join, axis=1).str.lower()
    words = [texts.str.contains(word, regex=False) for word in chosen["words"].lower().split()]
    asked = {"words": pd.Series(True, index=rows.index)}
    asked["words"] = pd.concat([asked["words"], *words], axis=1).all(axis=1)
    for name, codes in chosen["facets"].items():
        asked[name] = rows[name].explode().isin(codes).groupby(level=0).any()
    return asked


def kept(rows, chosen, without=""):
    """Give the rows that pandas keeps, with one facet's filter left out."""
    return both(rows, asks(rows, chosen), without)


def both(rows, asked, without=""):
    masks = [mask for name, mask in asked.items() if name != without]
    return rows[pd.concat(masks, axis=1).all(axis=1)]


def test_a_hundred_filters_keep_and_count_what_pandas_does(bare, rows, facets):
    drawn = random.Random(11)
    asked = [random_filter(drawn, facets, rows) for _ in range(100)]
    told = bare.evaluate(FILTER, [[chosen, "", False] for chosen in asked])
    for chosen, shown in zip(asked, told, strict=True):
        masks = asks(rows, chosen)
        assert shown["rows"] == list(both(rows, masks).index), chosen
        for facet, counts in zip(facets, shown["counts"], strict=True):
            left = both(rows, masks, facet["name"])[facet["name"]]
            each = Counter(code for value in left for code in (value if facet["many"] else [value]))
            assert counts == [each[code] for code, _ in facet["options"]], chosen
    assert len({len(shown["rows"]) for shown in told}) > 20


def test_figures_are_sorted_within_their_unit_and_words_come_last(bare, rows):
    told = bare.evaluate(FILTER, [[{}, "figure", down] for down in (False, True)])
    panel = pd.Series(effects(rows)["columns"]["panel"])
    for down, shown in zip((False, True), told, strict=True):
        units = [at if at >= 0 else len(rows) for at in panel[shown["rows"]]]
        assert units == sorted(units)
        for _, some in rows.loc[shown["rows"]].groupby(panel, sort=False):
            values = list(some["estimate"].dropna())
            assert values == sorted(values, reverse=down)


def test_what_is_saved_is_what_was_kept_with_its_provenance(bare, rows):
    asked = [{"words": words, "facets": {}} for words in ("smok", "blood pressure", "xyzzy")]
    told = bare.evaluate(FILTER, [[chosen, "label", True] for chosen in asked])
    for shown in told:
        saved = list(csv.DictReader(StringIO(shown["csv"])))
        assert [line["effect_id"] for line in saved] == list(rows["effect_id"][shown["rows"]])
        for line, row in zip(saved, rows.loc[shown["rows"]].to_dict("records"), strict=True):
            for name in ("reported_as", "locator", "source_url", "extracted_from", "checked"):
                assert line[name] == row[name]
            assert (float(line["estimate"]) if line["estimate"] else None) == row["estimate"]
            assert line["trail"].endswith(f"#{row['effect_id']}")
    assert [len(shown["rows"]) > 0 for shown in told] == [True, True, False]


def test_an_address_says_again_what_was_chosen(bare, rows, facets, root):
    drawn, states = random.Random(5), []
    every = list(stored_robustness(root).values())
    for _ in range(200):
        found, column = drawn.choice(every), drawn.choice(["", "label", "figure"])
        rules = {c.name: drawn.choice(list(c.options)) for c in drawn.sample(found.choices, 2)}
        states.append(
            {
                **random_filter(drawn, facets, rows),
                "rules": rules,
                "question": found.id,
                "sort": column,
                "down": bool(column) and drawn.random() < 0.5,
                "unit": drawn.choice(["", "change_pp:percentage points", "count:of 16 & more?"]),
                "page": drawn.randint(1, 9),
            }
        )
    assert bare.evaluate(ROUND_TRIP, states) == states


def test_choices_pressed_on_the_page_show_what_python_computed(page, root):
    drawn, every = random.Random(3), stored_robustness(root)
    averaged = [found for found in every.values() if found.analyses]
    for turn, found in enumerate(averaged):
        page.select_option("#qof-rules .qof-question-field select", found.id)
        for choice in drawn.sample([c for c in found.choices if len(c.options) > 1], 4):
            field = page.locator(f'#qof-rules select[name="{choice.name}"]')
            if field.is_enabled():
                field.select_option(drawn.choice(list(choice.options)))
        wanted = {
            one.get_attribute("name"): one.input_value()
            for one in page.locator("#qof-rules .qof-choices select").all()
            if one.is_enabled()
        }
        told = expected(found, found.find(**wanted))
        said = page.inner_text("#qof-rules .qof-told")
        if told["told"] is None:
            assert "Not estimable" in said
            assert told["reason"].lower() in said.lower()
        else:
            assert f"{told['told'][0]} {found.unit} (95% CI {told['told'][1]})" in said
            assert f"rank {told['rank']:,} of {told['of']:,}" in said
        if turn % 6 == 0:
            page.reload()
            page.wait_for_selector("#qof-rules.qof-ready")
            assert page.inner_text("#qof-rules .qof-told") == said


def test_a_question_stands_beside_what_it_does_not_show(page, root):
    for found in list(stored_robustness(root).values())[:4]:
        page.select_option("#qof-rules .qof-question-field select", found.id)
        said = page.inner_text("#qof-rules .qof-beside")
        assert f"{found.certainty} certainty" in said
        assert len(said.split()) > 30


def test_filters_are_kept_in_the_address_and_what_is_saved_is_what_is_shown(page, rows):
    page.ask("?phase=withdrawal&sort=-label&words=diabetes&gone=x")
    wanted = kept(rows, {"words": "diabetes", "facets": {"phase": ["withdrawal"]}})
    assert page.inner_text(".qof-count").startswith(f"{len(wanted)} of {len(rows)} figures")
    assert "no longer have" in page.inner_text(".qof-count")
    links = page.eval_on_selector_all(
        ".qof-explore-table tbody a", "all => all.map(a => a.getAttribute('href'))"
    )
    assert sorted(links) == sorted(f"trails.html#{one}" for one in wanted["effect_id"])
    with page.expect_download() as saved:
        page.click(".qof-save")
    text = saved.value.path().read_text("utf-8")
    assert [f"trails.html#{row['effect_id']}" for row in csv.DictReader(StringIO(text))] == links
    assert page.get_attribute('th[data-column="label"]', "aria-sort") == "descending"


def test_the_keyboard_reaches_everything(page):
    page.focus('[data-facet="phase"] summary')
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert "phase=introduction" in address_of(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert not page.evaluate("Boolean(document.querySelector('.qof-facet[open]'))")
    page.focus('th[data-column="figure"] button')
    page.keyboard.press("Enter")
    assert page.get_attribute('th[data-column="figure"]', "aria-sort") == "ascending"
    assert page.evaluate("document.activeElement.closest('th')?.dataset.column") == "figure"
    page.focus(".qof-clear")
    page.keyboard.press("Enter")
    assert "phase=" not in address_of(page)


def test_a_long_table_is_paged_and_a_long_forest_says_how_much_of_it_is_shown(page, rows):
    said = page.inner_text(".qof-how-many")
    shown, total = map(int, re.search(r"First (\d+) of (\d+) shown", said).groups())
    assert page.locator(".qof-forest svg g").count() == shown < total
    page.click(".qof-add")
    assert page.locator(".qof-forest svg g").count() == min(total, shown + 60)
    assert page.locator(".qof-explore-table tbody tr").count() == PAGE
    page.click(".qof-after")
    assert "page=2" in address_of(page)
    assert page.inner_text(".qof-place") == f"{PAGE + 1} to {2 * PAGE} of {len(rows)}"


def test_without_a_script_the_page_is_a_table(browser, address, html, rows):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/explore.html")
    assert page.locator(".qof-explore-table tbody tr").count() == len(rows)
    assert page.locator(".qof-explore-without").count() == 2
    assert page.locator(".qof-explore select").count() == 0
    context.close()
    assert len(gzip.compress((html / "explore.html").read_bytes())) < 60_000


def test_data_that_cannot_be_read_leave_the_table_as_it_is(browser, address, rows):
    context = browser.new_context()
    page = context.new_page()
    page.route("**/api/*.json", lambda route: route.fulfill(status=404, body=""))
    page.goto(f"{address}/explore.html")
    # A function, for the page's own policy forbids to evaluate an expression at a second look.
    page.wait_for_function("() => document.body.innerText.includes('could not be read')")
    assert page.locator(".qof-explore-table tbody tr").count() == len(rows)
    context.close()


def test_every_facet_has_a_name_readers_see(facets):
    assert [facet["label"] for facet in facets] == [facet.label for facet in FACETS]
