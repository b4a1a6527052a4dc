"""Findings to draw in tests: a few printed figures, filled in by hand. Test material only.

The withdrawal rows carry the digits printed in the abstracts of minchin2018 and morales2023,
the ratios those of mckay2021dr, the points those of the official QOF statistics; summaries are
worked out here by DerSimonian and Laird (1986), normal intervals, for the sake of having some.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.findings.finding import Certainty, Finding, Group, Point, Row, Summary

DOI = {
    "minchin2018": ("Minchin 2018", "https://doi.org/10.1056/NEJMsa1801495"),
    "morales2023": ("Morales 2023", "https://doi.org/10.1136/bmj-2022-072098"),
    "mckay2021dr": ("McKay 2021", "https://example.org/mckay"),
}
KINDS = {
    "recording": "Recording or review",
    "measurement": "Measurement",
    "outcome": "Intermediate outcome",
}
# row of effects.csv, study, group, indicator, estimate, low, high, as printed
WITHDRAWAL = (
    (318, "minchin2018", "recording", "lifestyle counselling in hypertension documented",
     -62.3, -65.6, -59.0, "-62.3 (95% CI -65.6 to -59.0)"),
    (319, "minchin2018", "outcome", "cholesterol control in CHD",
     -10.7, -13.6, -7.8, "-10.7 (95% CI -13.6 to -7.8)"),
    (320, "minchin2018", "measurement", "thyroid function testing in hypothyroidism",
     -12.1, -13.6, -10.6, "-12.1 (95% CI -13.6 to -10.6)"),
    (321, "minchin2018", "recording", "smoking status recording",
     -5.8, None, None, "drop of 5.8 percentage points"),
    (324, "morales2023", "recording", "mental health care plan recorded",
     -40.2, -45.5, -35.0, "−40.2 percentage points, 95% confidence interval −45.5 to −35.0"),
    (325, "morales2023", "measurement", "diabetic foot screening",
     -22.8, -33.9, -11.7, "−22.8, −33.9 to −11.7"),
    (326, "morales2023", "outcome", "blood pressure control in PAD",
     -18.5, -22.1, -14.9, "−18.5, −22.1 to −14.9"),
    (331, "morales2023", "outcome", "blood pressure control in stroke/TIA",
     -16.6, -20.6, -12.7, "stroke or transient ischaemic attack (−16.6, −20.6 to −12.7)"),
    (332, "morales2023", "outcome", "blood pressure control in diabetes",
     -12.7, -15.0, -10.4, "-12.7, -15.0 to -12.4"),
    (333, "morales2023", "outcome", "blood pressure control in CHD",
     -12.8, -14.9, -10.8, "coronary heart disease (−12.8, −14.9 to −10.8)"),
    (334, "morales2023", "outcome", "blood pressure control in hypertension",
     -13.7, -19.4, -7.9, "hypertension (−13.7, −19.4 to −7.9)"),
    (335, "morales2023", "outcome", "HbA1c control (<75 mmol/mol) in diabetes",
     -5.0, -8.4, -1.5, "HbA1c levels ≤75 mmol/mol (−5.0, −8.4 to −1.5)"),
)  # fmt: skip
SILENT = (323, "minchin2018", "recording", "maintained indicators: little change in performance",
          None, None, None, "little change ... on the 6 quality measures")  # fmt: skip
RATIOS = (
    (163, "mckay2021dr", "outcome", "retinopathy, HbA1c <=7.5% attained vs not",
     0.94, 0.89, 0.99, "0.94 (0.89-0.99)"),
    (164, "mckay2021dr", "outcome", "retinopathy, BP <=140/80 attained vs not",
     0.87, 0.83, 0.92, "0.87 (0.83-0.92)"),
    (165, "mckay2021dr", "outcome", "retinopathy, cholesterol <=5 attained vs not",
     1.03, 0.97, 1.10, "1.03 (0.97-1.10)"),
    (166, "mckay2021dr", "outcome", "sight-threatening retinopathy, HbA1c attained vs not",
     0.74, 0.62, 0.87, "0.74 (0.62-0.87)"),
)  # fmt: skip
# year, Somerset, England without Somerset: percent of the 559 points, official statistics
POINTS = (
    ("2014/15", 79.52, 94.89),
    ("2015/16", 76.60, 95.52),
    ("2016/17", 74.14, 95.74),
    ("2017/18", 74.90, 96.22),
    ("2018/19", 78.95, 96.36),
    ("2019/20", 96.13, 95.50),
)


def row(printed, weight=None):
    key, study, group, indicator, estimate, low, high, words = printed
    label, url = DOI[study]
    return Row(
        effect_id=f"{study}-{key}",
        study_id=study,
        label=label,
        group=group,
        indicator=indicator,
        timepoint="1 year" if study == "minchin2018" else "3 years",
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        weight=weight,
        reported_as=words,
        locator="abstract, Results",
        source_url=url,
        extracted_from="abstract",
        checked="twice",
    )


def pooled(printed, log=False):
    """Rows with weights in percent, and their DerSimonian-Laird summary; 1.96, no t."""
    to, back = (np.log, np.exp) if log else (np.asarray, np.asarray)
    y, low, high = (to(np.array([p[i] for p in printed], float)) for i in (4, 5, 6))
    v = ((high - low) / (2 * 1.959964)) ** 2
    w, k = 1 / v, len(y)
    q = float(np.sum(w * (y - np.sum(w * y) / w.sum()) ** 2))
    tau2 = max(0.0, (q - (k - 1)) / (w.sum() - np.sum(w**2) / w.sum())) if k > 1 else 0.0
    w = 1 / (v + tau2)
    mean, se = np.sum(w * y) / w.sum(), w.sum() ** -0.5
    ends = back(np.array([mean, mean - 1.96 * se, mean + 1.96 * se]))
    spread = 1.96 * (tau2 + se**2) ** 0.5
    pi = back(np.array([mean - spread, mean + spread])) if k > 2 else (None, None)
    summary = Summary(
        k=k,
        estimate=float(ends[0]),
        ci_low=float(ends[1]),
        ci_high=float(ends[2]),
        p_value=0.0004,
        tau2=tau2,
        tau2_ci_low=None,
        tau2_ci_high=None,
        i2=100 * max(0.0, 1 - (k - 1) / q) if q else 0.0,
        q=q,
        q_df=k - 1,
        q_p_value=0.0002,
        pi_low=None if pi[0] is None else float(pi[0]),
        pi_high=None if pi[1] is None else float(pi[1]),
        df=None,
        method="DL",
        test="z",
        warnings=() if k > 2 else ("Fewer than three figures: no prediction interval.",),
    )
    shares = 100 * w / w.sum()
    return [row(p, float(s)) for p, s in zip(printed, shares, strict=True)], summary


def finding(**changes):
    """The withdrawal finding: eleven pooled rows, one without an interval, one without size."""
    whole = [p for p in WITHDRAWAL if p[5] is not None]
    rows, summary = pooled(whole)
    rows += [row(p) for p in WITHDRAWAL if p[5] is None] + [row(SILENT)]
    groups = tuple(
        Group(name, label, pooled(mine)[1])
        for name, label in KINDS.items()
        if len(mine := [p for p in whole if p[2] == name]) > 1
    )
    base = Finding(
        id="withdrawal-recorded-care",
        name="withdrawal",
        kind="pooled",
        title="Recorded care fell when incentives were withdrawn",
        question="What happened to recorded care after incentives were withdrawn?",
        claim="Recorded care fell.",
        holds_if="ci_high < 0",
        holds=True,
        unit="percentage points",
        null=0.0,
        log_scale=False,
        higher_is_better=True,
        certainty=Certainty("low", ("observational",)),
        cautions=("Abstracts print the largest effects.",),
        rows=tuple(rows),
        groups=groups,
        summary=summary,
        points=(),
        focus="",
        comparator="",
        x_label="Change against expected, percentage points",
        left_label="recorded care fell",
        right_label="recorded care rose",
    )
    return replace(base, **changes)


def few(k, **changes):
    """The first `k` whole rows of one group, pooled."""
    rows, summary = pooled([p for p in WITHDRAWAL if p[2] == "outcome"][:k])
    groups = (Group("outcome", KINDS["outcome"], None),)
    return finding(id=f"few-{k}", rows=tuple(rows), summary=summary, groups=groups, **changes)


def ratios(**changes):
    """Four hazard ratios, on a log axis."""
    rows, summary = pooled(RATIOS, log=True)
    return finding(
        **{
            "id": "ratios",
            "title": "Targets attained and retinopathy",
            "unit": "hazard ratio",
            "null": 1.0,
            "log_scale": True,
            "rows": tuple(rows),
            "groups": (Group("outcome", KINDS["outcome"], None),),
            "summary": summary,
            "x_label": "Hazard ratio (log scale)",
            "left_label": "less retinopathy",
            "right_label": "more retinopathy",
            **changes,
        }
    )


def listed(**changes):
    """The same rows side by side, without weights or summaries."""
    base = finding(kind="listed", summary=None, id="listed")
    rows = tuple(replace(r, weight=None) for r in base.rows)
    groups = tuple(replace(g, summary=None) for g in base.groups)
    return replace(base, **{"rows": rows, "groups": groups, **changes})


def series(**changes):
    """Somerset against the rest of England: percent of QOF points, official statistics."""
    points = [
        Point(name, year, value)
        for year, *values in POINTS
        for name, value in zip(("Somerset", "Rest of England"), values, strict=True)
    ]
    return finding(
        **{
            "id": "somerset-points",
            "kind": "series",
            "title": "QOF points achieved in Somerset and in the rest of England",
            "unit": "percent of points",
            "rows": (),
            "groups": (),
            "summary": None,
            "points": tuple(points),
            "focus": "Somerset",
            "comparator": "Rest of England",
            "cautions": ("2019/20: the framework was reformed (break in the series).",),
            "x_label": "Year",
            "y_label": "Points achieved, % of maximum",
            **changes,
        }
    )


def events():
    """Nine dated policy events, the last without a label of its own."""
    columns = ["date", "jurisdiction", "short", "kind", "event", "source_title", "source_url"]
    rows = [
        ("2004-04-01", "United Kingdom", "QOF begins", "start"),
        ("2014-06", "England", "Somerset local scheme approved", "local"),
        ("2014-04-01", "England", "England retires 341 points", "size"),
        ("2014-04-01", "Wales", "Welsh QOF cut from 969 to 669 points", "size"),
        ("2016-04-01", "Scotland", "Scotland abolishes QOF", "end"),
        ("2019", "Wales", "QAIF replaces QOF", "end"),
        ("2024-04-01", "Northern Ireland", "Northern Ireland ends QOF", "end"),
        ("2024-04-01", "England", "2024/25 contract suspends 32 of 76 indicators", "size"),
        ("2024-04-01", "England", "", "price"),
    ]
    source = ("Where it was read", "https://example.org/read")
    return pd.DataFrame([(*row[:4], f"Event: {row[2]}", *source) for row in rows], columns=columns)
