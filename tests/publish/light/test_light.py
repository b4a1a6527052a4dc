"""Pages made light: nothing a page uses is lost, nothing else is kept."""

import re
from hashlib import sha256

import pytest

from analysis.publish.light import lighten
from analysis.publish.light.icons import signs_in, with_font
from analysis.publish.light.pages import light_page, scripts_of, sheets_of
from analysis.publish.light.sheets import moved, names_in, purged

PAGE = """<!DOCTYPE html>
<html lang="en" data-content_root="{root}">
<head>
<meta charset="utf-8" />
<link href="{up}_static/styles/theme.css?digest=1" rel="stylesheet" />
<link rel="stylesheet" type="text/css" href="{up}_static/qof.css?v=2" />
<script>let toggleHintShow = 'Click';</script>
<script data-cfasync="false">document.documentElement.dataset.mode = "auto";</script>
<script defer src="{up}_static/scripts/late.js?digest=1"></script>
<script src="{up}_static/early.js?v=1"></script>
<script src="{up}_static/design-tabs.js"></script>
{more}
</head>
<body class="used"><p id="place" class="used other">a</p>
<button onclick="window.print()">Print</button></body></html>
"""
THEME = """
@import "../basic.css";
/* a comment */
.used { color: red } .unused, .other > p { color: blue }
.unused .used { color: green }
#place { background: url(../pictures/a.png) } #nowhere { color: red }
.set-by-script { color: red }
@media (min-width: 1px) { .used { x: y } .unused { x: z } }
@media print { .unused { x: y } }
.used:not(.unused) { x: y }
.fa::before { content: "\\f0c9" } .used::after { content: "\\f111" }
"""


@pytest.fixture
def site(tmp_path):
    static = tmp_path / "_static"
    (static / "styles").mkdir(parents=True)
    (static / "scripts").mkdir()
    (tmp_path / "findings").mkdir()
    (static / "styles" / "theme.css").write_text(THEME)
    (static / "basic.css").write_text(".used { order: 1 }")
    (static / "qof.css").write_text("/* ours */ .never  {\n color: red }")
    (static / "early.js").write_text("early()")
    (static / "scripts" / "late.js").write_text("late('set-by-script')")
    search = '<script src="_static/searchtools.js"></script>'
    (tmp_path / "index.html").write_text(PAGE.format(root="./", up="", more=""))
    (tmp_path / "search.html").write_text(PAGE.format(root="./", up="", more=search))
    (tmp_path / "findings" / "a.html").write_text(PAGE.format(root="../", up="../", more=""))
    (tmp_path / "card.html").write_text("<!DOCTYPE html><p>no theme</p>")
    return tmp_path


@pytest.fixture
def light(site, tmp_path_factory, monkeypatch):
    monkeypatch.setattr("analysis.publish.light.icons.cut", lambda font, signs: bytes(len(signs)))
    return lighten(site, tmp_path_factory.mktemp("project"))


def test_rules_no_page_can_use_are_gone_and_all_others_stay(light):
    sheet = light.sheet
    assert ".used{color: red}" in sheet
    assert ".other > p{color: blue}" in sheet
    assert ".set-by-script" in sheet
    assert "#place" in sheet
    assert ".used:not(.unused)" in sheet
    assert "green" not in sheet
    assert "#nowhere" not in sheet
    assert "x: z" not in sheet
    assert "@media print" not in sheet
    assert "@import" not in sheet
    assert sheet.index("order: 1") < sheet.index("color: red")


def test_our_own_sheet_comes_last_and_whole(light):
    assert light.sheet.endswith(".never { color: red }")


def test_signs_of_the_icon_font_are_not_read_aloud():
    signs = '<i class="fa-solid fa-list"></i><span class="fas fa-x"></span>'
    told = '<i class="far" aria-hidden="true"></i><i class="far-off">x</i><span class="a">b</span>'
    page = light_page(f'<meta charset="utf-8">{signs}{told}', "a.css", "a.js", frozenset())
    hidden = re.sub("<(i|span)", r'<\1 aria-hidden="true"', signs)
    assert page.endswith(hidden + told)


def test_addresses_are_those_seen_from_the_new_place():
    assert moved("url(../a.png) url('b.png') url(data:x) url(#m)", "styles") == (
        "url(a.png) url(styles/b.png) url(data:x) url(#m)"
    )


def test_scripts_keep_their_order_of_execution(light):
    assert light.scripts == ("_static/early.js", "_static/scripts/late.js")
    assert light.script.index("early()") < light.script.index("late(")


def test_a_page_has_one_sheet_one_script_and_what_is_its_own(light):
    page = light.page("search.html")
    assert sheets_of(page) == [f"_static/{light.sheet_name}"]
    assert scripts_of(page) == [f"_static/{light.script_name}", "_static/searchtools.js"]
    assert "toggleHint" not in page
    assert "onclick" not in page
    assert 'data-call="print"' in page


def test_a_page_in_a_folder_looks_one_up(light):
    page = light.page("findings/a.html")
    assert sheets_of(page) == [f"../_static/{light.sheet_name}"]
    assert scripts_of(page) == [f"../_static/{light.script_name}"]


def test_the_policy_allows_the_one_inline_script_that_stays(light):
    import base64

    page = light.page("index.html")
    (body,) = re.findall(r"<script data-cfasync[^>]*>(.*?)</script>", page, re.DOTALL)
    wanted = base64.b64encode(sha256(body.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert f"'sha256-{wanted}'" in policy
    assert "script-src 'self' 'sha256-" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy


def test_a_page_without_the_theme_stays_as_it_is(light, site):
    assert light.page("card.html") == (site / "card.html").read_text()


def test_what_is_bundled_is_not_published_beside_it(light):
    assert light.needless("_static/early.js")
    assert light.needless("_static/styles/theme.css")
    assert not light.needless("_static/favicon.svg")
    assert not light.needless("_static/searchtools.js")


def test_making_a_page_light_twice_is_an_error_nobody_makes(light):
    again = light_page(light.page("index.html"), "b.css", "b.js", frozenset())
    assert sheets_of(again) == ["_static/b.css"]


def test_only_the_solid_icons_in_use_are_kept(light):
    # The escape of a class no page has is cut before icons are counted.
    assert signs_in(light.sheet) == [0xF111]
    faces = (
        "@font-face{font-weight:900;src:url(vendor/fontawesome/a.woff2)}"
        "@font-face{font-weight:400;src:url(vendor/fontawesome/b.woff2)}"
        "@font-face{font-family:Own;src:url(own.woff2)}"
    )
    made = with_font(faces, "icons.woff")
    assert made.count("@font-face") == 2
    assert "icons.woff" in made
    assert "own.woff2" in made


def test_names_are_classes_ids_elements_and_words_of_scripts():
    seen = names_in(['<p class="a b" id="c">'], "x.classList.add('d-e')")
    assert {"a", "b", "c", "p", "d-e", "html"} <= seen
    assert purged("table{b:c}", seen) == ""
    assert purged("p.a#c{b:c}", seen) == "p.a#c{b:c}"
