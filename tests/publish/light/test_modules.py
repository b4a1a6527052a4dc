"""Modules as one file: names stay apart, each stands once, and no other form passes."""

import pytest

from analysis.publish.light.modules import joined

A = """import { two } from "./b-b.mjs";
import { one } from "./c.mjs";
let own = one + two();
"""
B = """import { one } from "./c.mjs";
const own = 1;
export async function two() { return own + one; }
"""
C = """export const one = 1;
const own = 2;
"""
MODULES = {"a.mjs": A, "b-b.mjs": B, "c.mjs": C}


def test_what_is_taken_in_stands_before_it_and_once():
    made = joined("a.mjs", MODULES.__getitem__)
    assert made == (
        "const $c = (() => {\nconst one = 1;\nconst own = 2;\nreturn { one };\n})();\n"
        "const $b_b = (() => {\nconst { one } = $c;\nconst own = 1;\n"
        "async function two() { return own + one; }\nreturn { two };\n})();\n"
        "const { two } = $b_b;\nconst { one } = $c;\nlet own = one + two();\n"
    )


def test_a_module_alone_stays_as_it_is():
    assert joined("x.mjs", lambda _: "let own = 1;\n") == "let own = 1;\n"


@pytest.mark.parametrize(
    "line",
    [
        'import all from "./c.mjs";',
        'import "./c.mjs";',
        'export { one } from "./c.mjs";',
        "export let n;",
    ],
)
def test_any_other_form_is_refused_with_its_line(line):
    with pytest.raises(ValueError, match=r"x\.mjs: .*is not known here; expected import") as told:
        joined("x.mjs", (MODULES | {"x.mjs": f"{line}\n"}).__getitem__)
    assert line in str(told.value)


def test_modules_in_a_circle_are_refused():
    circle = {"a.mjs": 'import { b } from "./b.mjs";\n', "b.mjs": 'import { a } from "./a.mjs";\n'}
    with pytest.raises(ValueError, match=r"a\.mjs takes in b\.mjs takes in a\.mjs"):
        joined("a.mjs", circle.__getitem__)
