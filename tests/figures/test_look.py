"""The colours: seen on every ground, and the same as the book's style sheet."""

import re

import pytest

from analysis.figures import look


def luminance(colour):
    """Relative luminance of a hex colour, WCAG 2.2."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(part * share for part, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a, b):
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def grounds(theme):
    plain = {"light": look.LIGHT_GROUNDS, "dark": look.DARK_GROUNDS}[theme]
    return (*plain, getattr(look.BAND, theme))


def test_the_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour", look.COLOURS, ids=lambda colour: colour.name)
def test_every_colour_is_seen_on_every_ground(colour, theme):
    least = look.LEAST_CONTRAST[colour.role]
    worst = min(contrast(getattr(colour, theme), ground) for ground in grounds(theme))
    assert worst >= least


def test_every_colour_has_a_hex_of_its_own():
    assert len({colour.light for colour in look.COLOURS}) == len(look.COLOURS)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_style_sheet_sets_the_same_colours(root, theme):
    sheet = root / "book" / "_static" / "qof.css"
    text = sheet.read_text("utf-8")
    block = re.search(rf'html\[data-theme="{theme}"\]\s*{{(.*?)}}', text, re.DOTALL)[1]
    said = dict(re.findall(r"--qof-([\w-]+):\s*(#[0-9a-f]{6})", block))
    other_names = dict(re.findall(r"--qof-([\w-]+):\s*var\(--qof-([\w-]+)\)", text))
    shown = {c.name: said[other_names.get(c.name, c.name)] for c in look.COLOURS}
    assert shown == {c.name: getattr(c, theme) for c in look.COLOURS}


def test_no_letter_shrinks_below_what_can_be_read():
    shown = look.least_width(look.WIDTH) / look.WIDTH * look.SMALL
    assert shown == pytest.approx(look.LEAST_TEXT_SHOWN, abs=0.01)
    assert look.LEAST_TEXT_SHOWN >= 9
