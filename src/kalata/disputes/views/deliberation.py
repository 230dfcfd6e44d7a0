"""The deliberation of a case, for the members who sit in it. No word of it is on these pages: a page is numbers and sealed bytes.

The text is sealed and opened by `static/disputes/sealing.js` in the member's browser, or by the commands on his machine.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t

from kalata.disputes.forms import bench as forms
from kalata.disputes.queries import bench as queries
from kalata.disputes.rules import deliberation as rules
from kalata.disputes.rules.deliberation import NotSealed
from kalata.disputes.rules.steps import State
from kalata.disputes.services import deliberating
from kalata.disputes.views.bench import offer
from kalata.results.views.shared import who
from kalata.ui import edge

ACTS = (forms.OpenForm, forms.DepositForm, forms.ReleaseForm, forms.ResealForm, forms.ConfirmForm, forms.CloseForm)


@login_required
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The rounds of a case: which texts there are, which are handed to this member, and what may be done now."""
    petition, me = queries.in_deliberation(request.user, number)
    if request.method == "POST":
        acted(request, str(petition.number))
        return redirect("disputes:deliberation", petition.number)
    room = queries.room(petition)
    last = queries.rounds(petition).last()
    writing = State(petition.state) in queries.DELIBERATES and not petition.bench_votes.exists()
    now_open = last is not None and last.released_at is None
    presides = me.code == room.president
    return render(request, "disputes/deliberation.html", {
        "section": "bench", "p": petition, "me": me, "room": room, "keys": queries.key_lines(petition), "found": queries.sitting(petition),
        "rounds": [(r, texts(petition, r, room, me.code)) for r in queries.rounds(petition)], "open": last if now_open and writing else None,
        "silent": silent(room, last) if now_open else (), "vote": petition.bench_votes.last(), "writing": writing, "presides": presides,
        "kinds": rules.KINDS, "silences": rules.SILENCES,
        "deposit": forms.DepositForm(auto_id="deposit-%s"),
        "openings": offer(forms.OpenForm, "", _t("Ouvrir un tour")) if presides and writing and not now_open else None,
        "release": offer(forms.ReleaseForm, _t("Communiquer le tour"), _t("Communiquer ses textes à leurs lecteurs")) if presides and writing and now_open else None,
        "close": offer(forms.CloseForm, _t("Vote qui clôt le délibéré"), _t("Inscrire les deux décomptes")) if presides and writing and last and not now_open else None,
    })  # fmt: skip


def texts(petition: Any, round_: Any, room: rules.Room, me: str) -> list[dict[str, Any]]:
    """The texts of a round as this member sees them: handed to him or not, sealed again or not."""
    out = []
    for one in queries.items(petition).filter(round=round_):
        ruled = queries.as_ruled(one)
        waits = one.original_id is not None and one.confirmed_by_id is None
        original = queries.as_ruled(one.original) if one.original else None
        handed = bool(rules.readable(room, [original if waits and original else ruled], me))
        confirms = (
            waits and original is not None and me in original.readers and one.resealed_by and one.resealed_by.code != me
        )
        out.append({"item": one, "handed": handed, "waits": waits, "confirms": bool(confirms and handed)})
    return out


def silent(room: rules.Room, round_: Any) -> list[str]:
    wrote = set(round_.items.values_list("member__code", flat=True))
    return [m for m in room.sitting if m not in wrote]


def acted(request: HttpRequest, number: str) -> None:
    form = edge.acted(request, *ACTS)
    v, by = form.v, who(request)
    if isinstance(form, forms.OpenForm):
        deliberating.open_round(number=number, by=by)
    elif isinstance(form, forms.DepositForm):
        deliberating.deposit(number=number, kind=v.kind, point=v.point or 0, body=body_of(v), by=by)
    elif isinstance(form, forms.ReleaseForm):
        deliberating.release(number=number, silence=v.silence, by=by)
    elif isinstance(form, forms.ResealForm):
        deliberating.reseal(number=number, round_=v.round, item=v.item, body=body_of(v), by=by)
    elif isinstance(form, forms.ConfirmForm):
        deliberating.confirm(number=number, round_=v.round, item=v.item, by=by)
    else:
        casting = {"aye": True, "no": False}.get(v.casting)
        deliberating.close(number=number, ayes=v.ayes, noes=v.noes, casting=casting, secret=v.secret, by=by)
    messages.success(request, _t("Gardé."))


def body_of(v: Any) -> bytes:
    """The sealed bytes, of a file or in base64. DIS-441 repeats nothing of what was sent."""
    if v.file:
        return bytes(v.file.read())
    try:
        return base64.b64decode(v.sealed.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise NotSealed from None


@login_required
def sealed(request: HttpRequest, number: str, round_: int, item: int) -> HttpResponse:
    """The sealed bytes of a text, to a member who may read it; each handing over is in the ledger."""
    body = deliberating.hand(number=number, round_=round_, item=item, by=who(request))
    answer = HttpResponse(body, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{number}-{round_}-{item}.sealed"'
    answer["Cache-Control"] = "no-store"
    return answer
