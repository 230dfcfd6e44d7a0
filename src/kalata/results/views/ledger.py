"""The public ledger of corrections: its page, its feed, its files. Everybody reads the same, whoever asks."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t

from kalata.country.models import Contest
from kalata.results import court
from kalata.results.access import contest_for
from kalata.results.pages import ledger as ledger_pages
from kalata.results.pages.frame import lang, trail
from kalata.results.pages.ledger import Asked, Shelf
from kalata.results.queries import board as boards
from kalata.results.queries import public_ledger
from kalata.results.rules import ledger_words
from kalata.results.rules.public_ledger import Kind
from kalata.results.services import lots
from kalata.text import whole
from kalata.transparency.site import serving
from kalata.ui import edge, fields, kept

ORDERS = ("avis", "bureau", "effet")


class CorrectionList(edge.Edge):
    """What narrows and orders the ledger."""

    q = fields.TextField()
    zone = fields.IdField()
    nature = fields.ChoiceField([k.value for k in Kind])
    du = fields.DateField()
    au = fields.DateField()
    avis = fields.IdField()
    bureau = fields.IdField()
    acte = fields.TextField(most=60)
    tri = fields.ChoiceField([*ORDERS, *(f"-{o}" for o in ORDERS)])


def shelf_of(request: HttpRequest, code: str) -> tuple[Contest, Shelf]:
    """The ledger as the public reads it, for everybody who may see that the contest exists."""
    contest = contest_for(request.user, code)
    contest.eyes = ()  # type: ignore[attr-defined]
    return contest, ledger_pages.of(contest, boards.board(contest))


def corrections(request: HttpRequest, code: str) -> HttpResponse:
    """Every correction of a published figure: search, filters, order, pages of 50."""
    contest, shelf = shelf_of(request, code)
    sent = edge.asked(request, CorrectionList)
    asked = Asked(sent.q, sent.zone, sent.nature, sent.du, sent.au, sent.avis, sent.bureau, sent.tri, sent.acte)
    lines = shelf.narrowed(asked)
    page = edge.paged(request, lines, ledger_pages.PER_PAGE)
    return render(
        request,
        "results/corrections.html",
        {
            "section": "results",
            "contest": contest,
            "exercise": contest.election.exercise,
            "title": headline(shelf),
            "book": shelf.book,
            "stations": shelf.board.coverage().expected,
            "pair": named_pair(shelf),
            "page": page,
            "rows": [{**(row := shelf.drawn(line)), "proof": proof_of(contest, row)} for line in page],
            "decisions": court.pages_of({line.why.act for line in page if line.why.act}),
            "docket": court.docket_of(contest.code),
            "sum": sum(map(shelf.effect, lines)),
            "zones": shelf.zones(),
            "kinds": shelf.kinds(),
            "asked": asked,
            "narrow": narrow(asked),
            "log": public_ledger.state_of_log(contest, shelf.book),
            "lots": [
                (a, [shelf.named(o) for o in a.lot.order] if hasattr(a, "lot") else []) for a in lots.history(contest)
            ],
            "crumbs": trail(contest, None, ("", _t("Corrections"))),
        },
    )


def headline(shelf: Shelf) -> str:
    n, moved = shelf.heading()
    if not n:
        return _t("Aucun chiffre publié n’a été corrigé")
    count = ngettext("%(n)s correction", "%(n)s corrections", n) % {"n": whole(n, lang())}
    return _t("%(count)s ; %(moved)s") % {"count": count, "moved": moved.text(lang())} if moved else count


def named_pair(shelf: Shelf) -> dict[str, Any] | None:
    """The two lists the vote decides between, with the gap now and without any correction."""
    if shelf.pair is None:
        return None
    place, first, second = shelf.pair
    return {
        "place": place, "first": shelf.options[first], "second": shelf.options[second], "gap": shelf.gap(),
        "without": shelf.gap(first=True), "moved": shelf.gap() - shelf.gap(first=True),
    }  # fmt: skip


def narrow(asked: Asked) -> bool:
    return any((asked.text, asked.zone, asked.kind, asked.since, asked.until, asked.notice, asked.station, asked.act))


def proof_of(contest: Contest, row: dict[str, Any]) -> str:
    line = row["line"]
    page = serving.page_of(contest.code, line.key) if line.after.index is not None else ""
    return reverse("site", args=[page]) if page else ""


def corrections_file(request: HttpRequest, code: str, name: str) -> HttpResponseBase:
    """corrections.csv, corrections.json, corrections.atom."""
    if name not in FILES:
        raise Http404(name)
    contest, shelf = shelf_of(request, code)
    book = shelf.book
    spoken = (get_language() or "fr") if name.endswith(".atom") else ""
    what = kept.Made(
        name, (contest.code, spoken),
        (contest.pk, contest.revision, contest.published_at, contest.name_fr, contest.name_en, contest.election.exercise,
         [(line.number, line.after.index) for line in book.lines]),
    )  # fmt: skip
    write = {
        "corrections.csv": lambda: ledger_words.as_csv(book.lines),
        "corrections.json": lambda: ledger_pages.ledger_json(contest, book),
        "corrections.atom": lambda: ledger_pages.feed(shelf, spoken),
    }[name]
    attached = not name.endswith(".atom")
    filename = f"{contest.code}-{name}"
    return kept.served(request, what, lambda out: out.write(write()), kind=FILES[name], filename=filename, attached=attached)  # fmt: skip


FILES = {
    "corrections.csv": "text/csv; charset=utf-8",
    "corrections.json": "application/json",
    "corrections.atom": "application/atom+xml; charset=utf-8",
}
