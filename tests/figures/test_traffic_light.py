"""Every judgement is shown by shape, letter and shade, and told in words."""

import re

import pytest

from analysis.evidence.risk_of_bias import (
    DOMAINS,
    JUDGEMENTS,
    LINES,
    NO_INFORMATION,
    OVERALL,
    TRIAGE,
    Line,
)
from analysis.figures import look
from analysis.figures.traffic_light import COLUMNS, LOOKS, WIDTH, traffic_light
from analysis.figures.traffic_light_words import DOMAIN_WORDS, LIGHTS, Group, Lights
from analysis.findings.grade_bias import Assessed

PHONE = 343  # a phone of 375 px less the page's margins


def made(study, share, results=(), **judgements):
    told = {TRIAGE: "continue"} | dict.fromkeys((*DOMAINS, OVERALL), "low") | judgements
    lines = {d: Line(j, f"why {d}", "proposed", "abstract") for d, j in told.items()}
    return Assessed(study, study.title(), results, lines, share)


PARTS = (
    made("alpha", 0.5, confounding="serious", overall="serious"),
    made("beta", 0.3, missing_data="no_information", overall="moderate", confounding="moderate"),
    made("gamma", 0.2, ("deaths",), confounding="critical", overall="critical", triage="critical"),
)


def plot(*groups, measured="Share of the weight"):
    groups = groups or (Group("All", PARTS),)
    parts = tuple(part for group in groups for part in group.parts)
    return traffic_light(Lights(groups, parts, measured), name="lights-test", title="Risk of bias")


def texts(svg):
    return re.findall(r">([^<>]+)</text>", svg)


def test_there_is_a_letter_for_every_light_bar_and_key():
    shown = texts(plot().svg)
    letters = [LIGHTS[part.judgement(domain)].letter for part in PARTS for domain in COLUMNS]
    for judgement in (*JUDGEMENTS, NO_INFORMATION):
        letter = LIGHTS[judgement].letter
        assert shown.count(letter) > letters.count(letter)
        assert LIGHTS[judgement].words in shown
    assert {"Alpha", "Beta", "Gamma", "deaths"} <= set(shown)
    assert all(DOMAIN_WORDS[domain].short in shown for domain in COLUMNS)


def luminance(colour):
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_in_grey_a_worse_judgement_stands_farther_from_the_ground(theme):
    ground = (look.LIGHT_GROUNDS if theme == "light" else look.DARK_GROUNDS)[0]
    fills = [LOOKS[name].fill for name in JUDGEMENTS]
    shades = [contrast(getattr(fill, theme) if fill else ground, ground) for fill in fills]
    assert shades == sorted(shades)
    assert len({round(shade, 1) for shade in shades}) == len(JUDGEMENTS)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_letters_can_be_read_on_their_fill(theme):
    ground = (look.LIGHT_GROUNDS if theme == "light" else look.DARK_GROUNDS)[0]
    for seen in LOOKS.values():
        fill = getattr(seen.fill, theme) if seen.fill else ground
        assert contrast(getattr(seen.letter, theme), fill) >= look.LEAST_CONTRAST["text"]


def test_no_two_judgements_have_the_same_shape_and_letter():
    shapes = [(LOOKS[name].shape, LOOKS[name].dashed) for name in (*JUDGEMENTS, NO_INFORMATION)]
    assert len(set(shapes)) == len(shapes)
    assert len({words.letter for words in LIGHTS.values()}) == len(LIGHTS)


def bars(svg):
    """Widths of the slices of each bar, by their middle height."""
    found = {}
    for d in re.findall(r'class="qof-light"><path d="([^"]*)"', svg):
        x, y = zip(*(map(float, xy) for xy in re.findall(r"([\d.-]+) ([\d.-]+)", d)), strict=True)
        if max(y) - min(y) == pytest.approx(15):
            found.setdefault(round(sum(y) / len(y)), []).append(max(x) - min(x))
    return list(found.values())


def test_bars_are_as_long_as_the_shares():
    every = bars(plot().svg)
    assert len(every) == len(COLUMNS)
    whole = sum(every[-1])
    assert [width / whole for width in every[-1]] == pytest.approx([0.3, 0.5, 0.2], abs=0.01)
    assert [sum(widths) for widths in every] == pytest.approx([whole] * len(every), abs=0.1)


def test_it_fits_a_phone_without_scrolling():
    assert look.least_width(WIDTH) <= PHONE


def test_the_table_has_a_row_a_line_with_reason_and_status():
    table = plot().table
    assert len(table) == len(PARTS) * len(LINES)
    row = table[(table["Study"] == "Gamma") & (table["Domain"] == "Overall")].iloc[0]
    assert row["Judgement"] == "critical risk"
    assert (row["Result"], row["Why"], row["Status"]) == ("deaths", "why overall", "proposed")


def test_the_alt_text_makes_the_point():
    alt = plot().alt
    assert "3 studies" in alt
    assert "20% critical risk, 50% serious risk, 30% moderate risk" in alt
    assert "weakest domain is confounding, 70% serious or worse" in alt


def test_groups_stand_under_their_titles_and_nothing_is_told_as_not_judged():
    bare = Assessed("delta", "Delta", (), {}, 0.0)
    figure = plot(Group("First finding", PARTS), Group("Second finding", (bare,)))
    shown = texts(figure.svg)
    assert shown.index("First finding") < shown.index("Gamma") < shown.index("Second finding")
    assert shown.count("–") == len(COLUMNS)
    assert "First finding" not in texts(plot(Group("First finding", PARTS)).svg)


def test_the_caption_says_that_judgements_are_proposed_until_one_is_final():
    assert "All judgements are proposed" in plot().caption
    lines = {**PARTS[0].lines, "confounding": Line("low", "read", "final", "full_text")}
    settled = Assessed("alpha", "Alpha", (), lines, 1.0)
    assert "All judgements are proposed" not in plot(Group("All", (settled,))).caption


def test_nothing_to_show_is_an_error():
    with pytest.raises(ValueError, match="found no study"):
        plot(Group("None", ()))
