"""The second round: its list is the outcome of a published first round, given by two persons, and stays bound to it.

The list is written once, when the request is approved. A first round corrected afterwards may qualify others: then
the second round cannot be published, and the list is asked again while the second round has no figure.
"""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any

from django.db import transaction

from kalata import codes
from kalata.country import freezing
from kalata.country import services as country
from kalata.country.models import Contest, Option, Station
from kalata.ledger.services import record
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Item, Line, Picture, Text, Value
from kalata.people.rules.shown import as_shown, mark
from kalata.people.services import approvable, ask_about_contest, require
from kalata.refusals import Refused
from kalata.results import kinds, shown
from kalata.results.queries import board as boards
from kalata.results.queries.differences import meaning_digest
from kalata.results.rules.outcome import Outcome, Status
from kalata.text import Message, Named
from kalata.text import gettext_noop as _


class NotDecided(Refused):
    code = "RES-301"
    says = _("Le second tour ne peut pas être ouvert : %(why)s")
    remedy = _("Attendez les bureaux manquants, ou la décision de la Cour.")


class AlreadyOpen(Refused):
    code = "RES-307"
    says = _("Le second tour de ce scrutin est déjà ouvert : %(code)s.")
    remedy = _("Rien à faire ; ses candidatures sont celles que le premier tour qualifie.")


class FirstNotPublic(Refused):
    code = "RES-330"
    says = _("Le premier tour « %(contest)s » n’est pas publié : il ne donne pas encore les candidatures du second.")
    remedy = _("Publiez le premier tour, à deux personnes, puis recommencez.")


class OtherList(Refused):
    code = "RES-331"
    says = _("Le premier tour qualifie « %(now)s » ; ce second tour porte « %(held)s ».")
    remedy = _(
        "Rien n’est publié. Depuis la page du premier tour, demandez de nouveau la liste du second, à deux personnes."
    )


class RoundHasFigures(Refused):
    code = "RES-332"
    says = _("Le second tour « %(code)s » a déjà des chiffres : sa liste ne change plus.")
    remedy = _(
        "Il ne sera pas publié : saisissez la juridiction. Le vote à refaire s’ouvre comme une nouvelle consultation, depuis « Nouveau scrutin », avec les candidatures que le premier tour qualifie ; ce second tour reste lisible de la maison, jamais public."
    )


def public_outcome(contest: Contest) -> Outcome:
    """The outcome of a first round as everybody reads it. Raises RES-330, RES-301: it does not call a second round."""
    if contest.published_at is None:
        raise FirstNotPublic(contest=contest.name_fr)
    public = copy(contest)
    public.eyes = ()  # type: ignore[attr-defined]
    found = boards.board(public).outcome
    if found is None or found.status is not Status.RUNOFF:
        why = found.reason.text("fr") if found and found.reason else "l’issue du premier tour n’est pas un second tour."
        raise NotDecided(why=why)
    return found


def qualified(contest: Contest) -> list[Option]:
    """Those that a published first round qualifies, in ballot order."""
    goes = set(public_outcome(contest).options)
    return [o for o in contest.options.order_by("rank") if o.code in goes]


def following(contest: Contest) -> Contest | None:
    return Contest.objects.filter(previous=contest).first()


def agrees(second: Contest, wanted: list[Option]) -> bool:
    """The same candidates, by code, name and emblem, in the same order."""
    held = list(second.options.order_by("rank").values_list("code", "name", "emblem"))
    return held == [(o.code, o.name, o.emblem) for o in wanted]


def prove_list(contest: Contest) -> None:
    """Refuse (RES-331) to make public a second round whose list is not what the first round qualifies now."""
    if contest.previous is None:
        return
    wanted = qualified(contest.previous)
    if not agrees(contest, wanted):
        held = ", ".join(o.name for o in contest.options.order_by("rank"))
        raise OtherList(now=", ".join(o.name for o in wanted), held=held)


def state_of(contest: Contest) -> dict[str, Any]:
    """For the page of a first round: what can be asked of its second. wrong: its list is no longer the right one."""
    second = following(contest)
    try:
        wanted = qualified(contest)
    except (NotDecided, FirstNotPublic):
        return {"next": second, "ask": False, "wrong": False, "frozen": False}
    wrong = second is not None and not agrees(second, wanted)
    frozen = second is not None and freezing.freeze_of(second) is not None
    return {"next": second, "ask": second is None or (wrong and not frozen), "wrong": wrong, "frozen": frozen}


def page_mark(contest: Contest) -> str:
    return mark(shown.of_contest(contest), shown.of_meaning(contest))


@transaction.atomic
def ask(
    *, contest: Contest, code: str, polling_day: date | None, reason: str, by: Person, seen: str | None = None
) -> Approval:
    """Ask that the second round be opened, or its list given again, with those whom the published first round qualifies.

    Raises: RES-330 the first round is not public, RES-301 it calls no second round, RES-307 open with this very
    list, RES-332 it has figures.
    """
    require(by, "results.setup", contest=contest.pk)
    as_shown(seen, page_mark(contest), _("les chiffres du premier tour, ou la liste du second"))
    wanted = qualified(contest)
    second = may_be_given(contest, wanted)
    if second is None and Contest.objects.filter(code__iexact=codes.slug(code)).exists():
        raise country.BadContest(field="code", why="ce code est déjà pris")
    return ask_about_contest(
        contest,
        kind="results.second_round",
        summary=f"{'Refaire la liste du' if second else 'Ouvrir le'} second tour",
        payload={
            "code": second.code if second else code,
            "polling_day": polling_day.isoformat() if polling_day else "",
            "options": [o.code for o in wanted],
        },
        reason=reason,
        by=by,
    )


def may_be_given(contest: Contest, wanted: list[Option]) -> Contest | None:
    """The second round whose list would be given again; None where there is none yet."""
    second = Contest.objects.select_for_update().filter(previous=contest).first()
    if second is None:
        return None
    if agrees(second, wanted):
        raise AlreadyOpen(code=second.code)
    if second.published_at is not None or freezing.freeze_of(second) is not None:
        raise RoundHasFigures(code=second.code)
    return second


def of_second_round(approval: Approval, page: int = 1) -> Picture:
    """Who goes to the second round, with the public votes of the first that decide it."""
    contest = Contest.objects.select_related("election__pack", "election__geography").get(
        pk=approval.payload["contest"]
    )
    public = copy(contest)
    public.eyes = ()  # type: ignore[attr-defined]
    board, second = boards.board(public), following(contest)
    through = set(board.outcome.options) if board.outcome and board.outcome.status is Status.RUNOFF else set()
    facts: dict[str, Value] = {
        "contest": contest.code,
        "public": contest.published_at is not None,
        "meaning": meaning_digest(contest),
        "outcome": ", ".join(o.code for o in board.options if o.code in through) or None,
        "figures": f"{contest.revision}",
        "to": second.code if second else None,
    }
    items = []
    for option in sorted(board.options, key=lambda o: (o.code not in through, o.rank)):
        votes = board.votes[option.code]
        facts[f"difference:{option.code}"] = votes
        goes = option.code in through
        note = _("Va au second tour.") if goes else _("Ne va pas au second tour.")
        items.append(
            Item(option.name, str(option.rank), (Line(_("Voix publiques du premier tour"), votes, votes),), note=note)
        )
    given = tuple(second.options.order_by("rank").values_list("name", flat=True)) if second else ()
    then: list[Text] = [
        _("Le second tour porte ces candidatures, et elles seules, sur les bureaux du premier."),
        _("Il ne pourra être publié que tant que le premier tour publié les qualifie."),
    ]
    if given:
        then.insert(0, Message(_("La liste donnée avant, « %(held)s », est remplacée."), {"held": ", ".join(given)}))
    names = Named(contest.name_fr, contest.name_en or contest.name_fr)
    says = _("Refaire la liste du second tour : %(name)s") if second else _("Ouvrir le second tour : %(name)s")
    return Picture(Message(says, {"name": names}), facts, tuple(items), len(items), then=tuple(then))


@approvable(
    "results.second_round",
    "results.publish",
    of_second_round,
    title=_("Ouverture du second tour"),
    public=True,
    asks="results.setup",
)
def open_round(approval: Approval, by: Person) -> None:
    """Create the second round on the same stations, or give it its list again."""
    said = approval.payload
    contest = Contest.objects.select_for_update(of=("self",)).select_related("election").get(pk=said["contest"])
    wanted = qualified(contest)
    options = [{"code": o.code, "name": o.name, "emblem": o.emblem} for o in wanted]
    if second := may_be_given(contest, wanted):
        country.set_options(contest=second, options=options, by=by, qualified=True)
        return
    second = country.create_contest(
        election=contest.election,
        code=said["code"],
        name_fr=contest.name_fr,
        name_en=contest.name_en,
        system=contest.system,
        boxes=contest.boxes,
        options=options,
        round_=2,
        previous=contest,
        constituency_level=contest.constituency_level,
        polling_day=date.fromisoformat(said["polling_day"]) if said["polling_day"] else None,
        annulled_keeps=contest.annulled_keeps,
        by=by,
    )
    same_stations(contest, second)
    record(
        by=by, kind=kinds.CONTEST_SECOND_ROUND, subject=f"contest:{second.code}", reason=approval.reason,
        after={"first": contest.code, "options": [o.code for o in wanted], "approval": approval.pk},
    )  # fmt: skip


def same_stations(contest: Contest, second: Contest) -> None:
    Station.objects.bulk_create(
        (
            Station(
                contest=second, unit_id=s.unit_id, code=s.code, name=s.name, centre=s.centre, registered=s.registered,
                part=s.part,
            )
            for s in contest.stations.all()
        ),
        batch_size=2_000,
    )  # fmt: skip
    second.register_revision += 1
    second.save(update_fields=["register_revision"])
