"""The proclamation of final results: asked by one of the Court, pronounced by another; paper, log and page at one instant.

It waits for the Court's own count, finished, and for each difference with the records to be explained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import transaction

from kalata.country.models import Contest
from kalata.disputes.papers import decisions
from kalata.disputes.papers.court import head
from kalata.disputes.queries import count as counts
from kalata.disputes.queries.elections import identified
from kalata.disputes.rules import rulings as rules
from kalata.disputes.services import count
from kalata.disputes.signing import court, papers
from kalata.documents import services as documents
from kalata.documents.queries import content_of
from kalata.documents.rendering import Paper
from kalata.evidence import services as evidence
from kalata.evidence.rules.access import Access
from kalata.people.approving import still
from kalata.people.models import Approval, Person
from kalata.people.rules.picture import Item, Line, Picture, Value
from kalata.people.rules.shown import as_shown
from kalata.people.services import approvable, ask_about_contest, require
from kalata.results import shown
from kalata.results.queries import board as boards
from kalata.results.queries.effects import as_public, outcome_hash
from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.outcome import STATUS_LABELS, Outcome
from kalata.results.services import authority
from kalata.results.services import rulings as results
from kalata.text import Message, Named, decimal_string, translate
from kalata.text import gettext_noop as _
from kalata.transparency.rules.canonical import jcs

RIGHT = "results.proclaim"


@transaction.atomic
def ask(*, contest: Contest, number: str, by: Person, seen: str | None = None) -> Approval:
    """Ask that the final results be proclaimed. DIS-346 to DIS-348: the Court's count; DIS-304: no keys to sign with."""
    require(by, RIGHT, contest=contest.pk)
    as_shown(seen, shown.of_contest(contest), _("les chiffres du scrutin, ou leur publication"))
    count.complete(contest)
    if not number.strip():
        raise results.NoDecision
    if not court.ready():
        raise rules.NoKeys
    return ask_about_contest(
        contest, kind="disputes.proclamation", summary="Proclamer les résultats définitifs",
        payload={"number": number.strip()[:60]}, reason=number.strip(), by=by,
    )  # fmt: skip


def of_proclamation(approval: Approval, page: int = 1) -> Picture:
    """The public figures that become final, who is elected by them, and what the Court's own count found."""
    contest = Contest.objects.select_related("election__pack", "election__geography").get(
        pk=approval.payload["contest"]
    )
    board = boards.board(as_public(contest))
    found = counts.count_of(contest)
    apart = counts.apart(found) if found else []
    outcomes = outcomes_of(board)
    facts: dict[str, Value] = {
        "contest": contest.code, "figures": authority.public_digest(contest), "outcome": outcome_hash(board),
        "sheets": found.sheets.count() if found else 0, "number": approval.payload["number"],
        **{f"explained {a.station}": a.on for a in apart},
    }  # fmt: skip
    lines = tuple(Line(o.name, None, board.votes[o.code]) for o in board.options)
    said = tuple(Line(place or _("Issue"), None, STATUS_LABELS[o.status]) for place, o in outcomes.items() if o)
    items = (Item(Named(contest.name_fr, contest.name_en or contest.name_fr), contest.code, (*lines, *said[:20])),)
    return Picture(
        Message(_("Proclamer les résultats définitifs : %(number)s"), {"number": approval.payload["number"]}),
        facts,
        items,
        1,
        then=(
            Message(
                _("Recensement de la Cour : %(n)d {n:bureau lu|bureaux lus}, %(d)d {d:différence|différences}, aucune sans explication."),
                {"n": int(facts["sheets"] or 0), "d": len(apart)},
            ),
            _("Le papier signé, l’inscription au journal public et la page de tous paraissent au même instant."),
            _("Plus aucune version d’un résultat n’est écrite ensuite."),
        ),
    )


@approvable(
    "disputes.proclamation", RIGHT, of_proclamation, title=_("Proclamation des résultats définitifs"), public=True
)
def proclaim(approval: Approval, by: Person) -> None:
    """Sign the paper, enter the log, close the results: all of it or nothing."""
    Contest.objects.select_for_update().get(pk=approval.payload["contest"])
    still(approval)
    contest = Contest.objects.select_related("election__pack", "election__geography").get(
        pk=approval.payload["contest"]
    )
    count.complete(contest)
    if not court.ready():
        raise rules.NoKeys
    said = record_of(contest, approval.payload["number"])
    keys, at = court.the_court(), court.now()
    issued = documents.issue(
        paper(contest, said, at, (approval.asked_by, by)), subject=f"contest:{contest.code}", by=by, at=at
    )
    plain = content_of(issued.sha256)
    pdf = papers.sign(plain, keys, at=at, reason=said["number"], attached={"proclamation.json": jcs(said)})
    kept = evidence.keep_ours(pdf, media="application/pdf")
    evidence.join(
        sha256=kept.sha256, subject=f"contest:{contest.code}", access=Access.STAFF, by=by, name="proclamation.pdf"
    )
    results.proclaim(
        contest=contest, number=said["number"], document=kept.sha256, signed_by=approval.asked_by_id, by=by
    )


def record_of(contest: Contest, number: str) -> dict[str, Any]:
    """The final result as the paper carries it: totals, outcome, the differences of the Court's count with their reasons."""
    found = counts.count_of(contest)
    apart = counts.apart(found) if found else []
    return {
        "number": number, "contest": contest.code, "result": results.picture(contest),
        "count": {
            "stations": found.sheets.count() if found else 0, "sample": found.size if found else 0,
            "seed": found.seed if found else "", "commitment": found.commitment if found else "",
            "differences": [
                {"station": a.station, "lines": [list(line) for line in a.lines], "words": a.words} for a in apart
            ],
        },
    }  # fmt: skip


def paper(contest: Contest, said: dict[str, Any], at: datetime, persons: Sequence[Person]) -> Paper:
    """The proclamation as it is printed, from the record that it carries."""
    names = dict(contest.options.values_list("code", "name"))
    result, counted = said["result"], said["count"]
    board = boards.board(as_public(contest))
    shares = {
        o: decimal_string(Fraction(100 * n, result["valid"]), 2) if result["valid"] else ""
        for o, n in result["votes"].items()
    }
    one = decisions.Proclamation(
        on=at.date(),
        ecli=identified(contest, said["number"], at.date()).ecli,
        basis=[f"Décision n° {n}" for n in contest.decisions.values_list("number", flat=True)],
        coverage=[
            ("Bureaux comptés", str(result["counted"])), ("Bureaux annulés par la Cour", str(result["annulled"])),
            ("Bureaux manquants", str(result["missing"])), ("Procès-verbaux lus par la Cour", str(counted["stations"])),
        ],
        figures=[(translate(LABELS[Box(b)], "fr"), str(n)) for b, n in result["figures"].items()],
        candidates=[
            (str(rank), names.get(o, o), str(result["votes"][o]), shares[o], str(result["seats"].get(o) or ""))
            for rank, o in enumerate(result["order"], 1)
        ],
        seats=any(result["seats"].values()),
        declared=[declared(place, o, names) for place, o in outcomes_of(board).items()],
        differences=[f"{d['station']} : {d['words']}" for d in counted["differences"]],
        digest=result["outcome_sha256"],
        signatures=[(p.full_name, "") for p in persons],
    )  # fmt: skip
    return decisions.proclamation(
        one, head(contest, "fr", title=decisions.PROCLAMATION_TITLE, number=said["number"]), "fr"
    )


def outcomes_of(board: boards.Board) -> dict[str, Outcome]:
    return {"": board.outcome} if board.outcome else dict(board.outcomes)


def declared(place: str, outcome: Outcome, names: Mapping[str, str]) -> str:
    """What the outcome says, in one line: derived, never typed."""
    who = ", ".join(names.get(o, o) for o in outcome.options)
    said = translate(STATUS_LABELS[outcome.status], "fr")
    return f"{place + ' : ' if place else ''}{said}{' : ' + who if who else ''}."
