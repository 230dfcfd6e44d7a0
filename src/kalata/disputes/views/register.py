"""A petition taken down at a counter: one page, one act. Beside it, live, what it will be and every reading of its limit.

What is wrong is said beside its box; nothing typed is lost, and a file that was sound is not asked for again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.deadlines.rules.moments import parse_deadline
from kalata.disputes.forms.intake import ROWS, PetitionForm, Written
from kalata.disputes.models import Counter, Roll
from kalata.disputes.queries import cases as queries
from kalata.disputes.queries.filing_limits import limits_ahead
from kalata.disputes.queries.law import body_of
from kalata.disputes.queries.stations import Resolved, offered, resolve
from kalata.disputes.queries.texts import zone_of
from kalata.disputes.rules.filing import GROUNDS, Filing, GroundSaid, PartySaid
from kalata.disputes.rules.steps import RECEIVE
from kalata.disputes.services import first, holding, intake, issuing
from kalata.disputes.views.registry import crumbs
from kalata.people.queries import may_somewhere
from kalata.refusals import Forbidden
from kalata.text import Message
from kalata.ui import edge

NEAR = 4
"""Stations offered for words that answer to none."""


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """The form of a petition. The button `look` reads it again and receives nothing; `receive` receives, whole or not at all."""
    if not may_somewhere(request.user, RECEIVE):
        raise Forbidden(right=RECEIVE)
    by: Any = request.user
    counters = queries.open_counters(by)
    form = edge.form_of(request, PetitionForm)
    sent = edge.button(request, PetitionForm.act, PetitionForm.look) if request.method == "POST" else ""
    held: list[holding.Held] = []
    if sent:
        sound = form.is_valid()
        held = files_of(form, by)
        counter, roll = (
            counters.filter(pk=form.v.counter).first(),
            intake.roll_for(form.v.contest) if form.v.contest else None,
        )
        if sent == PetitionForm.look:
            form.errors.clear()
        elif sound and wrong(form, counter, roll) is None:
            assert counter is not None and roll is not None
            made = received(form, roll, counter, held, by)
            messages.success(request, _t("Reçue sous le numéro %(number)s.") % {"number": made.number})
            return redirect("disputes:receipt", made.number)
    context = {
        "section": "disputes", "form": form, "counters": counters, "rolls": intake.rolls(), "crumbs": crumbs(_t("Enregistrer")),
        "held": held, "ahead": ahead(form, counters, held) if sent else None,
    }  # fmt: skip
    return render(request, "disputes/register.html", context, status=422 if form.errors else 200)


def files_of(form: PetitionForm, by: Any) -> list[holding.Held]:
    """The files given before and now; one that is refused is named, to be given otherwise."""
    before = holding.again(form.v.held, by)
    fresh, refused = holding.hold(form.v.pieces, by)
    lang = get_language() or "fr"
    for name, code, why in refused:
        form.add_error("pieces", f"{name} : {why.text(lang)} ({code}) " + _t("À joindre de nouveau, autrement."))
    return before + fresh


def wrong(form: PetitionForm, counter: Counter | None, roll: Roll | None) -> str | None:
    """What no box alone can tell; the name of the box, noted beside it."""
    if counter is None:
        form.add_error("counter", _t("ce guichet ne reçoit pas ici"))
    elif roll is None:
        form.add_error("contest", _t("le rôle de ce scrutin n’est pas ouvert"))
    elif form.v.since and (since(form, roll) or timezone.now()) > timezone.now():
        form.add_error("since", _t("cet instant est dans l’avenir"))
    return next(iter(form.errors), None)


def since(form: PetitionForm, roll: Roll) -> datetime | None:
    """The instant of the ticket, at the hour of the jurisdiction; a day alone counts from its first minute."""
    if not form.v.since:
        return None
    written = form.v.since if "T" in form.v.since else f"{form.v.since}T00:00"
    return parse_deadline(written[:16], zone_of(roll.contest)).instant


def received(form: PetitionForm, roll: Roll, counter: Counter, held: list[holding.Held], by: Any) -> Any:
    v, court = form.v, body_of(roll.contest.election.pack.pack)
    attacked = first.appealed(v.appeal, roll.contest, v.about, court) if v.appeal else None
    return intake.take_down(
        contest=roll.contest, filing=filing_of(form, roll.contest), channel=form.v.channel, counter=counter,
        pieces=[(one.content, one.name) for one in held], by=by, ticket=form.v.ticket, since=since(form, roll), despite=form.v.clock,
        appeal_of=attacked,
    )  # fmt: skip


def grounds_of(form: Written, contest: Any) -> list[tuple[int, GroundSaid, Resolved]]:
    """The grounds that were filled, each with its stations as codes and the words that no station answers to."""
    v, out = form.v, []
    for n in range(1, ROWS + 1):
        code, typed = getattr(v, f"code{n}"), getattr(v, f"stations{n}")
        if code or typed or getattr(v, f"text{n}"):
            found = resolve(contest, typed)
            said = GroundSaid(
                code=code or "other", about=v.about, text=getattr(v, f"text{n}"), article=getattr(v, f"article{n}"),
                stations=tuple(s for s, _name in found.stations), words=found.words,
            )  # fmt: skip
            out.append((n, said, found))
    return out


def filing_of(form: Written, contest: Any) -> Filing:
    v = form.v
    parties = [
        PartySaid(
            role="petitioner", name=v.petitioner, kind=v.capacity, email=v.email, phone=v.phone, elected=v.elected
        )
    ]
    if v.respondent:
        parties.append(PartySaid(role="respondent", name=v.respondent))
    return Filing(
        about=v.about, about_words=v.about_words, capacity=v.capacity, relief=v.relief, text=v.text, signed=v.signed,
        signed_on=v.signed_on, parties=tuple(parties), grounds=tuple(g for _n, g, _f in grounds_of(form, contest)),
    )  # fmt: skip


def ahead(form: PetitionForm, counters: Any, held: list[holding.Held]) -> dict[str, Any]:
    """What the receipt will say, from what is typed: the shape of its number, the grounds, every reading of the limit."""
    v = form.v
    roll = intake.roll_for(v.contest) if v.contest else None
    counter = counters.filter(pk=v.counter).first()
    if roll is None:
        return {"held": held}
    grounds = grounds_of(form, roll.contest)
    lang = get_language() or "fr"
    return {
        "contest": roll.contest, "shape": f"{roll.year}-{roll.short}-{counter.code}-" if counter else "", "petitioner": v.petitioner,
        "about": issuing.ABOUT_LABELS.get(v.about, ""), "words": v.about_words, "held": held, "pages": sum(h.pages for h in held),
        "grounds": [(n, Message(GROUNDS.get(said.code, said.code)), found, near(roll.contest, found)) for n, said, found in grounds],
        "limits": limits_ahead(
            roll.contest, about=v.about, capacity=v.capacity, signed=v.signed, dated=v.signed_on is not None,
            grounds=len(grounds), pieces=len(held), lang=lang,
        ) if v.about else [],
    }  # fmt: skip


def near(contest: Any, found: Resolved) -> list[tuple[str, list[tuple[str, str]]]]:
    """For each word without a station, those whose code or name holds it; the clerk chooses, nothing is guessed."""
    return [(words, offered(contest, words)[:NEAR]) for words in found.words[:20]]
