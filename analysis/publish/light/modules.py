"""A script in several modules made one file: each asked for alone is a journey for a telephone."""

import re
from collections.abc import Callable

_TAKES_IN = re.compile(r'^import \{([^}]*)\} from "\./([^"]+)";$', re.MULTILINE)
_GIVES = re.compile(r"^export (?=(?:async )?(?:function|const) (\w+))", re.MULTILINE)
# Any other way to take in or give out is not known here.
_UNKNOWN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def joined(name: str, read: Callable[[str], str]) -> str:
    """Return the module `name` with all it takes in, at any remove, as one module.

    `read` returns the text of a module by file name. Each module but the first becomes a function
    that is called once, so that their names stay apart.

    Raises:
        ValueError: a module takes in or gives out in a form not known here, or takes in itself.
    """
    texts: dict[str, str] = {}
    _add(name, read, texts, ())
    return "\n".join(texts.values())


def _add(name: str, read: Callable[[str], str], texts: dict[str, str], on: tuple[str, ...]) -> None:
    if name in on:
        raise ValueError(
            f"{' takes in '.join((*on, name))}: modules in a circle cannot be one file"
        )
    source = read(name)
    for _, other in _TAKES_IN.findall(source):
        if other not in texts:
            _add(other, read, texts, (*on, name))
    body = _TAKES_IN.sub(lambda m: f"const {{{m[1]}}} = {_called(m[2])};", source)
    given = _GIVES.findall(body)
    body = _GIVES.sub("", body)
    if left := _UNKNOWN.search(body):
        raise ValueError(
            f"{name}: {left[0]!r} is not known here; expected import {{ names }} from "
            '"./file.mjs" and export of a function or a const'
        )
    wrapped = f"const {_called(name)} = (() => {{\n{body}return {{ {', '.join(given)} }};\n}})();"
    texts[name] = wrapped if on else body


def _called(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".mjs"))
