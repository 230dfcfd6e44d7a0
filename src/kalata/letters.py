"""Mail: one way out, for whoever has something to say; nothing where no mail is configured."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

log = logging.getLogger("kalata.letters")


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes to one address; sent: called once it is on its way."""

    to: str
    subject: str
    body: str
    sent: Callable[[], object]


def configured() -> bool:
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def post(letters: Iterable[Letter]) -> int:
    """Send letters over one connection. Returns how many went; those that did not are tried again by the next round."""
    waiting = list(letters)
    if not waiting or not configured():
        return 0
    gone = 0
    connection = get_connection()
    for one in waiting:
        try:
            EmailMessage(subject=one.subject, body=one.body, to=[one.to], connection=connection).send()
        except (SMTPRecipientsRefused, ValueError) as problem:  # one bad address never holds up the others
            log.error("mail to one address not sent: %s", type(problem).__name__)
            continue
        except OSError:
            log.exception("mail not sent; the next round tries again")
            break
        one.sent()
        gone += 1
    connection.close()
    return gone
