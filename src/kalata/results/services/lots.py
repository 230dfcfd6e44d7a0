"""Drawing lots: announced, drawn by two persons, undone only by a new act. What follows is recomputed from them.

The rule and how anyone redoes the draw: `rules/lots.py`. A draw writes no figure and no outcome: `board` reads it
when it decides, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kalata.country.models import Contest
from kalata.ledger.services import record
from kalata.people.approving import still
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Item, Line, Picture, Piece
from kalata.people.rules.shown import as_shown, mark
from kalata.people.services import approvable, ask_approval, require
from kalata.results import kinds
from kalata.results.models import Lot, LotAnnouncement, LotUndone
from kalata.results.queries import board as boards
from kalata.results.queries import lots_told
from kalata.results.queries.effects import as_public
from kalata.results.rules import lots
from kalata.results.rules.bounds import Secured
from kalata.results.rules.outcome import STATUS_LABELS, Outcome, Status
from kalata.results.rules.systems import LOT, System, tie_label
from kalata.results.services import announcing
from kalata.results.services.contests import changed
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.transparency import publiclog

RIGHT = "results.commission"


# --- what is to be drawn ----------------------------------------------------------------------------------
def shown(contest: Contest) -> boards.Board:
    """The board that everybody reads. Lots part a tie that everybody can see."""
    if contest.published_at is None:
        raise lots.NoLots(why=Message(_("les chiffres ne sont pas encore publiés")))
    return boards.board(as_public(contest))


def outcome_at(board: boards.Board, place: str) -> tuple[System, Outcome | None]:
    return board.system, board.outcomes.get(place) if place else board.outcome


def tie_at(contest: Contest, place: str) -> tuple[list[str], dict[str, int], int]:
    """(the tied in ballot order, their votes, seats in play) of a tie that lots may part now.

    Raises: RES-320 the figures are not public, there is no tie, it can still be parted by what is missing,
    or the law gives another rule.
    """
    board = shown(contest)
    system, found = outcome_at(board, place)
    if found is None or Status.TIE not in (found.status, found.on_counted) or not found.level:
        raise lots.NoLots(why=Message(_("il n’y a pas d’égalité")))
    if found.status is not Status.TIE or found.secured is not Secured.YES:
        raise lots.NoLots(why=Message(_("ce qui manque peut encore rompre l’égalité")))
    if system.tie_rule != LOT:
        rule = Message(tie_label(system.tie_rule)) if system.tie_rule else Message(_("aucune règle trouvée"))
        raise lots.NoLots(why=Message(_("la loi du scrutin donne une autre règle : %(rule)s"), {"rule": rule}))
    if place:
        group = next(g for g in board.groups if g.path[0] == place)
        votes = dict(zip(board.table.options, group.votes, strict=True))
    else:
        votes = board.votes
    tied = [o for o in board.table.options if o in found.tied]
    return tied, {o: votes[o] for o in tied}, found.places


def standing(contest: Contest, place: str, votes: dict[str, int], seats: int) -> LotAnnouncement | None:
    """What was announced for this very tie and is not undone."""
    found = LotAnnouncement.objects.filter(contest=contest, place=place, seats=seats, undone=None)
    return next((made for made in found if made.votes == votes), None)


def ties(contest: Contest) -> list[tuple[str, list[str], int]]:
    """(constituency, the tied, seats in play) of every tie for which no draw is announced yet."""
    if contest.published_at is None:
        return []
    board = shown(contest)
    places = [k for k, o in {"": board.outcome, **board.outcomes}.items() if o and o.status is Status.TIE]
    out = []
    for place in places:
        try:
            tied, votes, seats = tie_at(contest, place)
        except lots.NoLots:
            continue
        if standing(contest, place, votes, seats) is None:
            out.append((place, tied, seats))
    return out


# --- announced, drawn, undone -------------------------------------------------------------------------------
@transaction.atomic
def announce(*, contest: Contest, place: str, promise: str, source: str, by: Person) -> LotAnnouncement:
    """Announce the hash of a secret for one tie, and where the number that nobody knows yet will come from.

    Raises: RES-320 no lots to draw, RES-321 no SHA-256, RES-323 no source, RES-324 announced already.
    """
    require(by, RIGHT, contest=contest.pk)
    Contest.objects.select_for_update().get(pk=contest.pk)
    promised = lots.checked_promise(promise)
    if not source.strip():
        raise lots.Unclear(why=Message(_("il faut dire d’où viendra le nombre public")))
    tied, votes, seats = tie_at(contest, place)
    if before := standing(contest, place, votes, seats):
        raise lots.Announced(number=before.number)
    numbers = dict(contest.options.values_list("code", "rank"))
    number = (LotAnnouncement.objects.filter(contest=contest).aggregate(n=Max("number"))["n"] or 0) + 1
    made = LotAnnouncement.objects.create(
        contest=contest, number=number, place=place, options=tied, lists=[numbers[o] for o in tied], votes=votes,
        seats=seats, promise=promised, source=lots.one_line(source), by=by, at=timezone.now(),
    )  # fmt: skip
    after = {"number": number, "place": place, "options": tied, "votes": votes, "seats": seats, "promise": promised}
    record(by=by, kind=kinds.LOTS_ANNOUNCED, subject=f"contest:{contest.code}", after={**after, "source": made.source})
    tell(made, "lot")
    return made


@transaction.atomic
def ask_draw(
    *, announcement_id: int, secret: str, number: str, document: str, by: Person, seen: str | None = None
) -> Approval:
    """Open the secret with the number thrown in public; another person, who saw it thrown, approves.

    Raises: RES-320 the tie is no more, RES-322 another secret, RES-323 a text is lacking, RES-324 drawn already.
    """
    made = LotAnnouncement.objects.select_related("contest").get(pk=announcement_id)
    contest = made.contest
    require(by, RIGHT, contest=contest.pk)
    as_shown(seen, page_mark(made), THIS_DRAW)
    secret, number = lots.plain(secret), lots.plain(number)
    lots.opened(secret, number, made.promise)
    if not document.strip():
        raise lots.Unclear(why=Message(_("il faut le procès-verbal du tirage")))
    drawable(made)
    return ask_approval(
        kind="results.lots",
        subject=f"contest:{contest.code}",
        summary=f"Tirage au sort n° {made.number} : {contest.name_fr}",
        payload={
            "announcement": made.pk, "secret": secret, "number": number[:100], "document": lots.one_line(document),
        },
        reason=document.strip(),
        by=by,
        contest=contest.pk,
    )  # fmt: skip


THIS_DRAW = _("l’état de ce tirage")


def page_mark(made: LotAnnouncement) -> str:
    """The mark of an announcement as the desk shows it: open, drawn or undone."""
    drawn = list(Lot.objects.filter(announcement=made).values_list("order", "public_number"))
    return mark(made.pk, drawn, LotUndone.objects.filter(announcement=made).exists())


def drawable(made: LotAnnouncement) -> None:
    """The announcement is still of the tie that stands, was not undone and was not drawn."""
    if LotUndone.objects.filter(announcement=made).exists():
        raise lots.NoLots(why=Message(_("cette annonce est annulée")))
    if Lot.objects.filter(announcement=made).exists():
        raise lots.Announced(number=made.number)
    tied, votes, seats = tie_at(made.contest, made.place)
    if tied != made.options or votes != made.votes or seats != made.seats:
        raise lots.NoLots(why=Message(_("l’égalité n’est plus celle de l’annonce")))


def of_draw(approval: Approval, page: int = 1) -> Picture:
    """What the draw says: the promise, the secret, the number, the order; and how to redo it."""
    said = approval.payload
    made = LotAnnouncement.objects.select_related("contest").get(pk=said["announcement"])
    order = drawn_order(made, said["secret"], said["number"])
    names = names_of(made.contest)
    refused = asked_before(made, approval)
    facts: dict[str, Any] = {
        "announcement": made.number, "place": made.place, "promise": made.promise, "secret": said["secret"],
        "number": said["number"], "seats": made.seats, "document": said["document"],
        **{f"rank {i}": o for i, o in enumerate(order, 1)}, **{f"votes {o}": n for o, n in made.votes.items()},
        "drawn": Lot.objects.filter(announcement=made).exists(),
        "undone": LotUndone.objects.filter(announcement=made).exists(),
        "asked before": ", ".join(refused),
    }  # fmt: skip
    lines = (
        Line(Message(_("Empreinte annoncée")), None, made.promise),
        Line(Message(_("Secret ouvert")), None, said["secret"]),
        Line(Message(_("Nombre public (%(source)s)"), {"source": made.source}), None, said["number"]),
        *(Line(Message(_("Rang %(n)d"), {"n": i}), None, names.get(o, o)) for i, o in enumerate(order, 1)),
    )
    before = Message(
        _("Le secret a déjà été ouvert avec un autre nombre, par une demande refusée ou retirée : %(numbers)s."),
        {"numbers": ", ".join(refused)},
    )
    return Picture(
        Message(
            _("Tirage au sort entre %(who)s pour %(seats)d {seats:place ou siège|places ou sièges}."),
            {"who": ", ".join(names.get(o, o) for o in made.options), "seats": made.seats},
        ),
        facts,
        (Item(Message(_("Tirage n° %(n)d"), {"n": made.number}), made.place, lines),),
        1,
        pieces=(Piece(Message(_("Procès-verbal du tirage")), said["document"]),),
        then=(
            *((before,) if refused else ()),
            Message(
                _("Vous attestez que ce nombre est celui qui a été tiré en public, après l’annonce de l’empreinte.")
            ),
            Message(_("L’issue, les sièges, les pages et les exports sont recalculés avec cet ordre.")),
            Message(_("Seul un nouvel acte, à deux personnes, peut annuler ce tirage.")),
        ),
    )


@approvable("results.lots", RIGHT, of_draw, title=_("Tirage au sort"), public=True)
def draw(approval: Approval, by: Person) -> None:
    """Keep the draw; every page, export and declaration computes its outcome from it from now on."""
    said = approval.payload
    made = LotAnnouncement.objects.select_related("contest").get(pk=said["announcement"])
    Contest.objects.select_for_update().get(pk=made.contest_id)
    still(approval)
    lots.opened(said["secret"], said["number"], made.promise)
    drawable(made)
    order = drawn_order(made, said["secret"], said["number"])
    Lot.objects.create(
        announcement=made, secret=said["secret"], public_number=said["number"], order=order, document=said["document"],
        asked_by=approval.asked_by, approved_by=by, at=timezone.now(),
    )  # fmt: skip
    after = {
        "number": made.number,
        "place": made.place,
        "secret": said["secret"],
        "public": said["number"],
        "order": order,
    }
    tell(made, "draw")
    record(by=by, kind=kinds.LOTS_DRAWN, subject=f"contest:{made.contest.code}", after=after, reason=said["document"])
    changed(made.contest)


@transaction.atomic
def ask_undo(*, announcement_id: int, reason: str, document: str, by: Person, seen: str | None = None) -> Approval:
    """Ask that a draw no longer counts, or that a promise whose secret is lost be given up."""
    made = LotAnnouncement.objects.select_related("contest").get(pk=announcement_id)
    contest = made.contest
    require(by, RIGHT, contest=contest.pk)
    as_shown(seen, page_mark(made), THIS_DRAW)
    if not document.strip():
        raise lots.Unclear(why=Message(_("il faut l’acte qui annule le tirage")))
    if LotUndone.objects.filter(announcement=made).exists():
        raise lots.NoLots(why=Message(_("ce tirage est déjà annulé")))
    return ask_approval(
        kind="results.lots_undone",
        subject=f"contest:{contest.code}",
        summary=f"Annuler le tirage au sort n° {made.number} : {contest.name_fr}",
        payload={"announcement": made.pk, "document": lots.one_line(document)},
        reason=reason,
        by=by,
        contest=contest.pk,
    )


def of_undo(approval: Approval, page: int = 1) -> Picture:
    made = LotAnnouncement.objects.select_related("contest").get(pk=approval.payload["announcement"])
    lot = Lot.objects.filter(announcement=made).first()
    order = lot.order if lot else []
    _system, found = outcome_at(boards.board(as_public(made.contest)), made.place)
    names = names_of(made.contest)
    facts: dict[str, Any] = {
        "lot": made.number, "document": approval.payload["document"], "order": ", ".join(order),
        "undone": LotUndone.objects.filter(announcement=made).exists(),
    }  # fmt: skip
    lines = tuple(Line(Message(_("Rang %(n)d"), {"n": i}), names.get(o, o), None) for i, o in enumerate(order, 1))
    now = Message(STATUS_LABELS[found.status]) if found else Message("–")
    following = Contest.objects.filter(previous=made.contest, place=made.place).first() if lot else None
    second = Message(
        _("Le second tour %(code)s, déjà ouvert entre ceux que ce tirage a qualifiés, ne change pas de lui-même."),
        {"code": following.code if following else ""},
    )
    return Picture(
        Message(
            _("Annuler le tirage au sort n° %(n)d.")
            if lot
            else _("Renoncer au tirage au sort n° %(n)d, annoncé et dont le secret n’est pas ouvert."),
            {"n": made.number},
        ),
        facts,
        (Item(Message(_("Tirage n° %(n)d"), {"n": made.number}), made.place, lines),),
        1,
        pieces=(Piece(Message(_("Acte qui annule")), approval.payload["document"]),),
        then=(
            Message(_("L’égalité redevient une égalité : l’issue est recalculée sans cet ordre (aujourd’hui : %(now)s)."), {"now": now}),
            Message(_("Le tirage annulé reste lisible.")),
            *((second,) if following else ()),
        ),
    )  # fmt: skip


@approvable("results.lots_undone", RIGHT, of_undo, title=_("Annulation d’un tirage au sort"), public=True)
def undo(approval: Approval, by: Person) -> None:
    made = LotAnnouncement.objects.select_related("contest").get(pk=approval.payload["announcement"])
    Contest.objects.select_for_update().get(pk=made.contest_id)
    still(approval)
    document = approval.payload["document"]
    LotUndone.objects.create(
        announcement=made, reason=approval.reason[:400], document=document, asked_by=approval.asked_by, approved_by=by,
        at=timezone.now(),
    )  # fmt: skip
    tell(made, "undraw")
    after = {"number": made.number, "document": document}
    record(by=by, kind=kinds.LOTS_UNDONE, subject=f"contest:{made.contest.code}", after=after, reason=approval.reason)
    changed(made.contest)


def tell(made: LotAnnouncement, kind: str) -> None:
    """Ask that the public log say it: the promise, its secret opened, or the act that sets both aside."""
    contest = Contest.objects.select_related("election__pack").get(pk=made.contest_id)
    publiclog.announce(announcing.opened(contest), kind, [lots_told.body_of(made, kind)])


# --- reads --------------------------------------------------------------------------------------------------
def names_of(contest: Contest) -> dict[str, str]:
    return dict(contest.options.values_list("code", "name"))


def history(contest: Contest) -> Sequence[LotAnnouncement]:
    """Every announcement, latest first, with what became of it."""
    return list(LotAnnouncement.objects.filter(contest=contest).select_related("lot", "undone"))


def drawn_order(made: LotAnnouncement, secret: str, number: str) -> list[str]:
    """The tied in the order that this secret and this number give."""
    option = dict(zip(made.lists, made.options, strict=True))
    return [option[n] for n in lots.order(secret, number, made.lists)]


def fingerprint(lot: Lot, option: str) -> str:
    """The hash that gives an option its place in a draw."""
    made = lot.announcement
    number = dict(zip(made.options, made.lists, strict=True))[option]
    return lots.rank_hash(lot.secret, lot.public_number, number)


def asked_before(made: LotAnnouncement, approval: Approval) -> list[str]:
    """Public numbers with which this secret was opened in requests that came to nothing."""
    past = Approval.objects.filter(kind="results.lots", payload__announcement=made.pk).exclude(pk=approval.pk)
    past = past.filter(pk__lt=approval.pk) if approval.pk else past
    numbers = [a.payload["number"] for a in past.order_by("pk") if a.payload["number"] != approval.payload["number"]]
    return list(dict.fromkeys(numbers))
