"""The whole site made light: what is bundled, what is cut, what need not be published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from analysis.findings.store import digest_of
from analysis.publish.caching.kept import kept, kept_bytes
from analysis.publish.light import icons
from analysis.publish.light.modules import joined
from analysis.publish.light.pages import light_page, scripts_of, sheets_of
from analysis.publish.light.sheets import asked_for, imported, moved, names_in, purged, shortened

STATIC = "_static"
OWN_SHEET = "qof.css"
# The page whose sheets and scripts all pages share.
FIRST = "index.html"


@dataclass(frozen=True)
class Light:
    """A built site and what its pages become.

    `pages` are the HTML pages by their path within the site; what is cut is kept below `root`.
    """

    site: Path
    pages: Mapping[str, str]
    root: Path

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """The scripts every page shares, by path within the site, in order of execution."""
        return tuple(scripts_of(self.pages[FIRST]))

    @cached_property
    def script(self) -> str:
        """The one script."""
        parts = [(self.site / path).read_text("utf-8") for path in self.scripts]
        return "\n;".join(part.split("//# sourceMappingURL", 1)[0].strip() for part in parts)

    @cached_property
    def _sheets(self) -> tuple[str, ...]:
        return tuple(sheets_of(self.pages[FIRST]))

    @cached_property
    def _uncut(self) -> str:
        # Our own sheet goes last, as the theme puts it, and whole: every rule of it is meant.
        seen = names_in(self.pages.values(), self.script)
        theirs = [path for path in self._sheets if not path.endswith(OWN_SHEET)]
        cut = (self._cut(sheet, seen) for path in theirs for sheet in self._whole(path))
        return "".join(cut) + shortened(self._read(f"{STATIC}/{OWN_SHEET}"))

    def _cut(self, sheet: str, seen: frozenset[str]) -> str:
        asked = f"{self._made_by} {sorted(asked_for(sheet, seen))} {sheet}"
        return kept(self.root, asked, lambda: purged(sheet, seen))

    @cached_property
    def _made_by(self) -> str:
        return digest_of(self.root, "analysis/publish/light/*.py", "requirements.lock")

    def _whole(self, path: str) -> Iterator[str]:
        """Yield a sheet, and before it those that it takes in."""
        sheet = self._read(path)
        for address in imported(sheet):
            yield from self._whole((Path(path).parent / address).as_posix())
        yield sheet

    def _read(self, path: str) -> str:
        folder = Path(path).parent.relative_to(STATIC).as_posix()
        return moved((self.site / path).read_text("utf-8"), folder)

    @cached_property
    def font(self) -> bytes:
        """The icon font with the signs in use; empty when there are none."""
        signs = icons.signs_in(self._uncut)
        path = self.site / STATIC / icons.FONT
        asked = f"{self._made_by} {signs}"
        return kept_bytes(self.root, asked, lambda: icons.cut(path, signs)) if signs else b""

    @cached_property
    def sheet(self) -> str:
        """The one style sheet."""
        return icons.with_font(self._uncut, _named("qof-icons", self.font, "woff"))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield what the light site has besides its pages: path within the site, content."""
        yield f"{STATIC}/{self.sheet_name}", self.sheet.encode()
        yield f"{STATIC}/{self.script_name}", self.script.encode()
        if self.font:
            yield f"{STATIC}/{_named('qof-icons', self.font, 'woff')}", self.font
        for name, content in self._modules.values():
            yield f"{STATIC}/{name}", content

    @property
    def sheet_name(self) -> str:
        """The sheet's file name, which changes with its content."""
        return _named("qof", self.sheet.encode(), "css")

    @property
    def script_name(self) -> str:
        """The script's file name, which changes with its content."""
        return _named("qof", self.script.encode(), "js")

    def page(self, path: str) -> str:
        """Return the page made light; one that is not the theme's own comes back as it is."""
        text = self.pages[path]
        if not sheets_of(text):
            return text
        own = frozenset(self.scripts)
        return light_page(text, self.sheet_name, self.script_name, own, self._module)

    @cached_property
    def _modules(self) -> dict[str, tuple[str, bytes]]:
        """Each module a page asks for, with all it takes in: the one file's name, its content."""
        asking = (page for page in self.pages.values() if '.mjs"' in page)
        asked = {Path(one).name for page in asking for one in scripts_of(page) if _is_module(one)}
        return {name: self._joined(name) for name in sorted(asked)}

    def _joined(self, name: str) -> tuple[str, bytes]:
        content = joined(name, lambda one: (self.site / STATIC / one).read_text("utf-8")).encode()
        return _named(f"qof-{Path(name).stem}", content, "mjs"), content

    def _module(self, address: str) -> str:
        return address.removesuffix(Path(address).name) + self._modules[Path(address).name][0]

    def needless(self, path: str) -> bool:
        """Return whether a file is not published: it is bundled, or only what was cut used it."""
        bundled = path in self.scripts or path in self._sheets
        return bundled or path.startswith((f"{STATIC}/vendor/", f"{STATIC}/scripts/"))


def lighten(site: Path, root: Path) -> Light:
    """Return the light form of the site built at `site` for the project at `root`."""
    paths = sorted(site.rglob("*.html"))
    return Light(site, {p.relative_to(site).as_posix(): p.read_text("utf-8") for p in paths}, root)


def _is_module(address: str) -> bool:
    return address.endswith(".mjs")


def _named(name: str, content: bytes, ending: str) -> str:
    return f"{name}-{sha256(content).hexdigest()[:10]}.{ending}"
