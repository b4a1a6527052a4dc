"""Figures that are drawn again only when what they show, or the code that draws, changes."""

import pickle
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.figures.figure import Figure
from analysis.findings.store import digest_of
from analysis.paths import project_root
from analysis.publish.caching.kept import kept_bytes

PLAIN = (str, bytes, int, float, complex, type(None))


def drawn(draw: Callable[..., Figure], *shown: Any, **also: Any) -> Figure:
    """Return `draw(*shown, **also)`, from `_build/.kept` where the same was drawn before.

    Raises:
        TypeError: something shown has no exact text, see `exact`.
    """
    try:
        root = project_root()
    except FileNotFoundError:
        # The package stands alone: there is no place to keep anything.
        return draw(*shown, **also)
    called = f"{draw.__module__}.{draw.__qualname__}"
    made_from = f"figure {called} {_code()} {exact(shown)} {exact(also)}"
    # Only this project writes there, as it does the code that it runs.
    content = kept_bytes(root, made_from, lambda: pickle.dumps(draw(*shown, **also)))
    figure: Figure = pickle.loads(content)
    return figure


@lru_cache(maxsize=1)
def _code() -> str:
    # What this process runs, which need not be what the project at hand has.
    return digest_of(Path(__file__).parents[3], "analysis/**/*.py", "requirements.lock")


def exact(value: Any) -> str:
    """Return a text that is another for any other content, however long, of whatever type.

    Raises:
        TypeError: the value is of a type that is not known to have one.
    """
    if isinstance(value, PLAIN):
        return repr(value)
    if is_dataclass(value):
        parts = (exact(getattr(value, field.name)) for field in fields(value))
        return f"{type(value).__qualname__}({', '.join(parts)})"
    if isinstance(value, Mapping):
        parts = (f"{exact(key)}: {exact(one)}" for key, one in value.items())
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(exact, value))}]"
    return _of_data(value)


def _of_data(value: Any) -> str:
    import numpy as np
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        columns = [value.iloc[:, place] for place in range(value.shape[1])]
        named = [(of.names, of.tolist()) for of in (value.columns, value.index)]
        return f"frame({named!r}, {list(map(exact, columns))})"
    if isinstance(value, pd.Series | np.ndarray):
        return f"{value.dtype}{value.tolist()!r}"
    if isinstance(value, np.generic) or value is pd.NA:
        return repr(value)
    raise TypeError(f"no exact text of {type(value).__qualname__}: expected data")
