"""Do letters leave? Those that wait too long are said on every staff page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet

from kalata import letters
from kalata.ledger.turns import clock
from kalata.ledger.watching import Gauge
from kalata.notices.mail import STALE
from kalata.notices.models import DAILY, NEVER, Preference, Receipt
from kalata.notices.rules.topics import always_told
from kalata.text import Message, plainly
from kalata.text import gettext_noop as _

LATE = timedelta(minutes=30)
STUCK = _("%(n)d {n:avis attend|avis attendent} depuis plus de %(minutes)d {minutes:minute|minutes} d’être {n:envoyé|envoyés} par courriel : le serveur de courriel {n:le|les} refuse ou ne répond pas.")  # fmt: skip


def stuck() -> QuerySet[Receipt]:
    """Notices of persons who take each at once, that should have left by now."""
    now = clock()
    chose = Preference.objects.filter(mail__in=[NEVER, DAILY]).values("person")
    waiting = Receipt.objects.filter(mailed_at=None, by_mail=True, at__gt=now - STALE, at__lt=now - LATE)
    return waiting.exclude(person__email="").filter(Q(notice__topic__in=always_told()) | ~Q(person__in=chose))


def alarms() -> Iterable[tuple[str, Message]]:
    if letters.configured() and (n := stuck().count()):
        yield "mail", Message(STUCK, {"n": n, "minutes": int(LATE.total_seconds() // 60)})


def gauges() -> Iterable[Gauge]:
    yield Gauge("mail_stuck", "Notices that should have left by mail", stuck().count() if letters.configured() else 0)


def mail() -> tuple[bool, str | Message]:
    """The line of `kalata check`."""
    if not letters.configured():
        return True, plainly(_("courriel non réglé : les avis paraissent à l’écran"))
    n = stuck().count()
    return not n, plainly(_("%(n)s avis en retard"), n=n)
