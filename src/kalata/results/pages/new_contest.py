"""What the steps of a new contest show beside their questions: rules in words, the form, the public page, what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _t

from kalata.country.models import Contest, Election, Geography, PackVersion
from kalata.country.rules.pack import is_unverified
from kalata.results.queries import drafts
from kalata.results.rules.boxes import LABELS, MARKS, Box
from kalata.results.rules.contest_draft import STEPS, Answers
from kalata.results.rules.system_words import RuleSaid, dates_said, rules_of, short
from kalata.results.rules.systems import KIND_LABELS, Kind, System, system_from
from kalata.text import Message
from kalata.text import gettext_noop as _

APART = str.maketrans("'’ʼ", "   ")
"""An elision is two words in a code too: presidentielle-d-essai."""

TITLES = {
    "election": _("Élection et tour"),
    "territory": _("Territoire et bureaux"),
    "system": _("Mode de scrutin"),
    "ballot": _("Candidatures et procès-verbal"),
    "review": _("Relecture"),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A system of the pack as a card: its id, its name, its sentence, whether the pack proposes it for this election."""

    id: str
    name: str
    kind: str
    says: Message
    proposed: bool


def named(record: Mapping[str, object], lang: str) -> str:
    return str((record.get("name_en") if lang == "en" else "") or record.get("name_fr") or record.get("id") or "")


def offered(pack: PackVersion, answers: Answers, lang: str) -> list[Offered]:
    """The systems of a pack, the proposed one first."""
    records = {str(r["id"]): r for r in pack.pack.records("systems")}
    wanted = str(drafts.kind_record(pack, answers.kind).get("system") or "")
    found = []
    for key, raw in pack.pack.engine_systems().items():
        system = system_from(dict(raw))
        found.append(Offered(key, named(records[key], lang), KIND_LABELS[system.kind], short(system), key == wanted))
    return sorted(found, key=lambda one: not one.proposed)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A system in words, rule by rule. sure: how many of its rules were read in a text; dates: texts that date the second round."""

    system: System
    name: str
    rules: list[RuleSaid]
    dates: list[tuple[str, str, str]]
    warning: tuple[str, str] = ("", "")

    @property
    def unsure(self) -> int:
        return sum(
            one.missing or not one.confidence or is_unverified({"confidence": one.confidence}) for one in self.rules
        )

    @property
    def conflict(self) -> bool:
        return len({(law, article) for law, article, _sure in self.dates}) > 1


def warned(record: Mapping[str, Any] | None, lang: str) -> tuple[str, str]:
    """The warning of a record of the pack and the language it is in: the reader's where the pack has it."""
    french, english = (str((record or {}).get(key) or "") for key in ("warning_fr", "warning"))
    if french and (lang != "en" or not english):
        return french, "fr"
    return english, "en"


def meaning(pack: PackVersion | None, system_id: str, own: str, lang: str) -> Meaning | None:
    """What the chosen system says; None where none is chosen."""
    if own:
        system = system_from(drafts.written_system(own))
        return Meaning(system, KIND_LABELS[system.kind], list(rules_of(system)), [])
    raw = pack.pack.engine_systems().get(system_id) if pack else None
    if raw is None or pack is None:
        return None
    record = next(r for r in pack.pack.records("systems") if str(r["id"]) == system_id)
    details = record.get("details")
    system = system_from(dict(raw))
    dates = dates_said(details) if isinstance(details, Mapping) else []
    return Meaning(system, named(record, lang), list(rules_of(system)), dates, warned(record, lang))


def meaning_of(contest: Contest, lang: str) -> Meaning:
    """What the system of a contest says, by the version of the pack that it is bound to."""
    pack = contest.election.pack
    if found := meaning(pack, str(contest.system.get("id") or ""), "", lang):
        return found
    system = system_from(dict(contest.system))
    return Meaning(system, KIND_LABELS[system.kind], list(rules_of(system)), [])


# --- previews --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SheetRow:
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The form and the public page as these answers would make them. rows and votes: numbered as on the paper."""

    title: str
    day: Any
    rows: list[SheetRow]
    marks: list[str]
    votes: list[SheetRow]
    signatures: list[str]
    places: str
    stations: int | None
    majority: bool
    seats: int | None


def listed(value: object, usual: str) -> list[str]:
    """The contests that a form of the pack is for; one that names none is for all."""
    return [str(v) for v in value] if isinstance(value, list | tuple) else [usual]


def preview(answers: Answers, pack: PackVersion | None, lang: str) -> Preview:
    form: Mapping[str, Any] = next(
        (r for r in pack.pack.records("report_forms") if answers.kind in listed(r.get("contests"), answers.kind)), {}
    ) if pack else {}  # fmt: skip
    boxes = [Box(b) for b in answers.boxes if b in set(Box)]
    rows = [SheetRow(n, LABELS[b]) for n, b in enumerate((b for b in boxes if b not in MARKS), 1)]
    votes = [SheetRow(n, name) for n, name in enumerate(answers.names, len(rows) + 1)]
    geography = Geography.objects.filter(code=answers.geography).only("levels").first() if answers.geography else None
    levels = [str(one.get("en" if lang == "en" else "fr") or "") for one in (geography.levels if geography else ())]
    says = meaning(pack, answers.system, answers.own, lang)
    return Preview(
        title=str(form.get("title_en" if lang == "en" else "title_fr") or _t("Procès-verbal")),
        day=answers.day,
        rows=rows,
        marks=[LABELS[b] for b in boxes if b in MARKS],
        votes=votes,
        signatures=[str(s.get("en" if lang == "en" else "fr")) for s in form.get("signatures") or ()],
        places=", ".join(one for one in levels if one),
        stations=answers.expected,
        majority=bool(says and says.system.kind in (Kind.TWO_ROUND_MAJORITY, Kind.TWO_OPTION_MAJORITY)),
        seats=seats_of(answers, pack),
    )


def seats_of(answers: Answers, pack: PackVersion | None) -> int | None:
    """How many seats the constituencies of the answers have together; None: there are none."""
    if answers.seats_from == "typed":
        return sum(
            int(line.rsplit(";", 1)[1].replace(" ", "")) for line in answers.constituencies.splitlines() if line.strip()
        )
    found = next((s for s in drafts.seat_sets(pack) if s.name == answers.seats_from), None) if pack else None
    return found.seats if found else None


def constituencies_of(answers: Answers, pack: PackVersion | None) -> int:
    if answers.seats_from == "typed":
        return sum(bool(line.strip()) for line in answers.constituencies.splitlines())
    found = next((s for s in drafts.seat_sets(pack) if s.name == answers.seats_from), None) if pack else None
    return found.units if found else 0


def chosen(answers: Answers, pack: PackVersion | None, lang: str) -> dict[str, Any]:
    """What was answered, in words, for the side of the page and for the reading over."""
    election = Election.objects.filter(pk=answers.existing).first() if answers.existing else None
    geography = (
        Geography.objects.filter(code=answers.geography).defer("outlines").first() if answers.geography else None
    )
    says = meaning(pack, answers.system, answers.own, lang)
    return {
        "election": election,
        "country": named(pack.pack.head, lang) if pack else "",
        "kind": named(drafts.kind_record(pack, answers.kind), lang) if pack and answers.kind else "",
        "geography": geography,
        "meaning": says,
        "constituencies": constituencies_of(answers, pack),
        "seats": seats_of(answers, pack),
        "boxes": [LABELS[Box(b)] for b in answers.boxes if b in set(Box)],
    }


def code_for(answers: Answers) -> str:
    """A code nobody has yet, from the name and the year: presidentielle-2027."""
    words = slugify(answers.name_fr.translate(APART))[:48] or "scrutin"
    year = answers.polling_day[:4]
    base = words if not year or year in words else f"{words}-{year}"
    code, n = base, 1
    while Contest.objects.filter(code__iexact=code).exists():
        n += 1
        code = f"{base}-{n}"
    return code


def steps(at: int, furthest: int) -> list[dict[str, Any]]:
    """The five steps as the page lists them: done, here, to come; one that was answered opens again."""
    return [
        {
            "n": n,
            "title": TITLES[key],
            "here": n == at,
            "done": n < at or n <= furthest,
            "open": n != at and n <= furthest + 1,
        }
        for n, key in enumerate(STEPS, 1)
    ]
