"""The sheet of a case: what the docket lists of it, made anew by each act; and the page that an act was read on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from kalata.disputes.models import CaseSheet, Checklist, Clock, Ground, GroundTarget, Party, Petition, Service
from kalata.disputes.rules import points, triage
from kalata.disputes.rules.steps import LABELS, State
from kalata.disputes.services.steps import AFTER
from kalata.refusals import Refused
from kalata.text import fold
from kalata.text import gettext_noop as _

CLOSED = frozenset({State.SIGNED, State.PRONOUNCED, State.NOTIFIED, State.PUBLISHED, State.APPLIED, State.CLOSED})
"""States in which nothing is awaited from the parties nor from the bench before a decision."""
HELD: dict[State, str] = {
    State.RECEIVED: _("greffe"), State.DOCKETED: _("greffe"), State.TO_CURE: _("requérant"),
    State.ADMISSIBILITY: _("juge rapporteur"), State.INADMISSIBLE: _("formation"), State.NO_JURISDICTION: _("formation"),
    State.SERVED: _("greffe"), State.INSTRUCTION: _("juge rapporteur"), State.READY: _("présidence"),
    State.HEARING: _("présidence"), State.DELIBERATION: _("formation"), State.DRAFTED: _("formation"),
    State.GATE: _("présidence"), State.SEVERED: _("greffe"), State.WITHDRAWN: _("présidence"),
    State.JOINED: _("chef de file"), State.STAYED: _("présidence"),
}  # fmt: skip
"""Who has to act, by state."""


class StalePage(Refused):
    """Two registrars on one case: what the second read is no longer what stands there."""

    code = "DIS-205"
    says = _("Cette affaire a changé pendant que vous la lisiez : elle est maintenant « %(state)s ».")
    remedy = _("Rouvrez la page et relisez-la avant d’agir. Rien n’a été enregistré.")
    sentences = frozenset({"state"})


def stamp(petition: Petition, steps: int | None = None) -> str:
    """What a page of a case shows, in a word: it changes with each act on it."""
    sheet = getattr(petition, "sheet", None)
    taken = petition.steps.count() if steps is None else steps
    return f"{sheet.revision if sheet else 0}.{taken}"


def locked(petition_id: int, seen: str | None = None) -> Petition:
    """The case, held until the end of the transaction; DIS-205 where `seen` is no longer its stamp."""
    petition = Petition.every.select_for_update(of=("self",)).select_related("contest").get(pk=petition_id)
    if seen is not None and seen != stamp(petition):
        raise StalePage(state=LABELS[State(petition.state)])
    return petition


def whole(rows: Iterable[Petition]) -> list[Petition]:
    """Cases with what their sheets are made of, in a constant number of queries."""
    ids = [p.pk for p in rows]
    grounds = Ground.objects.filter(struck=False).prefetch_related(
        Prefetch("targets", GroundTarget.objects.filter(struck=False).only("ground", "station"))
    )
    running = Clock.objects.filter(met_at=None, stopped_at=None).exclude(bound=None)
    sent = Service.objects.filter(struck_at=None)
    return list(
        Petition.every.filter(pk__in=ids)
        .select_related("unit", "contest", "sheet")
        .prefetch_related(
            Prefetch("parties", Party.objects.filter(struck=False)),
            Prefetch("grounds", grounds),
            Prefetch("clocks", running.order_by("bound", "pk"), to_attr="running"),
            Prefetch("clocks", Clock.objects.filter(kind="filing", stopped_at=None), to_attr="filing_clocks"),
            Prefetch("services", sent, to_attr="sent"),
            Prefetch("checklists", Checklist.objects.order_by("pk"), to_attr="drawn"),
            "steps",
        )
    )


def refresh(*rows: Petition, acted: bool = True) -> None:
    """Make the sheets of these cases anew. acted: by an act, which a page read before has not seen."""
    now = timezone.now()
    made = []
    for petition in whole(rows):
        sheet = getattr(petition, "sheet", None) or CaseSheet(petition=petition, last_act_at=now)
        filled(sheet, petition, now)
        if acted:
            sheet.revision += 1
            sheet.last_act_at = now
        made.append(sheet)
    fresh = [s for s in made if s.pk is None]
    CaseSheet.objects.bulk_create(fresh, ignore_conflicts=True)
    columns = [f.name for f in CaseSheet._meta.concrete_fields if f.name not in ("id", "petition", "rank")]
    CaseSheet.objects.bulk_update([s for s in made if s.pk is not None], columns, batch_size=200)
    by_key = {s.petition_id: s for s in made}
    for petition in rows:
        if petition.pk in by_key:
            petition._state.fields_cache["sheet"] = by_key[petition.pk]


def filled(sheet: CaseSheet, petition: Petition, now: datetime) -> None:
    """The columns of a sheet, from a case that `whole` read."""
    state = State(petition.state)
    sheet.open = state not in CLOSED
    parties = list(petition.parties.all())
    sheet.petitioner = next((p.name for p in parties if p.role == "petitioner"), "")[:200]
    sheet.where = petition.unit.name if petition.unit else ""
    sheet.title = (petition.about_words or petition.relief or "")[:250]
    sheet.stations = len({t.station_id for g in petition.grounds.all() for t in g.targets.all() if t.station_id})
    near = petition.running[0] if sheet.open and petition.running else None  # type: ignore[attr-defined]
    sheet.next_at = near.bound if near else None
    sheet.next_limit = near.limit if near else ""
    sheet.next_kind = near.kind if near else ""
    waiting = [s for s in petition.sent if s.served_at is None and not s.waiver]  # type: ignore[attr-defined]
    sheet.unserved = len(waiting) if sheet.open else 0
    sheet.reached = len(petition.sent) - len(waiting)  # type: ignore[attr-defined]
    sheet.points = points.letters(petition.drawn[-1].said["items"]) if petition.drawn else ""  # type: ignore[attr-defined]
    verdicts = {c.verdict for c in petition.filing_clocks}  # type: ignore[attr-defined]
    sheet.verdict = verdicts.pop() if len(verdicts) == 1 else "undetermined" if verdicts else ""
    sheet.held_by = HELD.get(state, "")
    words = (petition.number or "", str(petition.roll or ""), sheet.title, sheet.where, *(p.name for p in parties))
    sheet.folded = fold(" ".join(words))


def facts_of(sheet: CaseSheet) -> triage.Facts:
    """A sheet as triage sees it."""
    petition = sheet.petition
    return triage.Facts(
        key=petition.pk, received_at=petition.received_at or petition.at, last_act=sheet.last_act_at, next=sheet.next_at,
        ceiling=triage.Ceiling(sheet.ceiling), votes=sheet.votes, seats=sheet.seats, held_by=sheet.held_by,
        stayed=petition.state in (State.STAYED, State.JOINED), open=sheet.open,
    )  # fmt: skip


@transaction.atomic
def rank(now: datetime | None = None) -> int:
    """Put every case in its place for triage; make the sheets that are missing. Returns how many moved. Bears repetition."""
    now = now or timezone.now()
    missing = list(Petition.every.filter(sheet=None).exclude(state=State.DRAFT)[:500])
    if missing:
        refresh(*missing, acted=False)
    sheets = list(CaseSheet.objects.select_related("petition").only(
        "rank", "last_act_at", "next_at", "ceiling", "votes", "seats", "held_by", "open",
        "petition__received_at", "petition__at", "petition__state",
    ))  # fmt: skip
    by_key = {s.petition_id: s for s in sheets}
    moved = []
    for place, facts in enumerate(triage.ordered(map(facts_of, sheets), now), 1):
        if by_key[facts.key].rank != place:
            by_key[facts.key].rank = place
            moved.append(by_key[facts.key])
    CaseSheet.objects.bulk_update(moved, ["rank"], batch_size=500)
    return len(moved)


def anew(petition: Petition) -> None:
    """After each step of a case: its sheet, and those of the cases that follow it."""
    refresh(petition, *petition.joined.all())


if anew not in AFTER:
    AFTER.append(anew)
