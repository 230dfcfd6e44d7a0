"""Setting a contest up: drafts kept step by step, the contest made at the end, what may still be corrected of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from kalata.country import freezing
from kalata.country import services as country
from kalata.country.models import Contest, Election, Geography, PackVersion
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown, mark
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.results.models import ContestDraft
from kalata.results.queries.drafts import answers_of, drafts_of, seen_of, written_system
from kalata.results.rules.contest_draft import Answers
from kalata.results.rules.setup_rows import constituency_rows
from kalata.text import gettext_noop as _

MOST = 20
"""Contests that one person sets up at once."""
ANSWERS = _("les réponses du scrutin en préparation")
NAMES = _("le nom, le jour ou les cases du scrutin")


class TooManyDrafts(Refused):
    code = "RES-350"
    says = _("Vous préparez déjà %(n)d {n:scrutin|scrutins}.")
    remedy = _("Terminez-en un, ou abandonnez-en un depuis la page des scrutins.")


class Depends(Refused):
    """Something was made from what the person wants to change: it would say something else than what was read."""

    code = "RES-351"
    says = _("%(field)s ne change plus d’un trait : %(why)s.")
    remedy = _(
        "Défaites d’abord ce qui en dépend, dans sa pièce ; après les premiers chiffres, plus rien ne change ici."
    )
    sentences = frozenset({"field", "why"})
    status = 409


# --- drafts ------------------------------------------------------------------------------------------
@transaction.atomic
def begin(*, answers: Answers, by: Person) -> ContestDraft:
    """Keep the first answers. RES-350: too many at once."""
    require(by, "results.setup")
    if drafts_of(by).count() >= MOST:
        raise TooManyDrafts(n=MOST)
    return ContestDraft.objects.create(by=by, answers=answers.as_json(), step=1)


@transaction.atomic
def keep(*, draft_id: int, step: int, values: Mapping[str, object], by: Person) -> ContestDraft:
    """Keep the answers of one step. ContestDraft.DoesNotExist: another person's, or created since."""
    require(by, "results.setup")
    draft = drafts_of(by).select_for_update().get(pk=draft_id)
    draft.answers = answers_of(draft).with_(values).as_json()
    draft.step = max(draft.step, step)
    draft.save()
    return draft


@transaction.atomic
def drop(*, draft_id: int, by: Person) -> None:
    """Give up a draft: nothing of it was ever counted or shown."""
    require(by, "results.setup")
    drafts_of(by).select_for_update().get(pk=draft_id).delete()


@transaction.atomic
def create(*, draft_id: int, code: str, seen: str, by: Person) -> Contest:
    """Make the contest, and its consultation where it is new, from exactly the answers that were read over.

    Raises: PEO-212 they changed since in another tab; CON-102 a field that cannot be; RES-2.. a system that cannot be.
    """
    require(by, "results.setup")
    draft = drafts_of(by).select_for_update().get(pk=draft_id)
    as_shown(seen, seen_of(draft), ANSWERS)
    answers = answers_of(draft)
    pack = PackVersion.objects.get(pk=answers.pack)
    election = Election.objects.get(pk=answers.existing) if answers.existing else consultation(answers, pack, code, by)
    emblems = answers.emblems if len(answers.emblems) == len(answers.names) else ()
    contest = country.create_contest(
        election=election,
        code=code,
        name_fr=answers.name_fr,
        name_en=answers.name_en,
        system=system_of(answers, pack),
        boxes=list(answers.boxes),
        options=[
            {"name": name, "emblem": emblem} for name, emblem in zip(answers.names, emblems or [""] * len(answers.names), strict=True)
        ],
        constituency_level=answers.level,
        polling_day=answers.day,
        expected_stations=answers.expected,
        by=by,
    )  # fmt: skip
    if answers.seats_from == "typed":
        country.set_constituencies(contest=contest, rows=constituency_rows(answers.constituencies), by=by)
    elif answers.seats_from:
        country.constituencies_from_pack(contest=contest, name=answers.seats_from, by=by)
    draft.delete()
    return contest


def system_of(answers: Answers, pack: PackVersion) -> dict[str, Any]:
    """The system as the contest keeps it: that of the pack, or the one written out."""
    return written_system(answers.own) if answers.own else dict(pack.pack.engine_systems()[answers.system])


def consultation(answers: Answers, pack: PackVersion, code: str, by: Person) -> Election:
    """The new consultation of the answers, with the division they chose, or one to be filled from the file to come."""
    name = answers.election or answers.name_fr
    own = slugify(name)[:50] or code
    geography = Geography.objects.filter(code=answers.geography).first() if answers.geography else None
    return country.create_election(
        code=own,
        name_fr=name,
        name_en="",
        pack=pack,
        geography=geography or country.own_geography(code=f"fichier-{own}", name=name, levels=[], by=by),
        polling_day=answers.day,
        exercise=answers.exercise,
        by=by,
    )


# --- afterwards ----------------------------------------------------------------------------------------
EDITED = {
    "name_fr": _("Le nom"),
    "name_en": _("Le nom en anglais"),
    "polling_day": _("Le jour du scrutin"),
    "boxes": _("Les cases du procès-verbal"),
    "expected_stations": _("Le nombre de bureaux attendus"),
}


def page_mark(contest: Contest) -> str:
    """The mark of the page where name, day and boxes are corrected."""
    now = Contest.objects.get(pk=contest.pk)
    day = now.polling_day.isoformat() if now.polling_day else ""
    return mark(now.name_fr, now.name_en, day, now.boxes, now.expected_stations, now.revision)


@transaction.atomic
def edit(*, contest: Contest, values: Mapping[str, object], seen: str, by: Person) -> Contest:
    """Correct name, day, boxes, expected stations while nothing depends on them.

    Raises: PEO-212 an old page; CON-101 there are figures; RES-351 something was made from what would change.
    """
    require(by, "results.setup", contest=contest.pk)
    contest = Contest.objects.select_for_update().get(pk=contest.pk)
    as_shown(seen, page_mark(contest), NAMES)
    changed = {k: v for k, v in values.items() if k in EDITED and getattr(contest, k) != v}
    held = freezing.held_by(contest)
    for field in changed:
        if why := held.get(field):
            raise Depends(field=EDITED[field], why=why[0])
    return country.update_contest(contest=contest, by=by, **changed)
