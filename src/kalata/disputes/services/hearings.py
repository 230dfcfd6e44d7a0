"""Hearings: fixed, their cause list public a day before, held with minutes, who was there and the hash of the recording."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Contest
from kalata.disputes import kinds
from kalata.disputes.models import BenchMember, CauseListEntry, Hearing, HearingPresence, Party, Petition
from kalata.disputes.queries import bench as queries
from kalata.disputes.rules.steps import PRESIDE, REGISTRY, State
from kalata.disputes.services.guarding import inside
from kalata.ledger.services import record
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

AHEAD = timedelta(hours=24)
"""The cause list is public that long before."""
HEARD = (State.READY, State.HEARING)


class TooSoon(Refused):
    code = "DIS-427"
    says = _("Le rôle d’audience est public 24 heures avant ; celle-ci s’ouvre le %(at)s.")
    remedy = _("Reportez l’audience, ou publiez son rôle à temps. Rien n’a été publié.")


class NotListed(Refused):
    code = "DIS-428"
    says = _("Cette audience n’a pas de rôle public, ou n’a pas encore commencé : elle ne peut pas être tenue.")
    remedy = _("Publiez son rôle 24 heures avant ; inscrivez les minutes après qu’elle a commencé.")


class NotReady(Refused):
    code = "DIS-429"
    says = _("%(case)s n’est pas en état d’être jugée : elle ne va pas à l’audience.")
    remedy = _("Attendez le rapport ; retirez-la de cette audience.")


class Held(Refused):
    code = "DIS-430"
    says = _("Cette audience est tenue : son procès-verbal ne change plus.")
    remedy = _("Fixez une autre audience.")


class BadHash(Refused):
    code = "DIS-442"
    says = _("L’empreinte de l’enregistrement n’est pas un SHA-256 (64 chiffres hexadécimaux).")
    remedy = _("Calculez-la par « sha256sum » sur le fichier que garde le greffe, et recopiez-la entière.")
    status = 422


def subject(one: Hearing) -> str:
    return f"hearing:{one.pk}"


@transaction.atomic
def fix(
    *, contest: Contest, starts_at: datetime, place: str, petitions: Iterable[Petition], interpreters: str = "",
    access: str = "", closed_why: str = "", by: Person,
) -> Hearing:  # fmt: skip
    """Fix a hearing and its cases, in order. DIS-429: a case that is not ready; DIS-412: a bench that could not sit."""
    require(by, PRESIDE, contest=contest.pk)
    made = Hearing.objects.create(
        contest=contest, starts_at=starts_at, place=place.strip(), interpreters=interpreters.strip(), access=access.strip(),
        closed_why=closed_why.strip(), by=by, at=timezone.now(),
    )  # fmt: skip
    n = 0
    for n, petition in enumerate(petitions, start=1):
        if petition.contest_id != contest.pk or State(petition.state) not in HEARD:
            raise NotReady(case=petition.number)
        inside(by, (petition,))
        queries.sitting(petition, timezone.localdate(starts_at)).demand()
        CauseListEntry.objects.create(hearing=made, petition=petition, order=n)
    after = {"starts_at": starts_at.isoformat(), "cases": n}
    record(by=by, kind=kinds.HEARING_SET, subject=subject(made), after=after, rows=[made])
    return made


@transaction.atomic
def publish_list(*, hearing: Hearing, by: Person, now: datetime | None = None) -> None:
    """Make the cause list public, 24 hours before at least. DIS-427."""
    require(by, REGISTRY, contest=hearing.contest_id)
    now = now or timezone.now()
    if hearing.starts_at - now < AHEAD:
        raise TooSoon(at=timezone.localtime(hearing.starts_at))
    if not Hearing.objects.filter(pk=hearing.pk, listed_at=None).update(listed_at=now):
        raise Held
    hearing.listed_at = now
    record(
        by=by,
        kind=kinds.HEARING_LISTED,
        subject=subject(hearing),
        after={"cases": hearing.entries.count()},
        rows=[hearing],
    )


@transaction.atomic
def hold(
    *, hearing: Hearing, minutes: str, audio: str, members: Iterable[BenchMember], parties: Mapping[Party, str], by: Person,
    now: datetime | None = None,
) -> None:  # fmt: skip
    """Keep what a hearing was: minutes, who sat, which parties came and by whom, the hash of the recording (or none)."""
    require(by, REGISTRY, contest=hearing.contest_id)
    now = now or timezone.now()
    if hearing.held_at is not None:
        raise Held
    if hearing.listed_at is None or now < hearing.starts_at or not minutes.strip():
        raise NotListed
    audio = audio.strip().lower()
    if audio and not re.fullmatch(r"[0-9a-f]{64}", audio):
        raise BadHash
    hearing.minutes, hearing.audio, hearing.held_at = minutes.strip(), audio, now
    hearing.save(update_fields=["minutes", "audio", "held_at"])
    for member in members:
        HearingPresence.objects.create(hearing=hearing, member=member, at=now)
    for party, by_whom in parties.items():
        HearingPresence.objects.create(hearing=hearing, party=party, by_whom=by_whom[:120], at=now)
    after = {"minutes": len(hearing.minutes), "audio": audio}
    record(by=by, kind=kinds.HEARING_HELD, subject=subject(hearing), after=after, rows=[hearing])
