"""The head of a paper as the pack of an election gives it: state, motto, institution, and whether it is an exercise."""

from __future__ import annotations

from kalata.country.models import Contest, Election, PackVersion
from kalata.documents.rendering import EXERCISE, Head
from kalata.text import gettext_noop as _
from kalata.text import translate


def of_pack(pack: PackVersion, lang: str, *, title: str, institution: str = "", desk: str = "", number: str = "",
            about: str = "", exercise: bool = False) -> Head:  # fmt: skip
    """institution: the id of its record in the pack; "" or unknown: no body is named."""
    key = "en" if lang == "en" else "fr"
    facts = pack.pack
    body = next((r for r in facts.records("institutions") if r.get("id") == institution), {})
    return Head(
        title=title,
        country=str(facts.head.get(f"state_{key}") or facts.head[f"name_{key}"]),
        motto=str(facts.head.get("motto") or ""),
        body=str(body.get(f"name_{key}") or ""),
        desk=desk, number=number, about=about,
        exercise=translate(EXERCISE, lang) if exercise else "",
    )  # fmt: skip


def of_election(election: Election, lang: str, *, title: str, institution: str = "", desk: str = "", number: str = "",
                about: str = "") -> Head:  # fmt: skip
    """about: the election's own name where nothing is given."""
    name = election.name_en if lang == "en" and election.name_en else election.name_fr
    return of_pack(
        election.pack, lang, title=title, institution=institution, desk=desk, number=number, about=about or name,
        exercise=election.exercise,
    )  # fmt: skip


def of_contest(contest: Contest, lang: str, *, title: str, institution: str = "", desk: str = "", number: str = "",
               about: str = "") -> Head:  # fmt: skip
    """about: the contest's own name and round where nothing is given."""
    name = contest.name_en if lang == "en" and contest.name_en else contest.name_fr
    said = about or f"{name}, {translate(_('tour'), lang)} {contest.round}"
    return of_election(
        contest.election, lang, title=title, institution=institution, desk=desk, number=number, about=said
    )  # fmt: skip
