"""What a meta-analysis found, as a short text for a terminal."""

import math
from collections.abc import Iterator

from analysis.numbers import MINUS, number, p_value
from analysis.pool.analyse import HETEROGENEITY, VARIANCES, Results

_TESTS_IN_WORDS = {"hksj": "HKSJ", "hksj-modified": "modified HKSJ", "z": "Wald"}


def as_text(results: Results) -> str:
    """Return what `pool` found as a short text for a terminal, with hyphens for minus signs."""
    parts = (_summary_lines, _effect_lines, _moderator_lines, _cluster_lines, _bias_lines)
    lines = [line for part in parts for line in part(results)]
    lines += [f"warning: {sentence}" for sentence in results["warnings"]]
    return "\n".join(lines).replace(MINUS, "-")


def _summary_lines(found: Results) -> Iterator[str]:
    model = "Common effect" if found["method"] == "EE" else "Random effects"
    how = f"{found['method']}, {_TESTS_IN_WORDS[found['test']]}"
    yield f"{model} ({how}), k = {found['k']}, {found['file']}"
    yield _line("estimate", _with_interval(found, found))
    if found["pi_low"] is not None:
        expected = _range(found["pi_low"], found["pi_high"], _places(found["se"]))
        yield _line("prediction", f"{expected} for the true effect of a new study")
    yield from _heterogeneity_lines(found, found)


def _heterogeneity_lines(found: Results, results: Results) -> Iterator[str]:
    tau2, low, high = (found[name] for name in HETEROGENEITY[:3])
    places = _places(tau2 or high)
    ends = "" if low is None else f", {_level(results)} CI {_range(low, high, places)}"
    if results["method"] == "EE":  # an interval would contradict what the method assumes
        places, ends = 0, " by assumption"
    yield _line("tau²", number(tau2, places) + ends)
    yield _line("I²", f"{number(found['i2'], 1)}% (H² {number(found['h2'], 2)})")
    yield _line("Q", f"{number(found['q'], 2)}, {p_value(found['q_p_value'])}")


def _effect_lines(found: Results) -> Iterator[str]:
    effects = found.get("effects", ())
    width = max((len(one["label"]) for one in effects), default=0)
    places = _places(found["se"])
    if effects:
        yield "Effects (standard error, weight)"
    for one in effects:
        values = (number(one["yi"], places), number(math.sqrt(one["vi"]), places))
        yield f"  {one['label']:<{width}}  {values[0]:>9} ({values[1]}, {one['weight']:.1f}%)"


def _moderator_lines(found: Results) -> Iterator[str]:
    if "coefficients" not in found:
        return
    yield "Moderators"
    width = max(len(one["name"]) for one in found["coefficients"])
    for one in found["coefficients"]:
        yield f"  {one['name']:<{width}}  {_with_interval(one, found)}"
    for name, level in found["reference_levels"].items():
        yield f"  {name} is compared with {level}"
    yield _line("together", f"QM {number(found['qm'], 2)}, {p_value(found['qm_p_value'])}")
    yield _line("explained", f"R² {number(found['r2'], 1)}{'' if found['r2'] is None else '%'}")
    yield "Left over"
    yield from _heterogeneity_lines(found["residual"], found)


def _cluster_lines(found: Results) -> Iterator[str]:
    if "three_level" not in found:
        return
    model, robust = found["three_level"], found["robust"]
    between, within = (number(model[name], _places(model[name])) for name in VARIANCES)
    yield f"Three levels (REML), {model['n_clusters']} clusters"
    yield _line("estimate", _with_interval(model, found))
    yield _line("variance", f"{between} between clusters, {within} within")
    df = number(robust["df"], 1)
    yield _line("robust", f"{_with_interval(robust, found)} ({robust['type']}, df {df})")


def _bias_lines(found: Results) -> Iterator[str]:
    if "egger" not in found:
        return
    yield "Small-study effects"
    if egger := found["egger"]:
        yield _line("Egger", f"t {number(egger['statistic'], 2)}, {p_value(egger['p_value'])}")
    if rank := found["rank"]:
        yield _line("rank", f"tau {number(rank['kendall_tau'], 2)}, {p_value(rank['p_value'])}")
    if fill := found["trimfill"]:
        with_them = _with_interval(fill, found)
        yield _line("trim and fill", f"{fill['k0']} added on the {fill['side']}: {with_them}")
    if not any(found[name] for name in ("egger", "rank", "trimfill")):
        yield "  not tested"


def _line(name: str, text: str) -> str:
    return f"  {name:<13} {text}"


def _level(results: Results) -> str:
    return f"{100 * results['level']:.4g}%"


def _with_interval(found: Results, results: Results) -> str:
    places = _places(found["se"])
    ends = _range(found["ci_low"], found["ci_high"], places)
    mean = number(found["estimate"], places)
    return f"{mean}, {_level(results)} CI {ends}, {p_value(found['p_value'])}"


def _range(low: float | None, high: float | None, places: int) -> str:
    return f"{number(low, places)} to {number(high, places)}"


def _places(size: float | None) -> int:
    """Return how many decimals show three figures of a number: of a standard error, say."""
    return min(12, max(0, 2 - math.floor(math.log10(size)))) if size else 3
