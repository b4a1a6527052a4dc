"""The rules by which a certainty is proposed, as data: words, steps and thresholds.

GRADE with ROBINS-I starts at high, since the tool already judges what a lack of randomisation may
do (Schünemann et al. 2019, J Clin Epidemiol 111:105-114). The thresholds are this book's own,
written down so that they can be disputed, and chosen with the findings in sight.
"""

from collections.abc import Mapping

# What each step is for, in the order of a profile, and how its reason is worded.
DOMAINS: Mapping[str, str] = {
    "risk_of_bias": "risk of bias",
    "inconsistency": "inconsistency",
    "indirectness": "indirectness",
    "imprecision": "imprecision",
    "reporting": "selective reporting",
    "large_effect": "size",
    "gradient": "the gradient",
}
UPGRADES = ("large_effect", "gradient")
START = "high"
MORE_THAN = 0.5
# Steps down when more than half of a finding is at this judgement or worse, worst first.
RISK_OF_BIAS: Mapping[str, int] = {"critical": -3, "serious": -2, "moderate": -1}
# Without ROBINS-I such studies start at low (Guyatt et al. 2011): the same as two steps down.
NOT_JUDGED = -2
# A contrast between groups describes a gap and credits nothing with it.
GAP = -1
LEAST_ESTIMATES = 3
LEAST_PRACTICES = 30
NATIONS = ("England", "Scotland", "Wales", "Northern Ireland", "UK")
PARTIAL = ("abstract", "press")
"""What `extracted_from` says of figures that someone chose to print."""
RECORDS = ("recording_or_review",)
"""Kinds of indicator that exist mainly as a record."""
LARGE_POINTS = 10.0
LARGE_RATIO = 2.0
EXPLAINED = 0.05
STEPS_OF_GRADIENT = 3
# What a block of `certainty` may declare, since no table holds it.
FLAGS: Mapping[str, str] = {"one_place": "all figures come from one place, and the claim is wider"}

RULES: Mapping[str, str] = {
    "risk_of_bias": (
        "Every finding starts at high. It goes down one step when more than half of its weight is "
        "at moderate risk or worse, two when more than half is serious or worse, three when more "
        "than half is critical. Where most was not judged with ROBINS-I it goes down two, since "
        "GRADE would start it at low. Contrasts between groups of people are no effects and were "
        "not judged with the tool: they go down one, for what else differs between the groups."
    ),
    "inconsistency": (
        "Down one step when intervals lie wholly on both sides of no change, when a clear figure "
        "faces one that points the other way, or when the prediction interval includes no change "
        "and the figures do not all agree. No step where the kinds of indicator explain the spread."
    ),
    "indirectness": (
        "Down one step when more than half of the figures come from outside the United Kingdom, "
        "when one place stands for a wider claim, or when most of what is counted is a record and "
        "the domain of measurement has not already counted that."
    ),
    "imprecision": (
        f"Down one step when the interval of the mean, or most of the listed intervals, include no "
        f"change; when fewer than {LEAST_ESTIMATES} estimates have an interval; or when fewer than "
        f"{LEAST_PRACTICES} practices stand behind them all."
    ),
    "reporting": (
        "Down one step when an average rests for more than half on figures that an abstract or a "
        "news report chose to print. A list makes no average, so it loses no step."
    ),
    "large_effect": (
        f"Up one step when an average is at least {LARGE_POINTS:g} percentage points, or a ratio "
        f"at least {LARGE_RATIO:g} or its inverse, and its interval excludes no change. A step up "
        "gives back one taken for risk of bias; nothing is given back where most is critical."
    ),
    "gradient": (
        f"Up one step, on the same terms, when the claim orders at least {STEPS_OF_GRADIENT} kinds "
        "of indicator by how far it exists mainly as a record, and the numbers hold to it. Size "
        "and gradient together are one step."
    ),
}
