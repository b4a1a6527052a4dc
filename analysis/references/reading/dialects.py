"""The tagged formats as data: how a field, a record's beginning and its end are spelt in each.

`marks` finds where records begin and end in a whole text, by line structure alone. It is written
apart from the rules that `tagged.cut` follows line by line, so that each can be held to the other.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from analysis.references.reading import roles
from analysis.references.reading.roles import Roles, words

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One tagged format.

    `line` matches a line that begins a field: group 1 is the tag, group 2 the text. `loose` is
    the same where one space does for two. A record begins with the tag `start`, if its text is a
    `start_value`, and ends with the tag `end`, which has no text; or, where `blank_ends`, with a
    blank line. `orphan` matches a field that begins a record where none is open. `marks` has a
    group `start`; both match from the end of the line before. A tag that is not `known` and
    comes within an abstract is text. Further lines of a tag in `lists` are further values.

    `spelt` is how a field begins as a rule, its tag put in; `plain` has the tags that are known
    and neither start nor end by such beginnings, each of `width` characters. Nearly every line
    begins so, and needs no pattern then.
    """

    name: str
    line: Pattern
    loose: Pattern
    orphan: Pattern
    marks: Pattern
    known: frozenset[str]
    roles: Roles
    spelt: str
    start: str = ""
    start_value: Pattern = re.compile(".*")
    end: str = ""
    blank_ends: bool = False
    lists: frozenset[str] = frozenset()
    plain: dict[str, str] = field(init=False)
    width: int = field(init=False)

    def __post_init__(self) -> None:
        spelt = {self.spelt.format(tag): tag for tag in self.known - {self.start, self.end}}
        usual = len(self.spelt.format("XX"))
        plain = {
            begins: tag
            for begins, tag in spelt.items()
            if len(begins) == usual and self.line.match(begins)
        }
        (width,) = set(map(len, plain))
        object.__setattr__(self, "plain", plain)
        object.__setattr__(self, "width", width)


def _lines(pattern: str) -> Pattern:
    """Compile what lines match; a line's end before them is found faster than `^` is."""
    return re.compile(rf"\n(?:{pattern})")


def _any(tags: Iterable[str]) -> str:
    return "|".join(sorted(tags))


def _blank_before(*fields: str) -> str:
    """Return what a blank line matches that stands before a field which can begin a record."""
    return rf"[ \t]*(?=(?:\n[ \t]*)*\n(?:{'|'.join(fields)}))"


_RIS_KNOWN = frozenset(roles.RIS) | words(
    "A2 A3 A4 AD C1 C2 C3 C4 C5 C6 C8 CA CN CP CR CY DB DP DS ED EF ER ET FD FN FU FX ID KW L4 LA"
    " LB LC M1 M2 MH N1 NO NV OP OT PA PI PT PG PS RI RN RP SE SN T3 T4 TA TT U1 U2 U3 U4 U5 VO WE"
    " WP XT Y2 PMCID ISSN"
)
_RIS_LISTS = words("AU A1 A2 A3 A4 ED KW")
_RIS_LINE = re.compile(r"([A-Z][A-Z0-9]|DOI|PMID|PMCID|ISSN|URL)  -[ \t]?(.*)")
_RIS_LOOSE = re.compile(r"([A-Z][A-Z0-9]) {1,3}-(?:[ \t](.*)|$)")
_RIS_DASH = r"(?:  -| {1,3}-(?=[ \t\n]|\Z))"
_RIS_TYPE = r"(?:[A-Z0-9]{2,8}|[A-Za-z]+(?: [A-Za-z]+)?)?"
# Of what a line can begin with: "PMID" is known, and too long for a tag of RIS.
_RIS_ORPHAN = rf"(?:{_any(tag for tag in _RIS_KNOWN - {'TY', 'ER'} if len(tag) == 2)}){_RIS_DASH}"
RIS = Dialect(
    name="RIS",
    line=_RIS_LINE,
    loose=_RIS_LOOSE,
    orphan=_lines(_RIS_ORPHAN),
    marks=_lines(
        rf"(?P<start>TY){_RIS_DASH}[ \t]*{_RIS_TYPE}[ \t]*(?=\n|\Z)|ER{_RIS_DASH}[ \t]*(?=\n|\Z)",
    ),
    known=_RIS_KNOWN,
    roles=roles.RIS,
    spelt="{}  - ",
    start="TY",
    start_value=re.compile(_RIS_TYPE),
    end="ER",
    lists=_RIS_LISTS,
)

BARE_RIS = Dialect(
    name="RIS without TY and ER",
    line=_RIS_LINE,
    loose=_RIS_LOOSE,
    orphan=RIS.orphan,
    marks=_lines(_blank_before(_RIS_ORPHAN)),
    known=_RIS_KNOWN,
    roles=roles.RIS,
    spelt="{}  - ",
    blank_ends=True,
    lists=_RIS_LISTS,
)

_NBIB_KNOWN = frozenset(roles.NBIB) | words(
    "AD AUID BTI CDAT CI CIN CON CP CRDT CRF CRI CTDT CTI DA DCOM DDIN DEP DRDT DRIN ECF ECI ED"
    " EDAT EFR EIN EN FED FIR GN GR GS IR IRAD IS ISBN JID LA LR MH MHDA MID NM OAB OABL OCI OID"
    " ORI OT OTO OWN PHST PL PMC PMCR PRIN PS PST PUBM RF RIN RN ROF RPF RPI SB SFM SI SO SPIN SS"
    " STAT TT UIN UOF VTI"
)
_NBIB_LINE = re.compile(r"(?=.{4}-)([A-Z][A-Z0-9]{1,3}) *-(?:[ \t](.*)|$)")
_NBIB_ORPHAN = rf"(?=.{{4}}-)(?:{_any(_NBIB_KNOWN - {'PMID'})}) *-(?:[ \t]|(?=\n|\Z))"
_NBIB_START = r"(?:PMID)-(?:[ \t]|(?=\n|\Z))"
NBIB = Dialect(
    name="PubMed",
    line=_NBIB_LINE,
    loose=_NBIB_LINE,
    orphan=_lines(_NBIB_ORPHAN),
    marks=_lines(rf"(?P<start>{_NBIB_START})|{_blank_before(_NBIB_START, _NBIB_ORPHAN)}"),
    known=_NBIB_KNOWN,
    roles=roles.NBIB,
    spelt="{:<4}- ",
    start="PMID",
    blank_ends=True,
)

_MEDLARS_KNOWN = frozenset(roles.MEDLARS) | words("AD IS JID LA MH OT PMC PST SB")
_MEDLARS_LINE = re.compile(r"([A-Z][A-Z0-9]{1,3}|\d{4}) {0,2}-(?:[ \t](.*)|$)")
_MEDLARS_ORPHAN = rf"(?:{_any(_MEDLARS_KNOWN - {'PT'})}) {{0,2}}-(?:[ \t]|(?=\n|\Z))"
_MEDLARS_START = r"(?:PT) {0,2}-(?:[ \t]|(?=\n|\Z))"
MEDLARS = Dialect(
    name="HighWire MEDLARS",
    line=_MEDLARS_LINE,
    loose=_MEDLARS_LINE,
    orphan=_lines(_MEDLARS_ORPHAN),
    marks=_lines(rf"(?P<start>{_MEDLARS_START})|{_blank_before(_MEDLARS_START, _MEDLARS_ORPHAN)}"),
    known=_MEDLARS_KNOWN,
    roles=roles.MEDLARS,
    spelt="{:<4}- ",
    start="PT",
    blank_ends=True,
)

_WOS_KNOWN = frozenset(roles.WOS) | words(
    "BA BE BF BN BS C1 C3 CL CR CT CY D2 DA DE EA EI EM ER FU FX GA GP HC HO HP ID LA MA NR OA OI"
    " PA PG PI PN RI RP SC SE SI SN SP SU TC U1 U2 UT WC WE Z9"
)
_WOS_LINE = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|$)")
WOS = Dialect(
    name="Web of Science",
    line=_WOS_LINE,
    loose=_WOS_LINE,
    orphan=_lines(rf"(?:{_any(_WOS_KNOWN - {'PT', 'ER'})})(?: |(?=\n|\Z))"),
    marks=_lines(r"(?P<start>PT)(?: [ \t]*[A-Z]?[ \t]*)?(?=\n|\Z)|ER(?: [ \t]*)?(?=\n|\Z)"),
    known=_WOS_KNOWN,
    roles=roles.WOS,
    spelt="{} ",
    start="PT",
    start_value=re.compile("[A-Z]?"),
    end="ER",
    lists=words("AU AF BA BF BE CA"),
)

_ENDNOTE_LINE = re.compile(r"(%[0-9A-Z!@#$^&*()+=~?<>|\[\]])(?:[ \t](.*)|$)")
_ENDNOTE_ORPHAN = r"%[1-9A-Z!@#$^&*()+=~?<>|\[\]](?:[ \t]|(?=\n|\Z))"
_ENDNOTE_START = r"(?:%0)(?:[ \t]|(?=\n|\Z))"
ENDNOTE = Dialect(
    name="EndNote tagged",
    line=_ENDNOTE_LINE,
    loose=_ENDNOTE_LINE,
    orphan=_lines(_ENDNOTE_ORPHAN),
    marks=_lines(rf"(?P<start>{_ENDNOTE_START})|{_blank_before(_ENDNOTE_START, _ENDNOTE_ORPHAN)}"),
    known=frozenset(
        f"%{mark}" for mark in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$^&*()+=~?<>|[]"
    ),
    roles=roles.ENDNOTE,
    spelt="{} ",
    start="%0",
    blank_ends=True,
    lists=words("%A %E %K %Y"),
)
