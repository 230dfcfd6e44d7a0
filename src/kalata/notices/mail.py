"""Letters: each notice at once, or one letter a day, as the person chose; nothing where no mail is configured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from kalata import letters
from kalata.notices import models
from kalata.notices.models import Preference, Receipt
from kalata.notices.rules.topics import always_told
from kalata.people.models import Person

MORNING = 7
"""The hour, on the clock of the house, from which the letter of the day goes out."""
STALE = timedelta(days=2)


def send(limit: int = 200, now: datetime | None = None) -> int:
    """Send what waits. Returns how many notices were sent; called every minute."""
    if not letters.configured():
        return 0
    now = now or timezone.now()
    waiting = (
        Receipt.objects.filter(mailed_at=None, by_mail=True, at__gt=now - STALE)
        .exclude(person__email="")
        .select_related("person", "notice")
        .order_by("pk")
    )
    chose = Preference.objects.filter(mail__in=[models.NEVER, models.DAILY]).values("person")
    at_once = waiting.filter(Q(notice__topic__in=always_told()) | ~Q(person__in=chose))
    packets = [[one] for one in at_once[:limit]]
    if timezone.localtime(now).hour >= MORNING:
        packets += todays(waiting, now, limit)
    sent = 0

    def note(held: Sequence[Receipt]) -> None:
        nonlocal sent
        sent += Receipt.objects.filter(pk__in=[one.pk for one in held]).update(mailed_at=now)

    letters.post(letter(held[0].person, held, note) for held in packets)
    return sent


def todays(waiting: QuerySet[Receipt], now: datetime, limit: int) -> list[list[Receipt]]:
    """What waits of each person who takes one letter a day and had none today."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    served = Receipt.objects.filter(mailed_at__gte=midnight).exclude(notice__topic__in=always_told()).values("person")
    waiting = waiting.exclude(notice__topic__in=always_told())
    due = Preference.objects.filter(mail=models.DAILY).exclude(person__in=served)
    persons = waiting.filter(person__in=due.values("person")).order_by("person").values("person").distinct()[:limit]
    held: dict[int, list[Receipt]] = defaultdict(list)
    for one in waiting.filter(person__in=[p["person"] for p in persons]):
        held[one.person_id].append(one)
    return list(held.values())


def letter(person: Person, held: Sequence[Receipt], note: Callable[[Sequence[Receipt]], None]) -> letters.Letter:
    english = person.language == "en"
    texts = [
        f"{one.notice.text_en if english else one.notice.text_fr}\n\n{settings.PUBLIC_ADDRESS}{one.notice.href}\n"
        for one in held
    ]
    if len(held) == 1:
        subject = "Kalata: notice" if english else "Kalata : avis"
    else:
        subject = f"Kalata: {len(held)} notices" if english else f"Kalata : {len(held)} avis"
    return letters.Letter(person.email, subject, "\n".join(texts), lambda: note(held))
