"""What every page of the public site says of the whole, and what comes from beside the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kalata.text import gettext_noop as _
from kalata.text import long_date, translate, whole
from kalata.transparency.rules.notes import ED25519
from kalata.transparency.site.edition import Edition
from kalata.transparency.site.render import LANGUAGES

KEY_PAGES = ("index.html", "verify.html", "missing.html", "areas.html", "differs.html")
"""Pages that exist in every language; the others in French and English."""


@dataclass(frozen=True, slots=True)
class CalendarLine:
    title: dict[str, str]
    when: str
    law: str
    unverified: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A room beside the log, as a menu knows it."""

    name: str
    entry: str
    label: str
    digest: str


@dataclass
class Extras:
    """What comes from beside the log. Without any of it the site still stands."""

    at: datetime
    next_at: datetime | None = None
    base: str = ""
    issuer: str = ""
    issuer_short: str = ""
    outlines: dict[str, Any] | None = None
    shapes: dict[str, str] = field(default_factory=dict)
    provenance: str = ""
    calendar: list[CalendarLine] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    waiting: list[tuple[str, int, int | None]] = field(default_factory=list)
    """By cause (`results.rules.coverage.CAUSES`): what was never public, stations and registered."""
    told: dict[tuple[str, str], tuple[int, list[tuple[str, str, dict[str, str], str]]]] | None = None
    """Findings as the house tells them, with the reason they were accepted for: station -> (version, rows)."""
    reasons: dict[int, str] = field(default_factory=dict)
    recourses: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By language, what somebody whose paper differs may do (`site.recourse.said`)."""
    compared: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By language, what the whole is compared with (`results.pages.comparing.said`)."""
    rooms: list[Any] = field(default_factory=list)
    """Pages of other rooms (`site.beside.Beside`), in order of their rooms."""

    def __getstate__(self) -> dict[str, Any]:
        """For the processes that help to draw: of each other room what a menu says, never its records or its code."""
        rooms = [Named(one.name, one.entry, one.label, one.digest) for one in self.rooms]
        return {**vars(self), "rooms": rooms}


@dataclass
class Site:
    """What every page says of the whole."""

    title: dict[str, str]
    election: dict[str, str]
    exercise: bool
    final: bool
    origin: str
    size: int
    root: str
    vkey: str
    witnesses: str
    witness_names: list[str]
    known_witnesses: int
    verifier_sha: str
    script_sha: str
    next_at: str
    provenance: str


def site_of(edition: Edition, extras: Extras, verifier_sha: str, script_sha: str) -> Site:
    names = edition.replay.manifest.get("names", {})
    title = {lang: names.get("en" if lang == "en" else "fr", edition.replay.manifest["contest"]) for lang in LANGUAGES}
    election = {lang: names.get("election_en" if lang == "en" else "election_fr", "") for lang in LANGUAGES}
    known = len(edition.policy.parties(edition.policy.witnesses))
    keys = [k for k in edition.log.vkeys() if k.kind == ED25519]
    return Site(
        title, election, edition.replay.manifest["exercise"], edition.final, edition.point.origin, edition.point.size,
        edition.point.root.hex(), keys[-1].text(), f"{len(edition.cosigners)}/{known}", edition.cosigners, known, verifier_sha,
        script_sha, extras.next_at.isoformat(timespec="minutes") if extras.next_at else "", extras.provenance,
    )  # fmt: skip


def said(at: datetime, lang: str) -> str:
    return f"{long_date(at.date(), lang)}, {at:%H:%M}"


def shown(value: int | None, lang: str) -> str:
    return "–" if value is None else whole(value, lang)


def checks(entry: Any, votes: dict[int, int], lang: str) -> list[tuple[str, str]]:
    """The equalities that hold, with their numbers, for a reader to do again by hand. What does not hold is a finding,
    told in the registry's own sentence."""
    out = []
    total, valid = sum(votes.values()), entry.get("valid")
    if valid is not None and total == valid:
        sum_ = " + ".join(whole(v, lang) for v in votes.values()) if len(votes) <= 12 else whole(total, lang)
        out.append((translate(_("La somme des voix égale les exprimés."), lang), f"{sum_} = {whole(valid, lang)}"))
    found, null, blank, struck = entry.get("found"), entry.get("invalid"), entry.get("blank", 0), entry.get("annulled_votes", 0)  # fmt: skip
    if None not in (valid, found, null) and valid + null + blank + struck == found:
        parts = [valid, null, *(p for p in (blank, struck) if p)]
        out.append((translate(_("Exprimés et nuls égalent les bulletins de l’urne."), lang), f"{' + '.join(whole(p, lang) for p in parts)} = {whole(found, lang)}"))  # fmt: skip
    voters = entry.get("voters")
    if voters is not None and found is not None and voters == found:
        out.append((translate(_("Bulletins et émargements concordent."), lang), f"{whole(found, lang)} = {whole(voters, lang)}"))  # fmt: skip
    return out
