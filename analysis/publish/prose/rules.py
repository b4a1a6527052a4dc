"""What may not be typed into prose: a number, and a direction beside a finding's number.

A typed number stays when the data change, and so does a typed "rose". Numbers come from findings,
facts, counts and computed tables; direction words from `says()`, or from a claim whose
`holds_if` names the number they stand beside.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.problems import Problem
from analysis.publish.prose.spoken import Spoken

NOT_PROSE = (
    re.compile(r"\A---\n.*?\n---\n", re.DOTALL),  # the header
    re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE),  # code, and text set as code
    re.compile(r"\{\{.*?\}\}", re.DOTALL),  # numbers that come from somewhere
    re.compile(r"\{[\w:]+\}`[^`]*`"),  # citations and links
    re.compile(r"`[^`]*`"),  # names of files and commands
    re.compile(r"<[^>]*>"),
    re.compile(r"\]\([^)\s]*\)"),  # the address of a link
    re.compile(r"^\([\w-]+\)=$|^\{#[\w-]+\}$", re.MULTILINE),  # anchors
    re.compile(r"^\d+\. ", re.MULTILINE),  # numbered steps
)
# Dates, QOF years, names that hold a digit, and what a rate is counted in.
ALLOWED = re.compile(
    r"\b(?:19|20)\d\d(?:/\d\d)?\b|CC BY 4\.0|v3\.0|HbA1c|\btype [12] diabetes|\b(?:per|in) 1,000\b"
)
DIGITS = re.compile(r"\S*\d\S*")
EXPECTED = "a number that comes from somewhere, as in {{ withdrawal.estimate }} or {{ facts.x }}"

# Keys of `data/*.yml` whose text a reader sees. What the tables and formulas name is not text.
TEXT_KEYS = {
    "benefit", "caution", "cautions", "claim", "dependence", "explanation", "harm", "label",
    "left_label", "limits", "message", "option", "overlap", "problem", "question", "reason",
    "reasons", "right_label", "says", "short", "statement", "status", "summary", "text",
    "title",
}  # fmt: skip

# Verbs that say which way something went; "more" and "less" compare too many other things.
DIRECTION = re.compile(
    r"\b(?:fell|rose|dropped|declined|increased|decreased|improved|worsened|grew|shrank|climbed|"
    r"(?:was|were) (?:higher|lower))\b"
)
SPOKEN = re.compile(r"\{\{\s*(\w+)\.(\w+)")
_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )|\n(?=:::)")
_SENTENCE = re.compile(r"(?<=[.!?])(?:\*\*)?\s+(?=[^a-z\s])")
# Attributes that carry a direction, beside those that name a part: `median_treatment`.
_SUMMARY = {
    "estimate", "size", "ci", "size_ci", "range", "size_range", "prediction_interval", "row",
}  # fmt: skip
_PARTS = ("median_", "mean_", "lowest", "highest", "gap_", "ci_")
# What a `holds_if` names when it says where the estimates lie.
_SIDES = {
    "estimate", "ci_low", "ci_high", "lowest", "highest", "k_interval_above", "k_interval_below",
}  # fmt: skip


def prose_of(text: str) -> str:
    """Return the text with everything that is no prose blanked out; line breaks stay."""
    for pattern in NOT_PROSE:
        text = pattern.sub(lambda found: " " + "\n" * found[0].count("\n"), text)
    return text


def typed_digits(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and word of every digit typed into prose."""
    for number, line in enumerate(prose_of(text).splitlines(), 1):
        for word in DIGITS.findall(ALLOWED.sub(" ", line)):
            yield number, word


def unguarded(text: str, findings: Mapping[str, Spoken]) -> Iterator[tuple[int, str, str]]:
    """Yield line, word and number where a direction is typed beside a finding's number.

    `findings` are by the name chapters use. A sentence is let through when it has a `says()`, or
    when the `holds_if` of a number in it decides which way that number goes.
    """
    for start, sentence in _sentences(_without_code(text)):
        named = [(n, a) for n, a in SPOKEN.findall(sentence) if n in findings and _directed(a)]
        word = DIRECTION.search(prose_of(sentence))
        if not (named and word) or ".says(" in sentence:
            continue
        if not any(_decided(findings[name], attribute) for name, attribute in named):
            yield text.count("\n", 0, start) + 1, word[0], ".".join(named[0])


def check_prose(file: str, text: str, findings: Mapping[str, Spoken]) -> list[Problem]:
    """Return every number and every unguarded direction that is typed into a chapter."""
    digits = [Problem(file, EXPECTED, line, "prose", word) for line, word in typed_digits(text)]
    return digits + [
        Problem(
            file,
            f'{{{{ {number.split(".")[0]}.says("...") }}}} in the sentence, a holds_if that names '
            f"{number}, or words without a direction",
            line,
            "prose",
            word,
        )
        for line, word, number in unguarded(text, findings)
    ]


def check_texts(root: Path) -> list[Problem]:
    """Return every digit in the texts of `data/*.yml` that a reader sees."""
    return [
        Problem(path.relative_to(root).as_posix(), EXPECTED, line, key, word)
        for path in sorted((root / "data").glob("*.yml"))
        for line, key, text in yaml_texts(path.read_text("utf-8"))
        for _, word in typed_digits(text)
    ]


def yaml_texts(content: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, key and text of every text in YAML that stands under one of `TEXT_KEYS`."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    root = yaml.compose(content, Loader=loader)
    waiting = [("", root)] if root else []
    while waiting:
        key, node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            waiting += [(name.value, value) for name, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += [(key, value) for value in node.value]
        elif key in TEXT_KEYS:
            yield node.start_mark.line + 1, key, node.value


def _without_code(text: str) -> str:
    return NOT_PROSE[1].sub(lambda found: "\n" * found[0].count("\n"), text)


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    for start, paragraph in _parts(text, _PARAGRAPH):
        for offset, sentence in _parts(paragraph, _SENTENCE):
            yield start + offset, sentence


def _parts(text: str, between: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    start = 0
    for found in between.finditer(text):
        yield start, text[start : found.start()]
        start = found.end()
    yield start, text[start:]


def _directed(attribute: str) -> bool:
    return attribute in _SUMMARY or attribute.startswith(_PARTS)


def _decided(spoken: Spoken, attribute: str) -> bool:
    named = set(re.findall(r"[a-z_]\w*", spoken.finding.holds_if))
    return attribute in named or (attribute in _SUMMARY and bool(named & _SIDES))
