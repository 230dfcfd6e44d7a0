"""The second round: its list is the outcome of a published first round, given by two persons, and stays bound to it.

Where the first round elects by constituency, each constituency that calls a second round opens its own, with those whom it
qualifies, on its own stations: what is decided of one constituency reopens that one alone.

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
from kalata.country.models import Constituency, Contest, Option, Station
from kalata.ledger.services import record
from kalata.people.approving import still
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


class NoSuchConstituency(Refused):
    code = "RES-333"
    says = _(
        "« %(place)s » n’est pas une circonscription de ce premier tour, ou il en faut une : chacune ouvre son second tour."
    )
    remedy = _(
        "Choisissez la circonscription sur la page du premier tour ; un scrutin sans circonscription n’en prend aucune."
    )
    status = 422


def public_outcome(contest: Contest, place: str = "") -> Outcome:
    """The outcome of a first round, or of a constituency of it, as everybody reads it. Raises RES-330, RES-301: it does not
    call a second round, RES-333."""
    if bool(place) != contest.constituencies.exists() or (
        place and not contest.constituencies.filter(code=place).exists()
    ):
        raise NoSuchConstituency(place=place[:60])
    if contest.published_at is None:
        raise FirstNotPublic(contest=contest.name_fr)
    public = copy(contest)
    public.eyes = ()  # type: ignore[attr-defined]
    board = boards.board(public)
    found = board.outcomes.get(place) if place else board.outcome
    if found is None or found.status is not Status.RUNOFF:
        why = found.reason.text("fr") if found and found.reason else "l’issue du premier tour n’est pas un second tour."
        raise NotDecided(why=why)
    return found


def qualified(contest: Contest, place: str = "") -> list[Option]:
    """Those that a published first round qualifies, in ballot order; in this constituency, where it has some."""
    goes = set(public_outcome(contest, place).options)
    return [o for o in contest.options.order_by("rank") if o.code in goes]


def following(contest: Contest, place: str = "") -> Contest | None:
    return Contest.objects.filter(previous=contest, place=place).first()


def code_of(contest: Contest, place: str = "") -> str:
    """The code that a second round takes where nobody gives one."""
    return codes.slug(f"{contest.code}-t2-{place}" if place else f"{contest.code}-t2")[:60].strip("-")


def agrees(second: Contest, wanted: list[Option]) -> bool:
    """The same candidates, by code, name and emblem, in the same order."""
    held = list(second.options.order_by("rank").values_list("code", "name", "emblem"))
    return held == [(o.code, o.name, o.emblem) for o in wanted]


def prove_list(contest: Contest) -> None:
    """Refuse (RES-331) to make public a second round whose list is not what the first round qualifies now."""
    if contest.previous is None:
        return
    wanted = qualified(contest.previous, contest.place)
    if not agrees(contest, wanted):
        held = ", ".join(o.name for o in contest.options.order_by("rank"))
        raise OtherList(now=", ".join(o.name for o in wanted), held=held)


def states_of(contest: Contest) -> list[dict[str, Any]]:
    """For the page of a first round: what can be asked of its second; of each constituency that has one or calls one."""
    homes: list[Constituency | None] = list(contest.constituencies.order_by("name")) or [None]
    found = []
    for home in homes:
        place = home.code if home else ""
        one = state_of(contest, place)
        if one["next"] or one["ask"]:
            names = [o.name for o in qualified(contest, place)] if one["ask"] else []
            found.append({**one, "place": home, "names": names, "code": code_of(contest, place)})
    return found


def state_of(contest: Contest, place: str = "") -> dict[str, Any]:
    """What can be asked of a second round. wrong: its list is no longer the right one."""
    second = following(contest, place)
    try:
        wanted = qualified(contest, place)
    except (NotDecided, FirstNotPublic):
        return {"next": second, "ask": False, "wrong": False, "frozen": False}
    wrong = second is not None and not agrees(second, wanted)
    frozen = second is not None and freezing.freeze_of(second) is not None
    return {"next": second, "ask": second is None or (wrong and not frozen), "wrong": wrong, "frozen": frozen}


def page_mark(contest: Contest) -> str:
    return mark(shown.of_contest(contest), shown.of_meaning(contest))


@transaction.atomic
def ask(
    *,
    contest: Contest,
    code: str,
    polling_day: date | None,
    reason: str,
    by: Person,
    seen: str | None = None,
    place: str = "",
) -> Approval:
    """Ask that the second round be opened, or its list given again, with those whom the published first round qualifies.

    place: the constituency, where the first round elects by constituency. Raises: RES-330 the first round is not public, RES-301 it calls no second round, RES-307 open with this very
    list, RES-332 it has figures.
    """
    require(by, "results.setup", contest=contest.pk)
    as_shown(seen, page_mark(contest), _("les chiffres du premier tour, ou la liste du second"))
    wanted = qualified(contest, place)
    second = may_be_given(contest, wanted, place)
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
            "place": place,
        },
        reason=reason,
        by=by,
    )


def may_be_given(contest: Contest, wanted: list[Option], place: str = "") -> Contest | None:
    """The second round whose list would be given again; None where there is none yet."""
    second = Contest.objects.select_for_update().filter(previous=contest, place=place).first()
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
    place = str(approval.payload.get("place") or "")
    board, second = boards.board(public), following(contest, place)
    outcome = board.outcomes.get(place) if place else board.outcome
    through = set(outcome.options) if outcome and outcome.status is Status.RUNOFF else set()
    votes_of = votes_in(board, place)
    facts: dict[str, Value] = {
        "contest": contest.code,
        "public": contest.published_at is not None,
        "meaning": meaning_digest(contest),
        "outcome": ", ".join(o.code for o in board.options if o.code in through) or None,
        "figures": f"{contest.revision}",
        "to": second.code if second else None,
        **({"place": place} if place else {}),
    }
    items = []
    for option in sorted(board.options, key=lambda o: (o.code not in through, o.rank)):
        votes = votes_of.get(option.code, 0)
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
    names = called(contest, place)
    says = _("Refaire la liste du second tour : %(name)s") if second else _("Ouvrir le second tour : %(name)s")
    return Picture(Message(says, {"name": names}), facts, tuple(items), len(items), then=tuple(then))


def votes_in(board: boards.Board, place: str) -> dict[str, int]:
    """option -> public votes, in the whole or in one constituency."""
    if not place:
        return dict(board.votes)
    group = next((g for g in board.groups if g.path[0] == place), None)
    return dict(zip(board.table.options, group.votes, strict=True)) if group else {}


def called(contest: Contest, place: str) -> Named:
    """The name of a second round: that of the first, and the constituency that votes again."""
    french, english = contest.name_fr, contest.name_en or contest.name_fr
    if not place:
        return Named(french, english)
    where = contest.constituencies.get(code=place).name
    return Named(f"{french}, {where}"[:200], f"{english}, {where}"[:200])


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
    still(approval)
    place = str(said.get("place") or "")
    wanted = qualified(contest, place)
    options = [{"code": o.code, "name": o.name, "emblem": o.emblem} for o in wanted]
    if second := may_be_given(contest, wanted, place):
        country.set_options(contest=second, options=options, by=by, qualified=True)
        return
    name = called(contest, place)
    second = country.create_contest(
        election=contest.election,
        code=said["code"],
        name_fr=name.fr,
        name_en=name.en if contest.name_en or place else "",
        system=contest.system,
        boxes=contest.boxes,
        options=options,
        round_=2,
        previous=contest,
        place=place,
        constituency_level=contest.constituency_level,
        polling_day=date.fromisoformat(said["polling_day"]) if said["polling_day"] else None,
        annulled_keeps=contest.annulled_keeps,
        by=by,
    )
    same_stations(contest, second, place)
    record(
        by=by, kind=kinds.CONTEST_SECOND_ROUND, subject=f"contest:{second.code}", reason=approval.reason,
        after={"first": contest.code, "options": [o.code for o in wanted], "approval": approval.pk, **({"place": place} if place else {})},
    )  # fmt: skip


AGAIN = "rerun-"
"""How the parts begin that hold stations where the Court had a vote held again: in the second round their place votes once."""


def same_stations(contest: Contest, second: Contest, place: str = "") -> None:
    """The stations of the first round, each in its part; of one constituency where it is of one."""
    rows = contest.stations.exclude(part__startswith=AGAIN)
    group = None
    if place:
        home = contest.constituencies.get(code=place)
        rows = rows.filter(constituency=home)
        group = Constituency.objects.create(
            contest=second,
            code=home.code,
            name=home.name,
            seats=home.seats,
            source=home.source,
            confidence=home.confidence,
        )
    Station.objects.bulk_create(
        (
            Station(
                contest=second, unit_id=s.unit_id, code=s.code, name=s.name, centre=s.centre, registered=s.registered,
                part=s.part, constituency=group,
            )
            for s in rows
        ),
        batch_size=2_000,
    )  # fmt: skip
    second.register_revision += 1
    second.save(update_fields=["register_revision"])
