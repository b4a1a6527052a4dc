"""The bars of a harvest plot from a finding's figures: one a study in each group."""

import math
from collections.abc import Mapping

from analysis.findings.finding import Finding, Row
from analysis.synthesis.unpooled.direction import align, directions, study_directions
from analysis.synthesis.unpooled.harvest import Harvest, harvest


def harvest_of(
    finding: Finding, heights: Mapping[str, float], shades: Mapping[str, str]
) -> Harvest:
    """Return the bars of a finding: each study once in each group its figures are in.

    A study points where at least 70% of its figures in the group do; figures printed without a
    size have no direction and are left out.

    Args:
        finding: of figures, with `higher_is_better` known.
        heights: study_id -> how much the study is worth, above 0.
        shades: study_id -> what the shading tells, such as the design.

    Raises:
        ValueError: it is not known whether higher is better, no figure has a size, or a study has
            no height or shade.
    """
    sized = [row for row in finding.rows if row.estimate is not None]
    unknown = sorted({row.study_id for row in sized} - (heights.keys() & shades.keys()))
    if finding.higher_is_better is None or not sized or unknown:
        raise ValueError(
            f"finding {finding.id!r}: expected figures with a size, higher_is_better known, and "
            f"a height and a shade for every study; found {len(sized)} figures, "
            f"{finding.higher_is_better}, none for {', '.join(unknown) or 'no study'}"
        )
    names = {group.name: group.label for group in finding.groups}
    bars = [
        (label, names.get(group, group), direction, heights[study], shades[study])
        for group in dict.fromkeys(row.group for row in sized)
        for (study, label), direction in _directions(finding, sized, group).items()
    ]
    labels, panels, ways, tall, shaded = zip(*bars, strict=True)
    return harvest(labels, panels, ways, tall, shaded, file=finding.id)


def _directions(finding: Finding, rows: list[Row], group: str) -> dict[tuple[str, str], str]:
    """Return the direction of each study in one group, by study_id and label."""
    inside = [row for row in rows if row.group == group]
    to, null = (math.log, 0.0) if finding.log_scale else (float, finding.null)
    moved = [to(row.estimate) - null for row in inside if row.estimate is not None]
    turned = align(moved, bool(finding.higher_is_better))
    found = study_directions(directions(turned.yi), [row.study_id for row in inside])
    labels = {row.study_id: row.label for row in inside}
    return {(study, labels[study]): direction for study, direction in found.items()}
