"""The engine that fills `{{ ... }}` in chapters, options and briefs alike."""

from typing import Any


def engine() -> Any:
    """Return the template engine, which stops at an unknown name and says which names there are."""
    from jinja2 import Environment, StrictUndefined

    class Telling(Environment):
        def getattr(self, obj: object, attribute: str) -> object:
            # Jinja would drop the message, which says what there is.
            return getattr(obj, attribute)

    return Telling(undefined=StrictUndefined, keep_trailing_newline=True)
