"""The mapping of a file: what each column and each value is proposed to mean, what a person chose, what is still to say.

A choice is one word: "" (left out), station, area, group, status, long_option, long_votes, option, a box, or "o" and the
place of an option of the contest. `Chosen` is what the form sent; `questions` is what keeps it from being a profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kalata import plain
from kalata.refusals import Refused
from kalata.results.models import Import
from kalata.results.numeric import station_keys
from kalata.results.rules import imports, proposing
from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.profile import options_from
from kalata.results.rules.proposing import Proposal, display_name
from kalata.tables.rules import folding
from kalata.tables.rules.seen import Look, column_at, letter
from kalata.text import Message, translate
from kalata.text import gettext_noop as _

STATES = imports.LABELS
STANDINGS: Mapping[str, str] = {
    "counted": _("compté"),
    "annulled": _("annulé"),
    "missing": _("manquant"),
    "rerun": _("annulé, à refaire"),
    "contested": _("compté, contesté"),
}
OWN = (
    "station",
    "areas",
    "constituency",
    "figures",
    "options",
    "status",
    "rows",
    "duplicates",
    "totals",
    "ignored",
    "contest",
)
"""What the page of columns decides of a profile; the rest of a kept profile goes through it untouched."""
ONE = {"status", "long_option", "long_votes"}


@dataclass
class Chosen:
    """What a person says of a file. words: of the status column; values: of the column that names the option."""

    roles: list[str]
    names: dict[str, str] = field(default_factory=dict)  # heading or value -> the name to show of a new option
    sure: set[int] = field(default_factory=set)  # columns whose question was answered by a tick
    left: bool = False  # whole numbers that go nowhere: it is so meant
    named: bool = False  # the names of new options were read again
    words: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    areas_in_key: bool = True
    duplicates: bool = False
    totals: bool = False  # rows that are exactly the sum of others are set aside
    base: dict[str, Any] = field(default_factory=dict)  # the rest of the profile begun from

    def place(self, role: str) -> int | None:
        return self.roles.index(role) if role in self.roles else None


@dataclass(frozen=True, slots=True)
class Question:
    """Something a person has to say before the file is tried. at: the field to go to."""

    at: str
    says: Message | str


def options_of(one: Import) -> list[tuple[str, str]]:
    return [(o.code, o.name) for o in one.contest.options.all()]


def proposals(one: Import) -> list[Proposal]:
    return proposing.propose(one.header, one.survey, options_of(one), one.contest.boxes)


def values_at(one: Import, place: int | None) -> list[tuple[str, int]] | None:
    """(value, rows) of a column, most frequent first; None where there are too many, or where nobody looked."""
    found = None if place is None else column_at(one.survey, place)["values"]
    return None if found is None else [(str(v), int(n)) for v, n in found]


# --- from a file, or a profile, to choices --------------------------------------------------
def begun(one: Import) -> Chosen:
    """The choices proposed for a file nobody has mapped."""
    made = proposals(one)
    out = Chosen([p.role for p in made])
    registered = one.contest.stations.values_list("code", flat=True).first()
    out.areas_in_key = station_keys.SEP in registered if registered else not proposing.codes_stand_alone(out.roles, one.survey)
    complete(one, out)
    return out


def complete(one: Import, chosen: Chosen) -> None:
    """Propose what the columns chosen ask: names of new options, words of the status, values of the option column."""
    options = options_of(one)
    if not options:
        for i, role in enumerate(chosen.roles):
            if role == "option":
                chosen.names.setdefault(one.header[i], display_name(one.header[i]))
    for word, _n in values_at(one, chosen.place("status")) or []:
        chosen.words.setdefault(word, proposing.status_for(word))
    for value, _n in values_at(one, chosen.place("long_option")) or []:
        if value not in chosen.values:
            chosen.values[value] = proposing.value_for(value, options, one.contest.boxes, chosen.roles)
        if not options:
            chosen.names.setdefault(value, display_name(value))


def read_from(one: Import, profile: Mapping[str, Any]) -> Chosen:
    """The choices that a profile means for this file."""
    options = options_of(one)
    out = Chosen([""] * len(one.header), base={k: v for k, v in profile.items() if k not in OWN})

    def put(heading: object, role: str, *, keep: bool = False) -> None:
        place = folding.place_of(str(heading), one.header)
        if place is not None and not (keep and out.roles[place]):
            out.roles[place] = role

    for box, columns in (profile.get("figures") or {}).items():
        for column in listed(columns):
            put(column, str(box))
    spec = options_from(profile.get("options"), str(profile.get("rows", "wide")))
    pairs = spec.resolve(one.header)
    codes = folding.matched([label for _c, label in pairs], {c: [n] for c, n in options})
    at = {code: i for i, (code, _n) in enumerate(options)}
    for (column, label), code in zip(pairs, codes, strict=True):
        put(column, "option" if code is None else f"o{at[code]}")
        if not options:
            out.names[column] = label if spec.labels else display_name(label)
    if spec.column:
        put(spec.column, "long_option")
        put(spec.votes, "long_votes")
        found = folding.matched(list(spec.labels.values()), {c: [n] for c, n in options})
        for (value, label), code in zip(spec.labels.items(), found, strict=True):
            out.values[value] = "option" if code is None else f"o{at[code]}"
            if not options:
                out.names[value] = label
        out.values |= dict.fromkeys(spec.ignored, "") | {str(k): str(v) for k, v in boxes_in(profile).items()}
    for column in listed(profile.get("areas")):
        put(column, "area")
    for column in listed(profile.get("constituency")):
        put(column, "group", keep=True)
    for column in listed(profile.get("station")):
        put(column, "station", keep=True)
    if isinstance(status := profile.get("status"), Mapping):
        put(status.get("column", ""), "status")
        out.words = {str(w): k for k in STANDINGS for w in status.get(k) or ()}
        if status.get("annulled_keeps"):
            out.base["annulled_keeps"] = listed(status["annulled_keeps"])
    out.named = bool(spec.labels)
    out.left = any(why == "confirmed" for why in (profile.get("ignored") or {}).values())
    out.areas_in_key = set(listed(profile.get("areas"))) <= set(listed(profile.get("station")))
    out.duplicates = profile.get("duplicates") == "keep"
    out.totals = profile.get("totals") == "skip"
    if profile.get("totals") == "keep":
        out.base["totals"] = "keep"
    out.sure = {i for i, role in enumerate(out.roles) if role}
    complete(one, out)
    return out


def boxes_in(profile: Mapping[str, Any]) -> Mapping[str, str]:
    options = profile.get("options")
    return (options.get("boxes") or {}) if isinstance(options, Mapping) else {}


def listed(value: Any) -> list[str]:
    return [] if value in (None, "") else [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]


# --- from choices to a profile -----------------------------------------------------------------
def questions(one: Import, chosen: Chosen) -> list[Question]:
    """Everything that is not said yet, in the order of the page."""
    options, made = options_of(one), proposals(one)
    out: list[Question] = []
    for i, (role, was) in enumerate(zip(chosen.roles, made, strict=True)):
        name = {"column": one.header[i], "letter": letter(i)}
        if role == "option" and options:
            out.append(
                Question(
                    f"c{i}", Message(_("Colonne %(letter)s, « %(column)s » : à quelle candidature du scrutin ?"), name)
                )
            )
        elif role and was.asks and role == was.role and i not in chosen.sure:
            out.append(Question(f"k{i}", Message(_("Colonne %(letter)s, « %(column)s » : confirmez où elle va"), name)))
    if loose(one, chosen) and not chosen.left:
        out.append(Question("left", _("Des colonnes de nombres entiers ne vont nulle part : confirmez-le")))
    if new_names(one, chosen) and not chosen.named:
        out.append(
            Question("named", _("Relisez les noms des candidatures : ils seront affichés et ne changeront plus seuls"))
        )
    for j, (word, _n) in enumerate(values_at(one, chosen.place("status")) or []):
        if not chosen.words.get(word):
            out.append(Question(f"s{j}", Message(_("État « %(word)s » : que veut-il dire ?"), {"word": word or "∅"})))
    if (place := chosen.place("long_option")) is not None:
        values = values_at(one, place)
        if values is None and not options:
            out.append(
                Question(
                    f"c{place}",
                    _(
                        "Cette colonne a trop de valeurs pour en relire les noms ici : entrez d’abord les candidatures du scrutin"
                    ),
                )
            )
        for j, (value, _n) in enumerate(values or []):
            if chosen.values.get(value) in chosen.roles and chosen.values[value] in set(Box):
                out.append(Question(f"p{j}", Message(_("« %(value)s » : une colonne tient déjà cette case"), {"value": value})))
            elif chosen.values.get(value, "?") == "?" or (options and chosen.values[value] == "option"):
                out.append(
                    Question(
                        f"p{j}",
                        Message(_("« %(value)s » : à quelle candidature, ou à quelle case ?"), {"value": value or "∅"}),
                    )
                )
    return out  # fmt: skip


def loose(one: Import, chosen: Chosen) -> list[int]:
    """Columns of whole numbers that go nowhere: they may be votes."""
    return [
        i
        for i, role in enumerate(chosen.roles)
        if not role and column_at(one.survey, i)["look"] == Look.WHOLE and chosen.place("long_option") is None
    ]


def new_names(one: Import, chosen: Chosen) -> list[str]:
    """Headings, or values, that would make options of a contest that has none."""
    if options_of(one):
        return []
    wide = [one.header[i] for i, role in enumerate(chosen.roles) if role == "option"]
    return wide or [
        v for v, _n in values_at(one, chosen.place("long_option")) or [] if chosen.values.get(v) == "option"
    ]


def profile_of(one: Import, chosen: Chosen) -> dict[str, Any]:
    """The profile that the choices mean. Everything is in it: where each column goes, or why it stays."""
    at: dict[str, list[str]] = {}
    for i, role in enumerate(chosen.roles):
        at.setdefault(role, []).append(one.header[i])
    areas, keys = at.get("area", []), at.get("station", [])
    profile: dict[str, Any] = {
        "rows": "wide",
        "station": [*areas, *keys] if chosen.areas_in_key else keys,
        "areas": areas,
        "figures": {r: c[0] if len(c) == 1 else c for r, c in at.items() if r in set(Box)},
    }
    if "group" in at:
        profile["constituency"] = at["group"]
    profile |= options_in(one, chosen)
    if "status" in at:
        old = chosen.base.get("annulled_keeps")
        profile["status"] = {
            "column": at["status"][0],
            **{k: [w for w, to in chosen.words.items() if to == k] for k in STANDINGS},
        }
        profile["status"] |= {"annulled_keeps": old} if old else {}
    if chosen.duplicates:
        profile["duplicates"] = "keep"
    if chosen.totals:
        profile["totals"] = "skip"
    reasons = {one.header[i]: why_left(one, i) for i, role in enumerate(chosen.roles) if not role}
    if reasons:
        profile["ignored"] = reasons
    return {k: v for k, v in chosen.base.items() if k != "annulled_keeps"} | profile  # fmt: skip


def options_in(one: Import, chosen: Chosen) -> dict[str, Any]:
    """The part of a profile that says what is a vote."""
    options = options_of(one)

    def label(role: str, name: str) -> str:
        return options[int(role[1:])][0] if role[:1] == "o" and role[1:].isdigit() else chosen.names.get(name, name)

    column, votes = chosen.place("long_option"), chosen.place("long_votes")
    if column is not None and votes is not None:
        spec: dict[str, Any] = {"column": one.header[column], "votes": one.header[votes]}
        values = {v: to for v, to in chosen.values.items() if to != "?"}
        labels = {v: label(to, v) for v, to in values.items() if to == "option" or to[1:].isdigit()}
        parts = {
            "labels": labels,
            "boxes": {v: to for v, to in values.items() if to in set(Box)},
            "ignored": {v: "confirmed" for v, to in values.items() if not to},
        }
        return {"rows": "long", "options": spec | {k: part for k, part in parts.items() if part}}
    pairs = {
        one.header[i]: label(role, one.header[i])
        for i, role in enumerate(chosen.roles)
        if role == "option" or (role[:1] == "o" and role[1:].isdigit())
    }
    if not pairs:
        return {}
    return {"options": list(pairs) if options and all(k == v for k, v in pairs.items()) else {"labels": pairs}}


def why_left(one: Import, place: int) -> str:
    look = column_at(one.survey, place)["look"]
    return {Look.EMPTY: "empty", Look.NUMBER: "recomputed", Look.WHOLE: "confirmed"}.get(look, "text")


LEFT: Mapping[str, str] = {
    "empty": _("colonne vide"),
    "recomputed": _("toujours recalculé ici"),
    "confirmed": _("nombres entiers laissés, confirmé"),
    "text": _("texte, il reste dans le fichier"),
}


def guess(one: Import) -> dict[str, Any]:
    """A first profile from the names of the columns and the look of every row."""
    return profile_of(one, begun(one))


def yaml_profile(text: str) -> dict[str, Any]:
    """The profile written by hand. EDG-104 where it cannot be read, or is no table."""
    data = plain.yaml_of(text, file=_("profil"))
    if not isinstance(data, dict):
        raise plain.BadYaml(file=_("profil"), row=1, why=_("une table « clé : valeur » est attendue"))
    return {k: v for k, v in data.items() if k != "contest"}


# --- where everything goes, for whoever reads it after -------------------------------------------
def destinations(one: Import) -> Iterator[tuple[str, str, str]]:
    """(column or value, where it goes, in words of this house) of everything in the file: nothing is left unsaid."""
    if one.profile is None:
        return
    try:
        chosen = read_from(one, one.profile)
    except Refused:
        return
    options, reasons = options_of(one), one.profile.get("ignored") or {}
    for i, role in enumerate(chosen.roles):
        name = one.header[i]
        why = reasons.get(name) or why_left(one, i)
        yield name, destination(role, chosen.names.get(name, name), options), "" if role else LEFT.get(why, str(why))
    for word, _n in values_at(one, chosen.place("status")) or []:
        yield word or "∅", STANDINGS.get(chosen.words.get(word, ""), "?"), ""
    for value, _n in values_at(one, chosen.place("long_option")) or []:
        to = chosen.values.get(value, "?")
        yield value or "∅", destination(to, chosen.names.get(value, value), options), ""


KINDS: Mapping[str, str] = {
    "": _("pas repris"),
    "station": _("désigne le bureau"),
    "area": _("zone"),
    "group": _("circonscription"),
    "status": _("état du PV"),
    "long_option": _("nom de la candidature, une ligne par candidature"),
    "long_votes": _("voix, une ligne par candidature"),
}


def destination(role: str, name: str, options: Sequence[tuple[str, str]]) -> str:
    if role[:1] == "o" and role[1:].isdigit():
        return options[int(role[1:])][1]
    if role == "option":
        return name
    return LABELS[Box(role)] if role in set(Box) else KINDS.get(role, role)


def choices(one: Import, lang: str) -> list[tuple[str, str]]:
    """What a column may be said to mean: the options and boxes of the contest, or any where it has none yet."""
    options = options_of(one)
    boxes = [Box(b) for b in one.contest.boxes] or list(Box)
    return [
        ("", translate(_("Ne pas reprendre"), lang)),
        ("station", translate(_("désigne le bureau"), lang)),
        ("area", translate(_("zone (de la plus grande à la plus petite)"), lang)),
        ("group", translate(_("circonscription"), lang)),
        *((f"o{i}", name) for i, (_code, name) in enumerate(options)),
        *([] if options else [("option", translate(_("voix d’une candidature"), lang))]),
        *((b.value, translate(LABELS[b], lang)) for b in boxes),
        ("status", translate(_("état du PV"), lang)),
        ("long_option", translate(_("nom de la candidature (une ligne par candidature)"), lang)),
        ("long_votes", translate(_("voix (une ligne par candidature)"), lang)),
    ]
