"""Papers of a class: the sheet that is signed, answer sheets with their squares, the test, the certificate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kalata.documents import heads, rendering, typeset
from kalata.documents.rendering import Paper
from kalata.text import gettext_noop as _
from kalata.text import long_date, translate, whole
from kalata.training.manuals import square
from kalata.training.models import Certificate, Enrolment, TestForm, TrainingClass
from kalata.training.queries.classes import holder, titles
from kalata.training.sheets import geometry


def attendance(one: TrainingClass, seats: Sequence[Enrolment], lang: str) -> bytes:
    def say(sentence: str) -> str:
        return translate(sentence, lang)

    head = heads.of_contest(one.contest, lang, title=say(_("Feuille d’émargement de séance")), number=one.code)
    rows, posts = [], titles(one, seats, lang)
    for seat in seats:
        who = holder(seat)
        post = posts.get(seat.seat) or say(_("réserve"))
        rows.append([str(seat.seat), post, who.name if who else say(_("à nommer")), who.code if who else "", "", ""])
    heads_ = [
        say(_("Place")),
        say(_("Poste")),
        say(_("Nom")),
        say(_("Matricule")),
        say(_("Signature")),
        say(_("Code du jour")),
    ]
    about = [
        [say(_("Séance")), one.code], [say(_("Jour")), long_date(one.first, lang) + (f" – {long_date(one.last, lang)}" if one.last != one.first else "")],
        [say(_("Lieu")), f"{one.unit.name if one.unit else one.area}, {one.venue}, {say(_('salle'))} {one.room}"], [say(_("Langue")), one.language],
        [say(_("Binôme")), one.pair], [say(_("Places")), whole(len(seats), lang)],
    ]  # fmt: skip
    blocks = [
        {"kind": "pairs", "rows": about},
        {"kind": "note", "text": say(_("Chacun signe et écrit de sa main son code du jour, que lui seul reçoit le matin même. Une signature sans le code n’est pas une présence. Qui vient à la place d’un autre écrit son matricule."))},
        {"kind": "table", "heads": heads_, "rows": rows, "widths": [1, 3, 4, 2, 4, 2], "aligns": []},
        {"kind": "signatures", "names": [say(_("Premier formateur")), say(_("Second formateur"))]},
    ]  # fmt: skip
    return rendering.copy(Paper("class-sheet", head, {"blocks": blocks}, lang)).pdf


WORDS = {
    "sheet": _("Feuille de réponses"), "form": _("Forme"), "class": _("Séance"), "seat": _("Place"), "agent": _("Matricule"), "draft": _("PROJET"),
    "fill": _("Noircissez un rond par question, au stylo. Pour corriger, effacez entièrement."),
}  # fmt: skip


def answer_sheets(one: TrainingClass, form: TestForm, seats: Sequence[Enrolment], lang: str) -> bytes:
    """A sheet a place, for who is trained for the role of this paper."""
    wanted = [s for s in seats if not s.role or s.role == form.certificate] or list(seats)
    sheets, beside = [], {}
    for n, seat in enumerate(wanted):
        text = geometry.code_text(form.mark, form.letter, one.code, seat.seat)
        who = holder(seat)
        sheets.append({"seat": seat.seat, "agent": who.code if who else "", "text": text})
        beside[f"qr-{n}.svg"] = square(text)
    data: dict[str, Any] = {
        "lang": lang, "w": {k: translate(v, lang) for k, v in WORDS.items()}, "code": one.code, "day": [one.first.year, one.first.month, one.first.day],
        "role": form.role, "letter": form.letter, "mark": form.mark, "draft": form.draft, "rows": [[r["number"], r["letters"]] for r in form.rows], "sheets": sheets,
        "geometry": {
            "corners": geometry.CORNERS, "corner": geometry.CORNER, "qr": geometry.QR, "radius": geometry.RADIUS,
            "bubbles": geometry.bubbles([len(r["letters"]) for r in form.rows]),
        },
    }  # fmt: skip
    return typeset.accessible(rendering.template_of("class-answers"), data, beside)


def questions(form: TestForm, contest: Any, lang: str) -> bytes:
    """The questions of a paper, without its answers."""

    def say(sentence: str) -> str:
        return translate(sentence, lang)

    head = heads.of_contest(contest, lang, title=say(_("Épreuve de formation")), number=f"{form.mark} · {form.letter}")
    blocks: list[dict[str, Any]] = [
        {
            "kind": "note",
            "text": say(_("Les réponses se donnent sur la feuille à ronds. Cette épreuve n’est laissée à personne.")),
        }
    ]
    for row in form.rows:
        blocks.append({"kind": "paragraph", "text": f"{row['number']}. {row['text']}"})
        blocks.append({"kind": "list", "items": [f"{letter}   {text}" for letter, text in row["options"]]})
    paper = Paper("class-test", head, {"blocks": blocks}, lang)
    return rendering.draft(paper).pdf if form.draft else rendering.copy(paper).pdf


def certificate(one: Certificate, address: str, lang: str) -> bytes:
    """What a person may show: the square leads to the check, and the name is written by hand beside the code."""

    def say(sentence: str) -> str:
        return translate(sentence, lang)

    contest = one.seat.training_class.contest
    head = heads.of_contest(contest, lang, title=say(_("Attestation de formation")), number=one.number)
    rows = [
        [say(_("Matricule de la personne")), one.agent.code], [say(_("Fonction")), one.role], [say(_("Niveau")), one.level],
        [say(_("Version des procédures")), one.version], [say(_("Lieu")), one.place], [say(_("Délivrée le")), long_date(one.awarded_on, lang)],
        [say(_("Vaut jusqu’au")), long_date(one.expires_on, lang) if one.expires_on else say(_("sans fin"))],
    ]  # fmt: skip
    said = say(
        _(
            "Vérifier : lire le carré, ou écrire le numéro %(n)s à %(a)s. Ni le nom ni la note ne sont sur l’attestation."
        )
    ) % {"n": one.number, "a": address}
    data = {"rows": rows, "said": said, "alt": f"{address}?n={one.number}"}
    return rendering.copy(
        Paper("training-certificate", head, data, lang, {"check.svg": square(f"{address}?n={one.number}")})
    ).pdf
