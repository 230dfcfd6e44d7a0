"""A mapping profile: which column of somebody's file is which figure of ours.

The shape is the one of the scripted interface (`kalata results tabulate --profile`); the
wizard of the product writes the same. Parsed at the edge into a frozen value; whatever is
wrong is refused with the field and the remedy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from kalata.refusals import Refused
from kalata.tables.rules.folding import kept, place_of, same
from kalata.tables.rules.layout import ALL, SEARCHED, Layout
from kalata.text import gettext_noop as _

from .boxes import Box
from .meanings import OPTION_WORD
from .systems import ALIASES, System, UnknownSystem, system_from


class BadProfile(Refused):
    code = "IMP-101"
    says = _("Le profil d’import est inexact au champ « %(field)s » : %(value)s.")
    remedy = _("Écrivez %(expected)s.")
    status = 422


class UnknownColumn(Refused):
    code = "IMP-102"
    says = _("La colonne « %(field)s » du profil n’existe pas dans le fichier %(file)s.")
    remedy = _("Colonnes trouvées : %(found)s. Corrigez le profil ou choisissez le bon fichier.")
    status = 422


class NoArea(Refused):
    code = "IMP-103"
    says = _("« %(field)s » n’est pas une zone du profil.")
    remedy = _("Zones du profil, de la plus grande à la plus petite : %(found)s. Écrivez « none » pour n’en montrer aucune.")  # fmt: skip
    status = 422


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """Which columns are votes: a list, a prefix, a range, labels, or long rows."""

    columns: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    pattern: str = ""
    span: tuple[str, str] | None = None
    column: str = ""  # long rows: the column that names the option
    votes: str = ""  # long rows: the column of its votes
    ignored: Mapping[str, str] = field(default_factory=dict)  # long rows: values that are no option, and why
    groups: tuple[str, ...] = ()  # headings that repeat to the right, `column` and `votes` among them
    boxes: Mapping[str, Box | None] = field(default_factory=dict)  # word of `column` -> its box; None: it is an option

    @property
    def given(self) -> bool:
        """True where the profile says which columns are votes: a system is then put to them."""
        return bool(self.columns or self.labels or self.prefix or self.pattern or self.span or self.column)

    def resolve(self, header: Sequence[str]) -> list[tuple[str, str]]:
        """(column, label) pairs in ballot order. UnknownColumn is the caller's to raise."""
        if self.column:
            return []
        if self.labels:
            return list(self.labels.items())
        if self.columns:
            return [(c, kept(c)) for c in self.columns]
        if self.prefix:
            return [(c, c[len(self.prefix) :]) for c in header if c.startswith(self.prefix)]
        if self.pattern:
            return [(c, c) for c in header if re.match(self.pattern, c[:LONGEST_NAME])]
        if self.span:
            first, last = self.span
            start, end = place_of(first, header), place_of(last, header)
            if start is None or end is None:
                return [(first, first), (last, last)]
            return [(c, c) for c in header[start : end + 1]]
        return []

    @property
    def named(self) -> tuple[str, ...]:
        """The columns that it names one by one."""
        alone = () if self.groups else tuple(c for c in (self.column, self.votes) if c)
        return (*self.columns, *(() if self.column else self.labels), *(self.span or ()), *alone)


@dataclass(frozen=True, slots=True)
class StatusSpec:
    """Which words of the status column mean counted, annulled, missing."""

    column: str
    counted: frozenset[str]
    annulled: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    annulled_keeps: tuple[Box, ...] = ()
    rerun: frozenset[str] = frozenset()  # annulled, and the vote is to be held again
    contested: frozenset[str] = frozenset()  # counted, and before the judge


@dataclass(frozen=True, slots=True)
class Absent:
    """Records known not to be in the file: what, how many stations, how many voters."""

    what: str
    stations: int | None = None
    voters: int | None = None
    source: str = ""
    constituency: str = ""  # empty: it may be of any of them


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything needed to read one kind of file."""

    contest: str
    system: System | None
    rows: str
    station: tuple[str, ...]
    areas: tuple[str, ...]
    figures: Mapping[Box, tuple[str, ...]]
    options: OptionSpec
    status: StatusSpec | None = None
    layout: Layout = field(default_factory=Layout)
    round: int = 1
    constituency: tuple[str, ...] = ()
    seats: Mapping[str, int] = field(default_factory=dict)
    expected: int | None = None
    absent: tuple[Absent, ...] = ()
    name: str = ""
    duplicates: str = "refuse"  # or "keep": both rows count, the later one numbered and named
    ignored: Mapping[str, str] = field(default_factory=dict)  # columns that are not read, and why
    totals: str = "refuse"  # or "skip": rows that are the sum of others are left out; "keep": they are stations
    corrections: str = "refuse"  # or "add": a correction may bring a station that the file does not have
    carry: tuple[str, ...] = ()  # columns in which a blank cell means the one above
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # column -> its words in the rows to read

    @property
    def encoding(self) -> str:
        return self.layout.encoding

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names one by one, in order, each once."""
        every = [*self.station, *self.areas, *self.constituency, *(c for cs in self.figures.values() for c in cs)]
        every += [*self.options.named, *([self.status.column] if self.status else []), *self.where]
        return tuple(dict.fromkeys(every))


LONGEST_PATTERN, LONGEST_NAME = 80, 120
"""Signs of a pattern, and of the name of a column that it is compared with."""
KEYS = frozenset(
    [
        "contest",
        "rows",
        "station",
        "areas",
        "figures",
        "options",
        "status",
        "encoding",
        "constituency",
        "seats",
        "expected",
        "absent",
        "name",
        "duplicates",
        "ignored",
        "totals",
        "corrections",
        "carry",
        "where",
        "sheet",
        "sheets",
        "header",
        "separator",
    ]
)


def names(value: object, field_: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Sequence) and all(isinstance(v, str | int) for v in value):
        return tuple(str(v) for v in value)
    raise BadProfile(field=field_, value=str(value), expected="un nom de colonne ou une liste de noms")


def count(value: object, field_: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise BadProfile(field=field_, value=str(value), expected="un entier, zéro ou plus")


def box(name: object, field_: str) -> Box:
    try:
        return Box(str(name))
    except ValueError:
        raise BadProfile(field=field_, value=str(name), expected=", ".join(b.value for b in Box)) from None


def mapping(value: object, field_: str) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return cast(Mapping[str, object], value)
    raise BadProfile(field=field_, value=str(value), expected="une table clé: valeur")


def texts(value: object, field_: str) -> Mapping[str, str]:
    """A table of texts; nothing where nothing is written."""
    return {str(k): str(v) for k, v in mapping(value or {}, field_).items()}


def pattern_from(text: str) -> str:
    """A pattern for names of columns that no name can make slow: no group, no choice, at most two repetitions."""
    simple = len(text) <= LONGEST_PATTERN and not set(text) & set("()|") and not re.search(r"\\\d", text)
    if not simple or len(re.findall(r"[*+?{]", text)) > 2:
        raise BadProfile(
            field="options.pattern", value=text[:40], expected="un motif simple : au plus deux répétitions, sans ( ) |"
        )
    try:
        re.compile(text)
    except re.error as error:
        raise BadProfile(field="options.pattern", value=str(error), expected="une expression régulière") from None
    return text


def options_from(raw: object, rows: str) -> OptionSpec:
    if raw is None:
        return OptionSpec()
    if isinstance(raw, list):
        return OptionSpec(columns=names(raw, "options"))
    data = mapping(raw, "options")
    if (rows == "long" or "groups" in data) and "column" in data and "votes" in data:
        return long_options(data)
    if "prefix" in data:
        return OptionSpec(prefix=str(data["prefix"]))
    if "pattern" in data:
        return OptionSpec(pattern=pattern_from(str(data["pattern"])))
    if "range" in data:
        ends = names(data["range"], "options.range")
        if len(ends) != 2:
            raise BadProfile(field="options.range", value=str(data["range"]), expected="[première, dernière]")
        return OptionSpec(span=(ends[0], ends[1]))
    if "labels" in data:
        return OptionSpec(labels=texts(data["labels"], "options.labels"))
    raise BadProfile(
        field="options",
        value=str(raw),
        expected="[colonnes], {prefix}, {pattern}, {range}, {labels} ou {column, votes}",
    )


def long_options(data: Mapping[str, object]) -> OptionSpec:
    """Options named in a column: a row each (long), or the same columns again and again to the right (groups)."""
    known = {"column", "votes", "groups", "boxes", "labels", "ignored"}
    for key in data:
        if key not in known:
            raise BadProfile(field=f"options.{key}", value="?", expected=", ".join(sorted(known)))
    column, votes = str(data["column"]), str(data["votes"])
    groups = names(data.get("groups") or [], "options.groups")
    if groups and not {column, votes} <= set(groups):
        raise BadProfile(field="options.groups", value=", ".join(groups), expected=f"{column}, {votes}, …")
    boxes: dict[str, Box | None] = {}
    for word, what in mapping(data.get("boxes") or {}, "options.boxes").items():
        boxes[same(str(word))] = None if what == OPTION_WORD else box(what, f"options.boxes.{word}")
    labels, ignored = (texts(data.get(k), f"options.{k}") for k in ("labels", "ignored"))
    return OptionSpec(column=column, votes=votes, labels=labels, ignored=ignored, groups=groups, boxes=boxes)


def layout_from(data: Mapping[str, object], options: OptionSpec) -> Layout:
    """How the table lies in the file, as far as a profile says it."""
    sheets = names(data.get("sheets") or data.get("sheet") or [], "sheets")
    if sheets == ("all",):
        sheets = (ALL,)
    said = data.get("header")
    header, deep = (said.get("row"), said.get("rows", 1)) if isinstance(said, Mapping) else (said, 1)
    header, deep = count(header, "header"), count(deep, "header.rows")
    if header == 0 or deep not in (1, 2, 3) or (header or 0) > SEARCHED:
        raise BadProfile(field="header", value=str(said), expected=f"1–{SEARCHED}, {{row: 4, rows: 2}}")
    separator = str(data.get("separator", ""))
    if len(separator) > 1 or separator in ('"', "\n", "\r"):
        raise BadProfile(field="separator", value=separator, expected="un signe")
    return Layout(str(data.get("encoding", "auto")), separator, (), header, deep, sheets, options.groups)


def status_from(raw: object) -> StatusSpec | None:
    if raw is None:
        return None
    data = mapping(raw, "status")
    known = {"column", "counted", "annulled", "missing", "annulled_keeps", "rerun", "contested"}
    for key in data:
        if key not in known:
            raise BadProfile(field=f"status.{key}", value="?", expected=", ".join(sorted(known)))
    if "column" not in data or "counted" not in data:
        raise BadProfile(field="status", value=str(raw), expected="{column: …, counted: […]}")
    return StatusSpec(
        column=str(data["column"]),
        counted=frozenset(names(data["counted"], "status.counted")),
        annulled=frozenset(names(data.get("annulled") or [], "status.annulled")),
        missing=frozenset(names(data.get("missing") or [], "status.missing")),
        rerun=frozenset(names(data.get("rerun") or [], "status.rerun")),
        contested=frozenset(names(data.get("contested") or [], "status.contested")),
        annulled_keeps=tuple(
            box(b, "status.annulled_keeps") for b in names(data.get("annulled_keeps") or [], "status.annulled_keeps")
        ),
    )


def profile_from(data: Mapping[str, object], systems: Mapping[str, Mapping[str, object]] | None = None) -> Profile:
    """The Profile in `data`; `systems` are the pack's, by id.

    Raises:
        BadProfile: IMP-101, naming the field.
        UnknownSystem, BadSystem: RES-201, RES-202.
    """
    for key in data:
        if key not in KEYS:
            raise BadProfile(field=str(key), value="?", expected=", ".join(sorted(KEYS)))
    contest = mapping(data.get("contest") or {}, "contest")
    system = system_of(contest.get("system"), systems or {})
    rows = str(data.get("rows", "wide"))
    if rows not in ("wide", "long"):
        raise BadProfile(field="rows", value=rows, expected="wide, long")
    if not data.get("station"):
        raise BadProfile(field="station", value="", expected="les colonnes qui, ensemble, désignent un bureau")
    figures = mapping(data.get("figures") or {}, "figures")
    round_ = contest.get("round", 1)
    if not isinstance(round_, int) or round_ < 1:
        raise BadProfile(field="contest.round", value=str(round_), expected="1 ou 2")
    absent = data.get("absent") or []
    if not isinstance(absent, list):
        raise BadProfile(field="absent", value=str(absent), expected="une liste de {what, stations, voters, source}")
    seats = mapping(data.get("seats") or {}, "seats")
    options = options_from(data.get("options"), rows)
    found = Profile(
        contest=str(contest.get("id", "")),
        system=system,
        rows=rows,
        station=names(data["station"], "station"),
        areas=names(data.get("areas") or [], "areas"),
        figures={box(k, "figures"): names(v, f"figures.{k}") for k, v in figures.items()},
        options=options,
        status=status_from(data.get("status")),
        layout=layout_from(data, options),
        round=round_,
        constituency=names(data.get("constituency") or [], "constituency"),
        seats={str(k): count(v, f"seats.{k}") or 0 for k, v in seats.items()},
        expected=count(data.get("expected"), "expected"),
        absent=tuple(
            Absent(
                what=str(mapping(a, "absent").get("what", "")),
                stations=count(mapping(a, "absent").get("stations"), "absent.stations"),
                voters=count(mapping(a, "absent").get("voters"), "absent.voters"),
                source=str(mapping(a, "absent").get("source", "")),
                constituency=str(mapping(a, "absent").get("constituency", "")),
            )
            for a in absent
        ),
        name=str(data.get("name", "")),
        ignored=texts(data.get("ignored"), "ignored"),
        duplicates=choice(data.get("duplicates", "refuse"), "duplicates", ("refuse", "keep")),
        totals=choice(data.get("totals", "refuse"), "totals", ("refuse", "skip", "keep")),
        corrections=choice(data.get("corrections", "refuse"), "corrections", ("refuse", "add")),
        carry=names(data.get("carry") or [], "carry"),
        where={c: names(w, f"where.{c}") for c, w in mapping(data.get("where") or {}, "where").items()},
    )
    twice = [b.value for b in found.figures if b in found.options.boxes.values()]
    if twice:
        raise BadProfile(field="options.boxes", value=", ".join(twice), expected="figures / options.boxes : ∅")
    if other := [c for c in found.carry if c not in {*found.station, *found.areas, *found.constituency}]:
        raise BadProfile(field="carry", value=", ".join(other), expected="station, areas, constituency")
    return replace(found, layout=replace(found.layout, columns=found.columns))


def choice(value: object, field_: str, allowed: tuple[str, ...]) -> str:
    if str(value) not in allowed:
        raise BadProfile(field=field_, value=str(value), expected=", ".join(allowed))
    return str(value)


def system_of(raw: object, systems: Mapping[str, Mapping[str, object]]) -> System | None:
    """A system by the pack's id, by the name of its kind, or defined in full."""
    if raw is None:
        return None
    if isinstance(raw, Mapping):
        return system_from(cast(Mapping[str, object], raw))
    name = str(raw)
    if name in systems:
        return system_from(systems[name])
    if name in ALIASES:
        return system_from({"kind": name})
    raise UnknownSystem(system=name, known=", ".join([*systems, *ALIASES]))
