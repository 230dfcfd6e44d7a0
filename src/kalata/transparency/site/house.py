"""What the house lays beside the log for its public site: outlines, calendar, images, delays, signature.

Rooms above bring what is theirs through `Room.publishes`: functions of the contest.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from kalata import processes, rooms
from kalata.country.models import Contest, Unit
from kalata.deadlines import pages as deadline_pages
from kalata.deadlines import queries as deadlines
from kalata.deadlines.recourse import Recourse, recourses
from kalata.text import Named, translate
from kalata.transparency import keys, publiclog
from kalata.transparency.models import PublicLog
from kalata.transparency.site.frame import CalendarLine, Extras
from kalata.transparency.site.render import LANGUAGES

MOST_LINES = 80


def extras_of(contest: Contest, at: datetime) -> Extras:
    """Everything the house knows that the log does not hold."""
    geography = contest.election.geography
    units = Unit.objects.filter(geography=geography).exclude(outline="")
    outlines = geography.outlines
    issuer = next(
        (i for i in contest.election.pack.pack.records("institutions") if "gestion" in str(i.get("kind", ""))), {}
    )
    more: dict[str, Any] = {}
    for one in rooms.every():
        if one.publishes.beside:
            more |= rooms.load(one.publishes.beside)(contest)
    return Extras(
        at=timezone.localtime(at),
        next_at=timezone.localtime(at + timedelta(seconds=settings.SITE_EVERY * 3)) if settings.SITE_FOLDER else None,
        base=f"{settings.SITE_ADDRESS.rstrip('/')}/{contest.code}/" if settings.SITE_ADDRESS else "",
        issuer=str(issuer.get("name_fr", "")),
        issuer_short=str(issuer.get("id", "")).split("-")[-1],
        outlines=outlines,
        shapes=dict(units.values_list("code", "outline")),
        provenance=str((outlines or {}).get("provenance", "")),
        calendar=calendar_of(contest, at),
        recourses={lang: recourses_said(found, lang) for lang in LANGUAGES}
        if (found := recourses(contest, None, at))
        else {},
        compared=more.get("compared", {}),
        delays=more.get("delays", []),
        waiting=more.get("waiting", []),
        reasons=more.get("reasons", {}),
        told=more.get("told"),
        rooms=[
            one for room in rooms.every() if room.publishes.pages if (one := rooms.load(room.publishes.pages)(contest))
        ],
    )


def calendar_of(contest: Contest, at: datetime) -> list[CalendarLine]:
    """The published legal calendars of the election, in order of date."""
    rows = []
    for calendar in deadlines.calendars(None).filter(election=contest.election):
        book, tz = deadlines.book(calendar), deadlines.zone_name(deadlines.pack_of(calendar))
        legal = deadlines.legal(calendar)
        for row in deadline_pages.rows(legal, book, at, tz):
            if row.when is None or row.line.party:
                continue
            norm = row.line.norm
            text = row.law.fr if isinstance(row.law, Named) else str(row.law)
            law = f"{text}, {norm.article}" if norm.article else text
            title = {"fr": norm.what.fr, "en": norm.what.en}
            rows.append((row.last or row.first, CalendarLine(title, row.when.text("fr"), law, row.line.unverified)))
    rows.sort(key=lambda r: (r[0] is None, r[0]))
    coming = [line for day, line in rows if day is None or day >= at.date()]
    return [*coming, *(line for day, line in rows if day is not None and day < at.date())][:MOST_LINES]


def recourses_said(found: list[Recourse], lang: str) -> list[dict[str, Any]]:
    """Each remedy in one language, as the pages of the site say it."""

    def words(law: object, article: str) -> str:
        text = law.text(lang) if isinstance(law, Named) else str(law)
        return ", ".join(x for x in (text, article) if x)

    return [
        {
            "against": translate(one.against, lang),
            "to": one.to.text(lang) if one.to else "",
            "who": ", ".join(translate(w, lang) for w in one.who),
            "form": ", ".join(translate(w, lang) for w in one.form),
            "law": words(one.law, one.article),
            "unverified": one.unverified,
            "limits": [
                {
                    "rule": limit.rule.text(lang),
                    "when": limit.when.text(lang) if limit.when else "",
                    "others": [o.text(lang) for o in limit.others],
                    "law": words(limit.law, limit.article),
                    "unverified": limit.unverified,
                }
                for limit in one.limits
            ],
        }
        for one in found
    ]


def signer(log: PublicLog) -> Callable[[str], str] | None:
    """Signs the list of files with the log's key, where the key is open; None where it is not."""
    if not publiclog.key_path().exists() or not publiclog.passphrase():
        return None
    key = keys.signer(keys.open_key(publiclog.key_path(), publiclog.passphrase()), log.origin)
    return key.line


def public_logs() -> list[tuple[PublicLog, Contest]]:
    """Logs of contests that are public, that have a checkpoint on disk."""
    found = []
    for one in PublicLog.objects.all():
        contest = Contest.objects.filter(code=one.name, published_at__isnull=False).select_related("election__pack", "election__geography").first()  # fmt: skip
        if contest is not None and (publiclog.place(one.name) / "checkpoint").exists():
            found.append((one, contest))
    return found


def memory_of(out: Path) -> Path:
    """Where the builder remembers a folder: with the house's own data, never in what is published."""
    name = hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:16]
    return Path(settings.VAR) / "site-memory" / f"{name}.json"


_running: subprocess.Popen[bytes] | None = None


def refresh() -> None:
    """Every SITE_EVERY seconds: publish into SITE_FOLDER what has grown, in a process of its own, one at a time."""
    global _running
    if not settings.SITE_FOLDER or (_running is not None and _running.poll() is None):
        return
    if not public_logs():
        return
    line = [sys.executable, "-m", "kalata", "publish", str(settings.SITE_FOLDER), "--quiet"]
    _running = subprocess.Popen(
        line, env=os.environ | {"PYTHONHASHSEED": "0"} | processes.dying(), stdout=subprocess.DEVNULL
    )


def image(sha256: str) -> Path | None:
    finders = (room.publishes.image for room in rooms.every() if room.publishes.image)
    return next((found for path in finders if (found := rooms.load(path)(sha256))), None)
