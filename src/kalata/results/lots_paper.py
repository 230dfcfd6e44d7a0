"""The minutes of a draw of lots, to print and sign: promise, secret, number, order, the acts and who did them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from kalata.country.models import Contest
from kalata.documents import rendering
from kalata.documents.rendering import Paper
from kalata.people.models import Person
from kalata.results import printing
from kalata.results.models import LotAnnouncement
from kalata.results.services import lots
from kalata.text import gettext_noop as _
from kalata.text import translate

PARTS = ("by", "lot__asked_by", "lot__approved_by", "undone__asked_by", "undone__approved_by")
"""What `record` reads of an announcement."""


def printed(contest: Contest, made: LotAnnouncement, lang: str, *, named: bool) -> bytes:
    """The paper as the draw stands now, to print and sign."""
    return rendering.copy(paper(contest, made, lang, named=named)).pdf


def paper(contest: Contest, made: LotAnnouncement, lang: str, *, named: bool) -> Paper:
    key = "en" if lang == "en" else "fr"
    head = printing.head_of(
        contest, key, title=f"{translate(_('Procès-verbal de tirage au sort'), key)} n° {made.number}",
        place=made.place or translate(_("national"), key), number=f"{contest.code} · {made.number}",
    )  # fmt: skip
    return Paper("minutes", head, record(contest, made, key, named=named), key)


def steps_of(made: LotAnnouncement) -> Iterator[tuple[datetime, str, str, Person | None]]:
    """(when, what, the words, by whom) of everything that was done, in order."""
    yield made.at, _("Empreinte annoncée"), made.promise, made.by
    yield made.at, _("D’où viendra le nombre public"), made.source, None
    if (lot := getattr(made, "lot", None)) is not None:
        yield lot.at, _("Secret ouvert"), lot.secret, lot.asked_by
        yield lot.at, _("Nombre tiré en public"), lot.public_number, None
        yield lot.at, _("Tirage approuvé"), lot.document, lot.approved_by
    if (undone := getattr(made, "undone", None)) is not None:
        yield undone.at, _("Annulation demandée"), undone.reason, undone.asked_by
        yield undone.at, _("Tirage annulé"), undone.document, undone.approved_by


def breakable(text: str, most: int = 64) -> str:
    """A text whose longest word still fits in its column: a secret may be one word of 300 signs."""
    return " ".join("\u200b".join(w[i : i + most] for i in range(0, len(w), most)) for w in text.split(" "))


def record(contest: Contest, made: LotAnnouncement, lang: str, *, named: bool) -> dict[str, Any]:
    """What the template asks. named: the persons by name; else by what they are, since anybody may read this paper."""

    def say(text: str) -> str:
        return translate(text, lang)

    def who(person: Person) -> str:
        return f"{person.full_name} ({person.username})" if named else say(_("une personne de la commission"))

    names, lot = lots.names_of(contest), getattr(made, "lot", None)
    numbers = dict(zip(made.options, made.lists, strict=True))
    order = lot.order if lot is not None else made.options
    persons = [p for _at, _what, _words, p in steps_of(made) if p is not None]
    return {
        "paragraphs": [
            say(_("Places ou sièges à pourvoir entre les ex aequo : %(n)s.")) % {"n": made.seats},
            say(_("L’ordre est celui des empreintes SHA-256 de « secret|nombre|liste », liste étant son numéro sur le bulletin, la plus petite d’abord. Chacun peut la recalculer.")),
            *([] if lot is not None else [say(_("Le secret n’est pas encore ouvert : rien n’est tiré."))]),
        ],
        "w_present": say(_("Résultat du tirage")),
        "heads": [say(_("Rang")), say(_("Candidature, n° sur le bulletin, voix")), say(_("Circonscription")), say(_("Empreinte"))],
        "members": [
            [
                str(rank) if lot is not None else "–",
                f"{names.get(o, o)}, {numbers[o]}, {made.votes[o]}",
                made.place or "–",
                lots.fingerprint(lot, o)[:16] if lot is not None else "–",
            ]
            for rank, o in enumerate(order, 1)
        ],
        "reservations": [],
        "w_acts": say(_("Déroulement")),
        "acts": [
            [f"{timezone.localtime(at):%d/%m/%Y %H:%M:%S}", f"{say(what)} : {breakable(words)}" + (f" — {who(person)}" if person else "")]
            for at, what, words, person in steps_of(made)
        ],
        "w_recap": "",
        "fheads": [],
        "figures": [],
        "signs": list(dict.fromkeys(who(p) for p in persons)) if named else [say(_("Annonce")), say(_("Demande")), say(_("Approbation"))],
    }  # fmt: skip
