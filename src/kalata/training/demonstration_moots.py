"""Judges and leaders in the demonstration: two cases held, one on which the raters disagree, a crisis simulated, plans to follow, one under way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from unittest import mock

from django.utils import timezone

from kalata.people.models import Person
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.training.models import MootSitting, MootVersion
from kalata.training.queries import moot_sittings as queries
from kalata.training.queries import moots as cases
from kalata.training.rules.moots.case import Asks, Question
from kalata.training.services import moot_rating, moot_sittings, moots

BENCH = ("juge-un", "juge-deux", "juge-trois")
RATERS = ("notation-un", "notation-deux")
HELD = ("AFF-01", "AFF-02", "AFF-07", "ETH-01", "CRI-01")
"""The cases approved by two persons; the others wait as drafts."""
WRITTEN = (
    "Les textes cités ne sont pas vérifiés au Journal officiel ; la formation le dit et applique la lecture que le pack porte (exercice).",
    "Chaque moyen reçoit sa réponse, bureau par bureau ; l’effet est calculé avant d’être affirmé (exercice).",
    "La preuve appartient à qui l’allègue ; la liste d’émargement est demandée (exercice).",
)


def load(cast: Mapping[str, Person]) -> str:
    moots.import_pack(pack="ml", by=cast["cellule-formation"])
    for code in HELD:
        one = MootVersion.objects.get(case__code=code, state="draft")
        asked = moots.ask(
            version=one, reason="relue par la cellule (exercice)", by=cast["cellule-formation"], seen=one.sha256
        )
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=cast["relecture-juridique"])
    now = timezone.now()
    close = rated(
        held("AFF-01", "Le délai : trois juges (exercice)", cast, now - timedelta(days=40)), cast, (3, 2, 4), (3, 2, 3)
    )
    moot_rating.release(sitting=close, by=cast[RATERS[0]])
    rated(
        held(
            "AFF-02", "L’effet : deux notateurs en désaccord (exercice)", cast, now - timedelta(days=6), wrong=("Q5",)
        ),
        cast,
        (4, 0, 3),
        (1, 3, 0),
    )
    ethics = rated(
        held("ETH-01", "Déclarer ses intérêts (exercice)", cast, now - timedelta(days=35), wrong=("Q1",)),
        cast,
        (3, 1, 2),
        (3, 2, 2),
    )
    moot_rating.release(sitting=ethics, by=cast[RATERS[1]])
    held(
        "CRI-01",
        "La nuit du portail, simulée (exercice)",
        cast,
        now - timedelta(days=2),
        late=("D1", "D4"),
        silent=("D6",),
    )
    planned(ethics, cast)
    running = prepared("AFF-07", "Ni signée ni datée, en cours (exercice)", cast)
    moot_sittings.open_stage(sitting=running, stage=1, by=cast["animation-juges"])
    return f"{MootVersion.objects.count()} dossiers, {MootSitting.objects.count()} séances."


def prepared(code: str, title: str, cast: Mapping[str, Person]) -> MootSitting:
    version = MootVersion.objects.get(case__code=code, state="approved")
    return moot_sittings.prepare(version=version, title=title, bench=BENCH, raters=RATERS, by=cast["animation-juges"])


def held(
    code: str, title: str, cast: Mapping[str, Person], day: datetime, *, wrong: Sequence[str] = (), late: Sequence[str] = (), silent: Sequence[str] = ()
) -> MootSitting:  # fmt: skip
    """A sitting from its first stage to its closing, each stage at its hour. wrong: questions that the second judge misses."""
    one = prepared(code, title, cast)
    case, host = cases.case_in(one.version), cast["animation-juges"]
    at = day
    for stage in case.stages:
        at = day + timedelta(minutes=stage.at) if stage.at is not None else at
        moot_sittings.open_stage(sitting=one, stage=stage.no, by=host, now=at)
        for n, name in enumerate(BENCH):
            if stage.no == 1:
                moot_sittings.come(sitting=one, by=cast[name])
            for q in stage.questions:
                if q.id in silent:
                    continue
                after = timedelta(minutes=q.minutes + 4 if q.id in late else 3 + n)
                given = answer(q, n, cases.computed(one.version), miss=q.id in wrong and n == 1)
                moot_sittings.answer(sitting=one, given={q.id: given}, by=cast[name], now=at + after)
        at += timedelta(minutes=stage.minutes)
    return moot_sittings.close(sitting=one, by=host, now=at)


def answer(q: Question, n: int, computed: Mapping[str, cases.Computed], *, miss: bool) -> list[str]:
    """What the n-th judge answers: right where the house judges, unless this one misses it."""
    if q.asks is Asks.WRITTEN:
        return [WRITTEN[n % len(WRITTEN)]]
    if q.asks is Asks.DECLARE:
        return list(q.planted[:-1] if miss else q.planted)
    if q.asks is Asks.COMPUTED:
        value = computed[q.id].value
        return [{"yes": "no", "no": "yes"}.get(value, "0") if miss else value]
    others = [o.id for o in q.options if o.id not in q.right]
    return [others[0] if miss and others else q.right[0] if q.right else q.options[n % len(q.options)].id]


def rated(one: MootSitting, cast: Mapping[str, Person], first: Sequence[int], second: Sequence[int]) -> MootSitting:
    """The sheets of both raters: the level that each gives a judge, one lower on the last criterion."""
    rubric = cases.case_in(one.version).rubric
    for name, given in zip(RATERS, (first, second), strict=True):
        for seat, level in enumerate(given, 1):
            levels = {c.id: max(level - (c is rubric[-1]), 0) for c in rubric}
            moot_rating.give(
                sitting=one,
                seat=seat,
                levels=levels,
                feedback="Dites d’abord le texte, puis ce qu’il vous fait calculer (exercice).",
                by=cast[name],
            )
    one.refresh_from_db()
    return one


def planned(one: MootSitting, cast: Mapping[str, Person]) -> None:
    """Two plans of action filed the day after: their follow-up at 30 days is due."""
    day = queries.opened(one)[1] + timedelta(days=1)
    with mock.patch.object(moot_rating.timezone, "now", lambda: day):
        for name in BENCH[:2]:
            actions = [
                "Tenir un registre de mes intérêts, relu chaque mois",
                "Dire au greffe tout cadeau reçu, le jour même",
            ]
            moot_rating.file_plan(sitting=one, actions=actions, by=cast[name])
