"""Custody of the paper: bags and envelopes, their seals, through whose hands they go, what is found inside."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kalata import codes, lifecycle, states
from kalata.country.models import Contest, Unit
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.results import images
from kalata.results.access import own_territory, reach_of
from kalata.results.services.contests import place_of
from kalata.results.territory import EVERYWHERE, Reach, common, path_of
from kalata.tally import kinds
from kalata.tally.models import Bag, BagItem, Handover, Paper, Replacement
from kalata.tally.queries.formcodes import paper_behind
from kalata.tally.rules.bags import BAG, RIGHT, BadBag, Held, Moment, State
from kalata.tally.rules.bags import LABELS as STATES  # noqa: F401
from kalata.tally.rules.bags import OneWitness as OneWitness
from kalata.tally.rules.bags import Opened as Opened
from kalata.tally.rules.lifecycle import State as PaperState
from kalata.text import gettext_noop as _

KINDS = {"envelope": _("Enveloppe"), "bag": _("Sac")}
MOMENTS = {
    "sealed": _("scellé"),
    "handover": _("remis"),
    "opened": _("ouvert"),
    "incident": _("incident"),
}


class InUse(Refused):
    code = "RES-443"
    says = _("Le procès-verbal du bureau %(station)s est déjà arrivé : son formulaire ne se remplace plus.")
    remedy = _("S’il est inutilisable, signalez un incident ; s’il a été publié, demandez un rappel.")


def allowed(by: Person, contest: Contest) -> Reach:
    """Where this person receives papers; PEO-101 where nowhere."""
    reach = reach_of(by, {"results.receive"}, contest.pk)
    if reach.tops == ():
        require(by, "results.receive", contest=contest.pk)
    return reach


def locked(bag_id: int, by: Person) -> Bag:
    """The bag, if it lies in a territory where this person receives papers; else it does not exist for him."""
    bag = Bag.objects.select_for_update(of=("self",)).select_related("contest", "unit").get(pk=bag_id)
    require(by, "results.receive", place=path_of(bag.unit), contest=bag.contest_id)
    return bag


def numbers(text: str | Sequence[str]) -> list[str]:
    """Seal numbers or station codes from one line of text, in order, once each."""
    parts = re.split(r"[\s,;]+", text) if isinstance(text, str) else text
    found: dict[str, str] = {}
    for part in parts:
        if part.strip():
            found.setdefault(codes.sought(part), part.strip())
    return list(found.values())


def same_seals(read: Sequence[str], put_on: Sequence[str]) -> bool:
    """True where the numbers read are those put on, in any order and however they were typed."""
    return sorted(map(codes.sought, read)) == sorted(map(codes.sought, put_on))


@transaction.atomic
def seal(
    *,
    contest: Contest,
    code: str,
    kind: str,
    seals: str,
    stations: str,
    by: Person,
    place: str = "",
) -> Bag:
    """Record a sealed bag with its seal numbers and the papers it should hold (codes of stations).

    It belongs to the smallest territory that holds them all; without papers, to the one of who seals it.

    Raises: RES-440 no code, no seal, a code used already; RES-431 a station not expected.
    """
    reach = allowed(by, contest)
    if not code.strip() or len(code.strip()) > 60:
        raise BadBag(why=_("le code manque ou dépasse 60 signes"))
    code, found = codes.code(code), [codes.code(s) for s in numbers(seals)]
    Contest.objects.select_for_update().get(pk=contest.pk)  # two bags of one look at the same moment are one too many
    if kind not in KINDS:
        raise BadBag(why=_("ni sac ni enveloppe"))
    if not found:
        raise BadBag(why=_("au moins un numéro de scellé"))
    if codes.key(code) in map(codes.key, Bag.objects.filter(contest=contest).values_list("code", flat=True)):
        raise BadBag(why=_("ce code est déjà pris"))
    papers = [paper_behind(contest, s, reach) for s in numbers(stations)]
    pk = common(p.station.unit for p in papers) if papers else own_territory(by, "results.receive", contest.pk)
    unit = Unit.objects.select_related("parent__parent__parent").get(pk=pk) if pk else None
    require(by, "results.receive", place=path_of(unit), contest=contest.pk)
    bag = Bag.objects.create(contest=contest, code=code, kind=kind, unit=unit, seals=found, by=by, at=timezone.now())
    BagItem.objects.bulk_create(BagItem(bag=bag, paper=p) for p in papers)
    moment(bag, "sealed", by, seals=found, place=place)
    return bag


def moment(bag: Bag, kind: str, by: Person, **values: object) -> Handover:
    """One row of the custody, and of the ledger."""
    row = Handover.objects.create(bag=bag, kind=kind, by=by, at=timezone.now(), **values)
    record(
        by=by,
        kind=kinds.BAGS[kind],
        subject=f"bag:{bag.contest.code}/{bag.code}",
        after={k: v for k, v in values.items() if v not in ("", None)},
    )
    return row


@transaction.atomic
def hand_over(
    *, bag_id: int, giver: str, receiver: str, place: str, seals: str, by: Person, condition: str = "", photo: str = ""
) -> Handover:
    """From one hand to another, with the seals as read at that moment. Other or broken seals: the bag is in question.

    Raises: RES-440 a name or the place is missing, RES-441 already opened.
    """
    bag = locked(bag_id, by)
    read = numbers(seals)
    one = Held(state=State(bag.state), code=bag.code, intact=same_seals(read, bag.seals))
    named = bool(giver.strip() and receiver.strip() and place.strip())
    row = states.write(
        bag, BAG, State.SEALED if one.intact and one.state is State.SEALED else State.INCIDENT,
        Moment(by=by.pk, right=RIGHT, named=named), stand=one,
        tells=lambda: moment(
            bag, "handover", by, giver=giver.strip()[:120], receiver=receiver.strip()[:120], place=place.strip()[:120],
            seals=read, intact=one.intact, condition=condition[:300], photo=photo,
        ),
    )  # fmt: skip
    images.join(photo, f"bag:{bag.pk}", by)
    return row


@transaction.atomic
def open_bag(*, bag_id: int, found: str, seals: str, witness: str, by: Person, condition: str = "") -> Handover:
    """Open a bag before a witness and say which papers are inside. What was expected and is not there is said.

    found: codes of stations or QR texts, one a line; a paper found that was not announced is added.
    Raises: RES-441 opened already, RES-442 no witness.
    """
    bag = locked(bag_id, by)
    one, act = Held(state=State(bag.state), code=bag.code), Moment(by=by.pk, right=RIGHT, witness=witness)
    lifecycle.apply(BAG, one, State.OPENED, act)
    reach = allowed(by, bag.contest)
    inside = {paper_behind(bag.contest, line, reach).pk for line in found.splitlines() if line.strip()}
    said = set(bag.items.values_list("paper_id", flat=True))
    bag.items.filter(paper_id__in=inside).update(found=True)
    bag.items.exclude(paper_id__in=inside).update(found=False)
    BagItem.objects.bulk_create(BagItem(bag=bag, paper_id=pk, found=True) for pk in sorted(inside - said))
    read = numbers(seals)
    intact = same_seals(read, bag.seals) and one.state is not State.INCIDENT
    return states.write(
        bag, BAG, State.OPENED, act, stand=one,
        tells=lambda: moment(
            bag, "opened", by, seals=read, intact=intact, condition=condition[:300], witness=witness.strip()[:120],
            expected=len(said), received=len(inside),
        ),
    )  # fmt: skip


@transaction.atomic
def replace_form(*, paper_id: int, reason: str, by: Person) -> Replacement:
    """Print a blank form anew: its number grows by one, the old one is refused from then on. RES-443: arrived already."""
    paper = Paper.objects.select_for_update(of=("self",)).select_related("station__unit", "contest").get(pk=paper_id)
    require(by, "results.receive", place=place_of(paper.station), contest=paper.contest_id)
    if paper.state not in (PaperState.EXPECTED, PaperState.MISSING, PaperState.NO_VOTE, PaperState.INCIDENT):
        raise InUse(station=paper.station.code)
    if not reason.strip():
        raise BadBag(why=_("le motif du remplacement"))
    paper.serial += 1
    paper.save(update_fields=["serial"])
    made = Replacement.objects.create(
        paper=paper, serial=paper.serial, reason=reason.strip()[:400], by=by, at=timezone.now()
    )
    record(
        by=by,
        kind=kinds.FORM_REPLACED,
        subject=f"station:{paper.contest.code}/{paper.station.code}",
        before={"serial": paper.serial - 1},
        after={"serial": paper.serial},
        reason=reason.strip(),
    )
    return made


def missing_items(contest: Contest, reach: Reach = EVERYWHERE) -> QuerySet[BagItem]:
    """Papers announced in a bag that was opened, not found there and not arrived since."""
    gone = BagItem.objects.filter(
        reach.on("paper__station__unit"),
        bag__contest=contest, found=False, paper__state__in=[PaperState.EXPECTED, PaperState.MISSING],
    )  # fmt: skip
    return gone.select_related("bag", "paper__station")
