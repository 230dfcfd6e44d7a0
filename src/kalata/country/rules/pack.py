"""A country pack as a value: validated, versioned, fingerprinted, comparable. Pure.

`validate` says everything that is wrong at once, each error with file, record and field.
`fingerprint` is the SHA-256 of the canonical JSON: a running election is bound to it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

from . import remedies
from .schema import BY_NAME, HEAD, SECTIONS
from .shapes import UNVERIFIED, Confidence, Field, Section, Type

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PackError:
    """One thing wrong in a pack: code, file, record, field, sentence, remedy."""

    code: str
    file: str
    record: str
    field: str
    says: Message
    remedy: Message

    def line(self, lang: str = "fr") -> str:
        return f"{self.code}  {self.file}  {self.record}  {self.field}: {self.says.text(lang)} {self.remedy.text(lang)}"

    def data(self) -> dict[str, object]:
        return {
            "code": self.code,
            "file": self.file,
            "record": self.record,
            "field": self.field,
            **self.says.both(),
            "remedy": self.remedy.both(),
        }


class BadPack(Refused):
    code = "PACK-100"
    says = _("Le pack %(pack)s contient %(n)d {n:erreur|erreurs} ; la première : %(first)s")
    remedy = _("Corrigez les fichiers nommés puis relancez « kalata pack check ».")
    status = 422

    def __init__(self, pack: str, errors: Sequence[PackError]) -> None:
        self.errors = list(errors)
        super().__init__(pack=pack, n=len(errors), first=errors[0].line("fr"))

    def record(self) -> dict[str, object]:
        return {**super().record(), "errors": [e.data() for e in self.errors]}


SAYS = {
    "PACK-101": (_("le champ est obligatoire."), _("Ajoutez-le.")),
    "PACK-102": (_("« %(value)s » n’est pas de type %(type)s."), _("Écrivez une valeur de ce type.")),
    "PACK-103": (_("champ inconnu."), _("Corrigez son nom ou retirez-le ; champs connus : %(known)s.")),
    "PACK-104": (_("identifiant en double."), _("Donnez à chaque fiche un identifiant unique.")),
    "PACK-105": (
        _("« %(value)s » ne désigne aucune fiche de %(section)s."),
        _("Corrigez l’identifiant ou ajoutez la fiche."),
    ),
    "PACK-106": (
        _("aucune source : un fait sans source n’entre pas dans un pack."),
        _("Ajoutez au moins un identifiant de sources.yaml."),
    ),
    "PACK-107": (
        _("« %(value)s » n’est pas un degré de confiance."),
        _("Écrivez « text seen », « secondary source », « from memory, verify » ou « fictional »."),
    ),
    "PACK-108": (_("la date de fin %(end)s précède la date de début %(start)s."), _("Corrigez l’une des deux.")),
    "PACK-109": (
        _("la zone parente « %(value)s » n’existe pas ou n’est pas d’un niveau supérieur."),
        _("Corrigez le parent ; une zone de niveau 1 n’en a pas."),
    ),
    "PACK-110": (
        _("les parts de « %(value)s » font %(sum)s au lieu de 1."),
        _("Corrigez les parts : elles se somment à 1 pour chaque zone d’origine."),
    ),
    "PACK-111": (_("le système électoral n’est pas applicable : %(why)s"), _("Corrigez la définition « engine ».")),
    "PACK-112": (_("le droit « %(value)s » n’existe pas."), _("Droits connus : %(known)s.")),
    "PACK-113": (_("fichier illisible : %(why)s."), _("Corrigez la syntaxe YAML à l’endroit indiqué.")),
    "PACK-114": (
        _("fichier inconnu."),
        _("Un pack ne contient que ses sections connues ; retirez ou renommez ce fichier."),
    ),
    "PACK-115": (
        _("« %(value)s » ne peut pas être appliqué au contentieux."),
        _("Attendu : %(known)s."),
    ),
}


def error(code: str, file: str, record: str, field: str, **values: object) -> PackError:
    says, remedy = SAYS[code]
    return PackError(code, file, record, field, Message(says, values), Message(remedy, values))


@dataclass(frozen=True, slots=True)
class Pack:
    """A valid pack. `sections` maps a section name to its records, in file order."""

    head: Record
    sections: Mapping[str, tuple[Record, ...]]

    @property
    def code(self) -> str:
        return str(self.head["code"])

    @property
    def version(self) -> str:
        return str(self.head["version"])

    def records(self, section: str) -> tuple[Record, ...]:
        return self.sections.get(section, ())

    def get(self, section: str, id_: str) -> Record | None:
        return next((r for r in self.records(section) if r.get("id") == id_), None)

    def units(self, geography: str) -> list[Record]:
        return [r for r in self.records("units") if r["geography"] == geography]

    def engine_systems(self) -> dict[str, Mapping[str, object]]:
        """The systems the engine can apply, by id, with their norm and confidence."""
        out: dict[str, Mapping[str, object]] = {}
        for record in self.records("systems"):
            engine = record.get("engine")
            if isinstance(engine, Mapping):
                norm = " ".join(str(record[k]) for k in ("law", "norm") if record.get(k))
                out[str(record["id"])] = {
                    **engine,
                    "id": record["id"],
                    "norm": norm,
                    "confidence": record["confidence"],
                    "tie_rule": record.get("tie_rule"),
                }
        return out

    def fingerprint(self) -> str:
        """SHA-256 (hex) of the canonical JSON of the whole pack."""
        return hashlib.sha256(canonical(self.plain()).encode()).hexdigest()

    def plain(self) -> dict[str, object]:
        """The pack as JSON-ready data; `pack_from` of it is the same pack."""
        return {"head": dict(self.head), "sections": {k: [dict(r) for r in v] for k, v in self.sections.items()}}


def canonical(value: object) -> str:
    """Sorted keys, no spaces, dates as ISO text: the same bytes for the same facts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def pack_from(data: Mapping[str, object]) -> Pack:
    """A pack from its plain form (as stored), without validating again."""
    sections = data["sections"]
    assert isinstance(sections, Mapping)
    head = data["head"]
    assert isinstance(head, Mapping)
    return Pack(head, {k: tuple(v) for k, v in sections.items()})


def is_unverified(record: Record) -> bool:
    """True where the fact was not read in the text itself, or says so of a part of itself."""
    return str(record.get("confidence", "")).split(" (")[0].split(";")[0] in {c.value for c in UNVERIFIED}


def sources_of(record: Record) -> list[str]:
    raw = record.get("source")
    return [str(s) for s in raw] if isinstance(raw, list) else [str(raw)] if raw else []


def fits(value: object, type_: Type) -> bool:
    if type_ is Type.TEXT:
        return isinstance(value, str | int | float | date) and not isinstance(value, bool)
    if type_ is Type.WHOLE:
        return isinstance(value, int) and not isinstance(value, bool)
    if type_ is Type.DATE:
        return isinstance(value, date) or (isinstance(value, str) and is_date(value))
    if type_ is Type.FLAG:
        return isinstance(value, bool)
    return isinstance(value, {Type.LIST: list, Type.TABLE: Mapping, Type.ANY: object}[type_])


def is_date(text: str) -> bool:
    """A day, a month or a year of the calendar: 2015-02-28, 2015-02, 2015."""
    if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text) is None:
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def validate(
    head: Record, sections: Mapping[str, Sequence[Record]], rights: frozenset[str] = frozenset()
) -> list[PackError]:
    """Everything wrong in a pack, in file order. Empty: it is valid."""
    errors = list(check_fields("pack.yaml", "pack", head, HEAD))
    ids = {name: {str(r.get(BY_NAME[name].key)) for r in rows} for name, rows in sections.items() if name in BY_NAME}
    for section in SECTIONS:
        file = f"{section.name}.yaml"
        seen: set[str] = set()
        for place, record in enumerate(sections.get(section.name, ()), 1):
            name = str(record.get(section.key) or f"n° {place}")
            errors += check_record(file, name, record, section, ids)
            if name in seen:
                errors.append(error("PACK-104", file, name, section.key))
            seen.add(name)
    errors += check_units(sections)
    errors += check_shares(sections)
    errors += check_engines(sections)
    for record in sections.get("roles", ()):
        for right in record.get("rights") or ():  # type: ignore[attr-defined]
            if rights and right not in rights:
                errors.append(
                    error(
                        "PACK-112",
                        "roles.yaml",
                        str(record.get("id")),
                        "rights",
                        value=right,
                        known=", ".join(sorted(rights)),
                    )
                )
    default = str(head.get("default_geography", ""))
    if default and default not in ids.get("geographies", set()):
        errors.append(
            error("PACK-105", "pack.yaml", "pack", "default_geography", value=default, section="geographies.yaml")
        )
    return errors


def remedy_errors(sections: Mapping[str, Sequence[Record]]) -> list[PackError]:
    """What could not be applied in the remedies and courts of a pack whose sections are all there."""
    return [
        error("PACK-115", file, name, field, value=value, known=known)
        for file, name, field, value, known in remedies.problems(sections)
    ]


def check_fields(file: str, name: str, record: Record, fields: Mapping[str, Field]) -> Iterator[PackError]:
    for key, spec in fields.items():
        value = record.get(key)
        if value is None or value == "":
            if spec.required:
                yield error("PACK-101", file, name, key)
        elif not fits(value, spec.type):
            yield error("PACK-102", file, name, key, value=str(value)[:60], type=spec.type.value)
        elif spec.keys is not None:
            yield from unknown_keys(file, name, key, value, spec.keys)
    for key in record:
        if key not in fields and key not in ("source", "confidence"):
            yield error("PACK-103", file, name, str(key), known=", ".join(fields))


def unknown_keys(file: str, name: str, field: str, value: object, keys: frozenset[str]) -> Iterator[PackError]:
    """The keys that nobody reads in a table, or in each table of a list: a word misspelt would be a rule lost."""
    for place, table in enumerate(value if isinstance(value, list) else [value], 1):
        where = f"{field}[{place}]" if isinstance(value, list) else field
        for key in table if isinstance(table, Mapping) else ():
            if key not in keys:
                yield error("PACK-103", file, name, f"{where}.{key}", known=", ".join(sorted(keys)))


def check_record(
    file: str, name: str, record: Record, section: Section, ids: Mapping[str, set[str]]
) -> Iterator[PackError]:
    yield from check_fields(file, name, record, section.fields)
    for key, spec in section.fields.items():
        value = record.get(key)
        if spec.points_to and value not in (None, "") and str(value) not in ids.get(spec.points_to, set()):
            yield error("PACK-105", file, name, key, value=str(value), section=f"{spec.points_to}.yaml")
    if section.factual:
        sources = sources_of(record)
        if not sources:
            yield error("PACK-106", file, name, "source")
        for source in sources:
            if source not in ids.get("sources", set()):
                yield error("PACK-105", file, name, "source", value=source, section="sources.yaml")
        stated = str(record.get("confidence", ""))
        if stated.split(" (")[0].split(";")[0] not in {c.value for c in Confidence}:
            yield error("PACK-107", file, name, "confidence", value=stated)
    for start, end in (("in_force_from", "in_force_to"), ("valid_from", "valid_to")):
        a, b = record.get(start), record.get(end)
        if a and b and str(b) < str(a):
            yield error("PACK-108", file, name, end, start=str(a), end=str(b))


def check_units(sections: Mapping[str, Sequence[Record]]) -> Iterator[PackError]:
    level = {(str(r.get("geography")), str(r.get("code"))): r.get("level") for r in sections.get("units", ())}
    for record in sections.get("units", ()):
        parent, mine = record.get("parent"), record.get("level")
        above = level.get((str(record.get("geography")), str(parent)))
        good = (not parent and mine == 1) or (isinstance(above, int) and isinstance(mine, int) and above < mine)
        if not good:
            yield error("PACK-109", "units.yaml", str(record.get("id")), "parent", value=str(parent))


def check_shares(sections: Mapping[str, Sequence[Record]]) -> Iterator[PackError]:
    units = {(str(r.get("geography")), str(r.get("code"))) for r in sections.get("units", ())}
    sums: dict[tuple[str, str], Fraction] = {}
    for record in sections.get("crosswalks", ()):
        for side in ("from", "to"):
            if (str(record.get(f"{side}_geography")), str(record.get(f"{side}_unit"))) not in units:
                yield error(
                    "PACK-105",
                    "crosswalks.yaml",
                    str(record.get("id")),
                    f"{side}_unit",
                    value=str(record.get(f"{side}_unit")),
                    section="units.yaml",
                )
        key = (str(record.get("from_geography")), str(record.get("from_unit")))
        try:
            sums[key] = sums.get(key, Fraction(0)) + Fraction(str(record.get("share")))
        except (ValueError, ZeroDivisionError):
            yield error(
                "PACK-102",
                "crosswalks.yaml",
                str(record.get("id")),
                "share",
                value=str(record.get("share")),
                type="1/2",
            )
    for (_geography, unit), total in sums.items():
        if total != 1:
            yield error(
                "PACK-110", "crosswalks.yaml", unit, "share", value=unit, sum=f"{total.numerator}/{total.denominator}"
            )


def check_engines(sections: Mapping[str, Sequence[Record]]) -> Iterator[PackError]:
    """Engine definitions are opaque here; the results room checks them when it registers."""
    for record in sections.get("systems", ()):
        engine = record.get("engine")
        if isinstance(engine, Mapping) and "kind" not in engine:
            yield error("PACK-111", "systems.yaml", str(record.get("id")), "engine", why="kind")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two versions of a pack."""

    kind: str  # added | removed | changed
    section: str
    record: str
    field: str = ""
    before: str = ""
    after: str = ""


def differences(old: Pack, new: Pack) -> list[Change]:
    """What differs from `old` to `new`, record by record and field by field.

    `differences(a, a)` is empty; every change of b→a is the mirror of one of a→b.
    """
    out = [
        Change("changed", "pack", "pack", key, str(old.head.get(key, "")), str(new.head.get(key, "")))
        for key in sorted(set(old.head) | set(new.head))
        if old.head.get(key) != new.head.get(key)
    ]
    for section in SECTIONS:
        before = {str(r.get(section.key)): r for r in old.records(section.name)}
        after = {str(r.get(section.key)): r for r in new.records(section.name)}
        out += [Change("removed", section.name, k) for k in before if k not in after]
        out += [Change("added", section.name, k) for k in after if k not in before]
        for key in before:
            if key in after:
                a, b = before[key], after[key]
                out += [
                    Change(
                        "changed",
                        section.name,
                        key,
                        f,
                        canonical(a.get(f)) if f in a else "",
                        canonical(b.get(f)) if f in b else "",
                    )
                    for f in sorted(set(a) | set(b))
                    if a.get(f) != b.get(f)
                ]
    return out
