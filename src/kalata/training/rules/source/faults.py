"""What a source of manuals may not be: each with its file, the place in it, and what to do. Nothing is written of it."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class BadSource(Refused):
    """A value that is not what its place asks."""

    code = "TRN-201"
    says = _("%(file)s, %(field)s : %(why)s.")
    remedy = _("Corrigez cette valeur, puis recommencez. Rien n’a été écrit.")
    status = 422
    sentences = frozenset({"why"})


class NoSource(Refused):
    """The folder is no source, or cannot be opened."""

    code = "TRN-202"
    says = _("« %(file)s » n’est pas une source de manuels : %(why)s.")
    remedy = _("Donnez un dossier qui contient source.yaml et procedures/*.yaml. Rien n’a été écrit.")
    status = 422
    sentences = frozenset({"why"})


class TooMuch(Refused):
    """More than a source may hold."""

    code = "TRN-203"
    says = _("%(file)s : %(what)s, au plus %(most)s.")
    remedy = _("Partagez cette source en plusieurs, ou ôtez ce qui n’en est pas. Rien n’a été écrit.")
    status = 422
    sentences = frozenset({"what"})


class BadPictogram(Refused):
    """A picture that does more than show."""

    code = "TRN-204"
    says = _("Le pictogramme %(file)s ne peut pas être pris : %(why)s.")
    remedy = _("Enregistrez-le en SVG simple : des formes, sans script, sans style, sans adresse. Rien n’a été écrit.")
    status = 422
    sentences = frozenset({"why"})
