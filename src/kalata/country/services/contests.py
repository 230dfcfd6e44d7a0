"""Elections, contests and what is on their ballots."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from kalata import codes
from kalata.chain import services as chain
from kalata.country import freezing, kinds
from kalata.country.models import Contest, Election, Geography, Option, PackVersion
from kalata.ledger.bonds import Gone
from kalata.ledger.services import Actor, record
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class BadContest(Refused):
    code = "CON-102"
    says = _("Champ « %(field)s » : %(why)s.")
    remedy = _("Corrigez ce champ et recommencez.")
    status = 422


@transaction.atomic
def create_election(
    *,
    code: str,
    name_fr: str,
    name_en: str,
    pack: PackVersion,
    geography: Geography,
    polling_day: date | None,
    exercise: bool = False,
    by: Actor | None = None,
) -> Election:
    """A new consultation, bound for good to one pack version and one geography."""
    if Election.objects.filter(code__iexact=codes.slug(code)).exists():
        raise BadContest(field="code", why="ce code est déjà pris")
    election = Election.objects.create(
        code=code,
        name_fr=name_fr,
        name_en=name_en,
        pack=pack,
        geography=geography,
        polling_day=polling_day,
        exercise=exercise,
    )
    record(
        by=by,
        kind=kinds.ELECTION_CREATED,
        subject=f"election:{code}",
        after={"name": name_fr, "pack": pack.sha256, "geography": geography.code, "polling_day": str(polling_day)},
    )
    return election


@transaction.atomic
def create_contest(
    *,
    election: Election,
    code: str,
    name_fr: str,
    name_en: str = "",
    system: Mapping[str, Any],
    boxes: Sequence[str],
    options: Sequence[Mapping[str, str]] = (),
    round_: int = 1,
    previous: Contest | None = None,
    place: str = "",
    constituency_level: int | None = None,
    polling_day: date | None = None,
    expected_stations: int | None = None,
    annulled_keeps: Sequence[str] = (),
    absent: Sequence[Mapping[str, Any]] = (),
    by: Actor | None = None,
) -> Contest:
    """A contest with its options in ballot order. BadContest (CON-102) names the field."""
    if Contest.objects.filter(code__iexact=codes.slug(code)).exists():
        raise BadContest(field="code", why="ce code est déjà pris")
    contest = Contest.objects.create(
        election=election,
        code=code,
        name_fr=name_fr,
        name_en=name_en,
        round=round_,
        previous=previous,
        place=place,
        system=dict(system),
        boxes=list(boxes),
        constituency_level=constituency_level,
        polling_day=polling_day or election.polling_day,
        expected_stations=expected_stations,
        annulled_keeps=list(annulled_keeps),
        absent=[dict(a) for a in absent],
    )
    set_options(contest=contest, options=options, by=by)
    chain.keep("contest", [contest.pk])
    record(
        by=by,
        rows=[contest],
        kind=kinds.CONTEST_CREATED,
        subject=f"contest:{code}",
        after={"name": name_fr, "system": dict(system), "round": round_},
    )
    return contest


@transaction.atomic
def set_options(
    *, contest: Contest, options: Sequence[Mapping[str, str]], by: Actor | None = None, qualified: bool = False
) -> None:
    """Replace the candidates or lists of a contest that has no figure yet (CON-101 otherwise).

    qualified: they are those of a first round, given by two persons; nobody alone changes the list of a second round.
    """
    contest = Contest.objects.select_for_update().get(pk=contest.pk)
    freezing.free(contest, "options")
    ids = [str(o.get("code") or o["name"]) for o in options]
    for code in ids:
        if ids.count(code) > 1:
            raise BadContest(field="options", why=f"« {code} » figure deux fois")
        if not code.strip():
            raise BadContest(field="options", why="un nom est vide")
    ids = [codes.label(code) for code in ids]
    names = [codes.label(str(o["name"])) for o in options]
    codes.distinct(ids)
    codes.distinct(names, codes.name_key)
    emblems = [str(o.get("emblem", "")).strip() for o in options]
    own_emblems(emblems)
    if contest.previous_id:
        known = set(contest.previous.options.values_list("code", flat=True)) if contest.previous else set()
        for code in ids:
            if code not in known:
                raise BadContest(field="options", why=f"E14 : « {code} » n’était pas au premier tour")
        held = list(contest.options.order_by("rank").values_list("code", flat=True))
        if held and held != ids and not qualified:
            raise BadContest(
                field="options", why="la liste d’un second tour est donnée par le premier, à deux personnes"
            )
    before = [o.name for o in contest.options.all()]
    gone = Gone(Option, tuple(contest.options.values_list("pk", flat=True)))
    contest.options.all().delete()
    Option.objects.bulk_create(
        Option(contest=contest, rank=rank, code=code, name=name, emblem=emblem)
        for rank, (code, name, emblem) in enumerate(zip(ids, names, emblems, strict=True), 1)
    )
    if before or names:
        record(
            by=by, kind=kinds.CONTEST_OPTIONS, subject=f"contest:{contest.code}", before=before, after=names,
            rows=[gone, contest.options.all()],
        )  # fmt: skip


def own_emblems(emblems: Sequence[str]) -> None:
    """Each emblem is of one option. CON-102 names the one that two would carry."""
    seen: set[str] = set()
    for emblem in filter(None, emblems):
        if codes.key(emblem) in seen:
            raise BadContest(field="options", why=f"l’emblème « {emblem} » est celui de deux candidatures")
        seen.add(codes.key(emblem))


@transaction.atomic
def update_contest(*, contest: Contest, by: Actor, **values: Any) -> Contest:
    """Change names, dates or expected stations; what gives figures their meaning only while there is none (CON-101)."""
    contest = Contest.objects.select_for_update().get(pk=contest.pk)
    changed = {k: v for k, v in values.items() if getattr(contest, k) != v}
    freezing.free(contest, *(k for k in changed if k in freezing.MEANING))
    before = {k: getattr(contest, k) for k in changed}
    for key, value in changed.items():
        setattr(contest, key, value)
    if changed:
        contest.revision += 1 if contest.revision else 0
        contest.save()
        chain.keep("contest", [contest.pk])
        record(
            by=by,
            kind=kinds.CONTEST_CHANGED,
            rows=[contest],
            subject=f"contest:{contest.code}",
            before=json.loads(json.dumps(before, default=str)),
            after=json.loads(json.dumps(changed, default=str)),
        )
    return contest
