"""Which result a line of risk of bias judges: all of a study's, those of a kind, or one figure."""

from analysis.intake.extraction.plan import SAME, Plan
from analysis.intake.tables import Tables
from analysis.problems import Problem, nearest

JUDGED, FIGURES = "risk_of_bias", "effects"


def unknown_results(plan: Plan, after: Tables) -> list[Problem]:
    """Return the lines of a sheet that judge a result which their study does not have.

    `after` are the tables with the plan carried out, so that a figure of the same sheet counts.
    """
    from analysis.evidence.risk_of_bias import ALL

    problems = []
    for item in plan.items:
        if item.tab.table != JUDGED or item.outcome == SAME:
            continue
        own = after.of(FIGURES, item.after[item.tab.owner])
        choices = {ALL, *(row["effect_id"] for row in own), *(row["indicator_type"] for row in own)}
        if (told := item.after["result"]) and told not in choices:
            problems.append(item.source.problem(nearest(told, choices - {""}), "result", told))
    return problems
