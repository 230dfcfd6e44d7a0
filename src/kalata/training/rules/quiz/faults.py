"""What a file of questions may not be, with its place; and what a format cannot hold, with the question."""

from __future__ import annotations

from dataclasses import dataclass

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _


class BadQuestion(Refused):
    """A value that is not what its place asks. field: the question and the key."""

    code = "TRN-301"
    says = _("%(file)s, %(field)s : %(why)s.")
    remedy = _("Corrigez cette valeur, puis recommencez. Rien n’a été écrit.")
    status = 422
    sentences = frozenset({"why"})


class BadGift(Refused):
    """A text that GIFT cannot be. row: of the line where the question begins to be unreadable."""

    code = "TRN-302"
    says = _("%(file)s, ligne %(row)d : %(why)s.")
    remedy = _("Corrigez cette question dans le fichier GIFT, puis recommencez. Rien n’a été écrit.")
    status = 422
    sentences = frozenset({"why"})


class BadXml(Refused):
    """A text that is not the XML of Moodle, or does more than say questions."""

    code = "TRN-303"
    says = _("%(file)s, ligne %(row)d : %(why)s.")
    remedy = _("Exportez de nouveau ces questions de Moodle, en XML, puis recommencez. Rien n’a été écrit.")
    status = 422
    sentences = frozenset({"why"})


class NoForm(Refused):
    """A file whose name says no form that is read, or written."""

    code = "TRN-304"
    says = _("« %(file)s » : cette forme de fichier n’est pas %(what)s.")
    remedy = _("Lus : .json .gift .xml .csv .xlsx. Écrits : les mêmes, .scorm.zip et .qti.zip. Rien n’a été écrit.")
    status = 422
    sentences = frozenset({"what"})


class BadArchive(Refused):
    """A package given where questions are expected, or one that hurts."""

    code = "TRN-305"
    says = _("« %(file)s » est une archive (%(what)s) : elle n’est pas lue.")
    remedy = _("Donnez les questions elles-mêmes, en JSON, GIFT ou XML de Moodle. Rien n’a été écrit.")
    status = 422
    sentences = frozenset({"what"})


class NoFile(Refused):
    """A file that cannot be opened, written, or is too large."""

    code = "TRN-306"
    says = _("« %(file)s » : %(why)s.")
    remedy = _("Vérifiez le nom et les droits du fichier, puis recommencez. Rien n’a été écrit.")
    status = 422
    sentences = frozenset({"why"})


@dataclass(frozen=True, slots=True)
class Lost:
    """A question, and what of it the format cannot hold."""

    question: str
    code: str
    says: Message

    def record(self) -> dict[str, object]:
        return {"code": self.code, "question": self.question, "says": self.says.both()}


WHY = {
    "not_held": _("La question %(question)s ne tient pas dans %(form)s sans perte (%(what)s)."),
    "kind_not_held": _("La question %(question)s est d’un genre (%(what)s) que %(form)s ne porte pas."),
    "unsupported_type": _("La question %(question)s est d’un type de Moodle (%(what)s) qui n’est pas lu : %(form)s ne la porterait pas."),
}  # fmt: skip


def lost(code: str, question: str, form: str, what: str) -> Lost:
    return Lost(question, code, Message(WHY[code], {"question": question, "form": form, "what": what}))
