"""Petitions that look alike are told to the registry; none is merged, none is refused."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from rapidfuzz import fuzz

from kalata.disputes import kinds
from kalata.disputes.models import Exhibit, GroundTarget, Petition, Twin
from kalata.disputes.rules.steps import REGISTRY, State
from kalata.disputes.services.steps import subject_of
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.approval import NoReason
from kalata.refusals import Refused
from kalata.text import fold
from kalata.text import gettext_noop as _

NEAR = 90
"""How near two texts must be, in hundredths."""
SHORT, READ, COMPARED, AT_ONCE = 80, 4_000, 2_000, 200
"""Letters below which a text says nothing; letters read of each; petitions compared; petitions looked at in one turn."""
ANSWERS = {
    "apart": _("deux affaires distinctes"), "joined": _("à juger ensemble"),
    "duplicate": _("la même, déposée deux fois : la formation décide"),
}  # fmt: skip
KINDS = {"hash": _("la même pièce"), "same": _("mêmes requérant, acte et moyens"), "text": _("texte proche")}


class AnsweredAlready(Refused):
    code = "DIS-137"
    says = _("Cette ressemblance est déjà examinée.")
    remedy = _("Rouvrez la requête : elle montre la réponse donnée.")


def look(petition: Petition) -> list[Twin]:
    """What this petition looks like among those received before it in the same contest: the same file, the same petitioner
    with the same grounds on the same stations, or nearly the same text."""
    assert petition.received_at is not None
    before = Petition.objects.filter(contest=petition.contest_id, received_at__lt=petition.received_at).exclude(
        state=State.DRAFT
    )
    found: dict[tuple[int, str], int] = {}
    hashes = petition.exhibits.values_list("piece_id", flat=True)
    same_file = Exhibit.objects.filter(piece__in=list(hashes), petition__in=before)
    found |= {(pk, "hash"): 100 for pk in same_file.values_list("petition_id", flat=True)}
    mine, said = claims(petition), fold(petition.text)[:READ]
    rows = before.order_by("-received_at").prefetch_related("parties", "grounds__targets")[:COMPARED]
    for other in rows:
        if mine[0] and claims(other) == mine:
            found[other.pk, "same"] = 100
        near = fuzz.token_sort_ratio(said, fold(other.text)[:READ], score_cutoff=NEAR) if len(said) >= SHORT else 0
        if near:
            found[other.pk, "text"] = int(near)
    return [kept(petition, pk, kind, score) for (pk, kind), score in sorted(found.items())]


def claims(petition: Petition) -> tuple[frozenset[str], str, frozenset[tuple[str, frozenset[str]]]]:
    """(petitioners, act attacked, grounds with what each aims at)."""
    who = frozenset(fold(p.name) for p in petition.parties.all() if p.role == "petitioner" and not p.struck)
    grounds = frozenset((g.code, aimed(g.targets.all())) for g in petition.grounds.all() if not g.struck)
    return who, petition.about, grounds


def aimed(targets: Iterable[GroundTarget]) -> frozenset[str]:
    return frozenset(fold(t.words) for t in targets if not t.struck)


@transaction.atomic
def kept(petition: Petition, other_id: int, kind: str, score: int) -> Twin:
    row, fresh = Twin.objects.get_or_create(
        petition=petition, other_id=other_id, kind=kind, defaults={"score": score, "at": timezone.now()}
    )
    if fresh:
        number = Petition.objects.values_list("number", flat=True).get(pk=other_id)
        record(
            by=None, kind=kinds.TWIN_FOUND, subject=subject_of(petition), after={"other": number, "kind": kind, "score": score}, rows=[row]
        )  # fmt: skip
    return row


def look_waiting() -> int:
    """Look at the petitions received and not docketed yet, latest first. `kalata serve` calls this every minute."""
    rows = list(Petition.objects.filter(state=State.RECEIVED).order_by("-received_at")[:AT_ONCE])
    return sum(len(look(one)) for one in rows)


@transaction.atomic
def answer(*, twin_id: int, said: str, by: Person, why: str) -> Twin:
    """What the registry made of a likeness, once, with its reason: two cases apart, joined, or a duplicate for the bench.
    Nothing is merged by it, nor struck. DIS-137, PEO-101, PEO-203 without a reason."""
    row = Twin.objects.select_for_update(of=("self",)).select_related("petition", "other").get(pk=twin_id)
    require(by, REGISTRY, contest=row.petition.contest_id)
    if not why.strip():
        raise NoReason
    if row.answer or said not in ANSWERS:
        raise AnsweredAlready
    row.answer, row.answered_by, row.answered_at, row.why = said, by, timezone.now(), why.strip()[:400]
    row.save(update_fields=["answer", "answered_by", "answered_at", "why"])
    record(
        by=by, kind=kinds.TWIN_ANSWERED, subject=subject_of(row.petition), reason=why.strip(), rows=[row],
        after={"other": row.other.number, "kind": row.kind, "answer": said},
    )  # fmt: skip
    return row
