"""Letters: each notice at once, or one letter a day, as the person chose; nothing where no mail is configured."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from kalata.notices.models import DAILY, NEVER, Preference, Receipt
from kalata.people.models import Person

log = logging.getLogger("kalata.notices")
MORNING = 7
"""The hour, on the clock of the house, from which the letter of the day goes out."""
STALE = timedelta(days=2)


def send(limit: int = 200, now: datetime | None = None) -> int:
    """Send what waits. Returns how many notices were sent; called every minute."""
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return 0
    now = now or timezone.now()
    waiting = Receipt.objects.filter(mailed_at=None, by_mail=True, at__gt=now - STALE).exclude(person__email="")
    chosen = dict(Preference.objects.values_list("person_id", "mail"))
    letters: list[list[Receipt]] = []
    daily: dict[int, list[Receipt]] = defaultdict(list)
    for one in waiting.select_related("person", "notice").order_by("pk")[: limit * 5]:
        match chosen.get(one.person_id):
            case "never":
                continue
            case "daily":
                daily[one.person_id].append(one)
            case _:
                letters.append([one])
    letters += [held for held in daily.values() if morning(held, now)]
    return post(letters[:limit], now)


def morning(held: Sequence[Receipt], now: datetime) -> bool:
    """True where the letter of the day is due: past the hour, and none sent today."""
    local = timezone.localtime(now)
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    sent = Receipt.objects.filter(person_id=held[0].person_id, mailed_at__gte=start).exists()
    return local.hour >= MORNING and not sent


def post(letters: Sequence[Sequence[Receipt]], now: datetime) -> int:
    if not letters:
        return 0
    sent = 0
    connection = get_connection()
    connection.open()
    for held in letters:
        try:
            letter(held[0].person, held, connection).send()
        except (SMTPRecipientsRefused, ValueError) as problem:  # one bad address never holds up the others
            log.error("mail to one address not sent: %s", type(problem).__name__)
            continue
        except OSError:
            log.exception("mail not sent; the next round tries again")
            break
        Receipt.objects.filter(pk__in=[one.pk for one in held]).update(mailed_at=now)
        sent += len(held)
    connection.close()
    return sent


def letter(person: Person, held: Sequence[Receipt], connection: BaseEmailBackend) -> EmailMessage:
    english = person.language == "en"
    texts = [
        f"{one.notice.text_en if english else one.notice.text_fr}\n\n{settings.PUBLIC_ADDRESS}{one.notice.href}\n"
        for one in held
    ]
    if len(held) == 1:
        subject = "Kalata: notice" if english else "Kalata : avis"
    else:
        subject = f"Kalata: {len(held)} notices" if english else f"Kalata : {len(held)} avis"
    return EmailMessage(subject=subject, body="\n".join(texts), to=[person.email], connection=connection)


__all__ = ["DAILY", "NEVER", "send"]
