"""Persons heard in a case: known by a number in it (T1, T2…), their names sealed to a key of the Court.

The text that is sealed says whose it is (case, number): a row put in the place of another does not pass for it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from kalata.disputes.rules.receipts import normal
from kalata.disputes.rules.sealing_keys import BadPublicKey, PublicKey
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.transparency.rules.canonical import NotCanonical, canonical
from kalata.transparency.rules.canonical import read as read_canonical

NAME = "temoin1"
KINDS = {
    "witness": _("témoin"), "elector": _("électeur"), "officer": _("membre de bureau"), "informant": _("sachant"),
    "expert": _("expert"), "counsel": _("représentant d’une partie"),
}  # fmt: skip
LONGEST = {"name": 200, "contact": 200, "address": 300, "note": 1_000}


class NoKeyOfPersons(Refused):
    code = "DIS-821"
    says = _("La Cour n’a pas de clé pour les personnes entendues : leur nom ne s’écrit pas en clair.")
    remedy = _("Faites la cérémonie des clés de la Cour, ou « kalata disputes authority --renew » sur un dossier d’avant.")  # fmt: skip


class KeyOfPersonsShut(Refused):
    code = "DIS-822"
    says = _("La clé des personnes entendues ne s’ouvre pas sur cette machine.")
    remedy = _("Donnez la phrase des deux dépositaires (KALATA_COURT_PASSPHRASE_FILE) et relancez la maison. Rien n’est perdu.")  # fmt: skip


class NobodyHeard(Refused):
    code = "DIS-823"
    says = _("Aucune personne entendue de cette affaire n’est « %(what)s ».")
    remedy = _("Reprenez-la dans la liste de l’affaire ; une personne a un nom.")
    status = 422


class AnotherPerson(Refused):
    code = "DIS-824"
    says = _("Ce qui est gardé sous %(what)s n’a pas été scellé pour cette personne, ou a été changé.")
    remedy = _("Ne vous y fiez pas : prévenez l’exploitation, et reprenez la ligne d’une sauvegarde.")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who was heard: as it is shown to who may read it, and nowhere else in clear."""

    name: str
    contact: str = ""
    address: str = ""
    note: str = ""


def mark(number: int) -> str:
    return f"T{number}"


def packed(case: str, number: int, who: Identity) -> bytes:
    """What is sealed. DIS-823 without a name."""
    said = {k: normal(v).strip()[: LONGEST[k]] for k, v in asdict(who).items()}
    if not said["name"]:
        raise NobodyHeard(what=mark(number))
    return canonical({"case": case, "number": number, **said})


def unpacked(text: bytes, case: str, number: int) -> Identity:
    """DIS-824: it is another's."""
    try:
        said = read_canonical(text)
        if (said.pop("case"), said.pop("number")) != (case, number):
            raise AnotherPerson(what=mark(number))
        return Identity(**said)
    except (NotCanonical, KeyError, TypeError, AttributeError):
        raise AnotherPerson(what=mark(number)) from None


def public(line: str) -> PublicKey:
    """The public half, of the line beside the Court's keys. DIS-821."""
    try:
        return PublicKey.read(line, name=NAME)
    except BadPublicKey:
        raise NoKeyOfPersons from None
