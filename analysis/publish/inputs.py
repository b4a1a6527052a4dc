"""What a chapter reads: the findings, tables, facts and sources that its text and cells name."""

import ast

from analysis.publish.chapters import CITED, NAMED, Chapter

# The grammar of code cells: what each call reads when its argument is written out.
EVERYTHING = "*"
READS = {
    "basis": "answers",
    "briefs": "briefs",
    "card_code": "questions",
    "cases": "cases",
    "changes": "changes",
    "checklist": "checklists",
    "coverage": "coverage",
    "explorer": "explore",
    "families": "families",
    "finding": None,
    "finding_files": "questions",
    "grade": "grade",
    "gap_map": "gap_map",
    "indicators": "indicator_list",
    "links": "links",
    "listing": None,
    "national": "national_series",
    "options": "summaries",
    "listed_robustness": "robust",
    "robustness": "robust",
    "risk_of_bias": "grade",
    "schema_keys": "schemas",
    "screening": "flow",
    "statements": "statements",
    "steps": "steps",
    "summary_of_findings": "summaries",
    "surveys": "surveys",
    "table": None,
    "table_list": "package",
    "timeline": "timeline",
    "trails": "tables",
}
# Calls that read less when their arguments, all written out, ask for a part.
IN_PARTS = ("families", "gap_map")


def cell_inputs(chapter: Chapter) -> set[str]:
    """Return the names of what the chapter's cells read.

    A cell that does more than call the grammar with a written-out name may read anything, so it
    depends on `EVERYTHING`.
    """
    return {name for cell in chapter.cells for name in _reads(cell)}


def inputs(chapter: Chapter) -> set[str]:
    """Return the names of all that the page shows: findings, tables, facts, counts, citations."""
    prose = {name.split(".")[0].split("(")[0].strip() for name in NAMED.findall(chapter.text)}
    cited = {
        f"cite:{key.strip()}" for keys in CITED.findall(chapter.text) for key in keys.split(",")
    }
    whole = {EVERYTHING} if "{bibliography}" in chapter.text else set()
    return prose | cited | whole | cell_inputs(chapter)


def _reads(cell: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(cell)):
        if isinstance(node, ast.Import):
            names.add(EVERYTHING)
        elif isinstance(node, ast.ImportFrom):
            allowed = node.module == "analysis" and {a.name for a in node.names} <= READS.keys()
            names |= set() if allowed else {EVERYTHING}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            names.add(_read_by(node))
    return names


def _read_by(call: ast.Call) -> str:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in READS:
        return EVERYTHING
    if read := READS[name]:
        return _part(read, call) if name in IN_PARTS else read
    if not (call.args and isinstance(call.args[0], ast.Constant)):
        return EVERYTHING
    return ("listing:" if name == "listing" else "") + str(call.args[0].value)


def _part(read: str, call: ast.Call) -> str:
    values = [one.value for one in call.args if isinstance(one, ast.Constant)]
    if call.keywords or len(values) < len(call.args):
        return read
    return f"{read}:{','.join(map(str, values))}"
