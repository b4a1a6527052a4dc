"""What a process need not look up again, because it lives within one build.

A kernel that a build starts works on the inputs that the build began with. Elsewhere nothing is
settled: a notebook that stays open sees each change of a file.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

Asked = ParamSpec("Asked")


class _Process:
    settled = False


def settle() -> None:
    """From now on, in this process and its forks, take each answer as it is first given."""
    _Process.settled = True


def once_settled(look_up: Callable[Asked, str]) -> Callable[Asked, str]:
    """Let `look_up` answer from memory where the process is settled."""
    remembered: dict[tuple[object, ...], str] = {}

    @wraps(look_up)
    def answered(*args: Asked.args, **kwargs: Asked.kwargs) -> str:
        if not _Process.settled:
            return look_up(*args, **kwargs)
        asked = (args, *sorted(kwargs.items()))
        if asked not in remembered:
            remembered[asked] = look_up(*args, **kwargs)
        return remembered[asked]

    return answered
