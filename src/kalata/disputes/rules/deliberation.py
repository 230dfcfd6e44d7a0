"""The secret of the deliberation: who may write, who may read what and when, who may be let in.

Each text is sealed on its writer's machine to the members who sit, so that the server keeps bytes it cannot read
(`sealing.py`). What is decided here is to whom those bytes are handed: nobody is handed another's text of a round
before the round is released, however well he could open it; whoever joins later reads only what is sealed to him.
What is kept of a text outside its seal: its number, its kind, its round, its point, its writer, its readers, and how
many bytes it has. No title, no question, no word of it.

Known limit: before release the seal does not hold a member who is handed the bytes by whoever runs the server; the two
of them together read early. The page says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NotOfTheBench(Refused):
    """Also what is said to who asks for a case that is not in deliberation: nobody outside learns which."""

    code = "DIS-431"
    says = _("Le délibéré est secret : seuls les membres qui siègent dans cette affaire y entrent.")
    remedy = _("Rien n’est montré ni confirmé ici. Adressez-vous au président de la formation.")
    status = 403


class NotReleased(Refused):
    code = "DIS-432"
    says = _("Tour %(round)d : les textes des autres membres ne sont pas encore communiqués.")
    remedy = _("Déposez le vôtre ; le président communique le tour quand chacun a déposé.")


class RoundOver(Refused):
    code = "DIS-433"
    says = _("Le tour %(round)d est communiqué : on n’y dépose plus rien.")
    remedy = _("Déposez au tour ouvert ; le président en ouvre un autre.")


class NotSealedToBench(Refused):
    """The server cannot read who the readers are; it can count them."""

    code = "DIS-434"
    says = _("Ce texte est scellé pour %(got)d {got:lecteur|lecteurs} ; la formation en compte %(want)d.")
    remedy = _(
        "Scellez-le pour tous les membres qui siègent, avec la liste de clés de cette page, et pour eux seuls. Rien n’a été gardé."
    )
    status = 422


class NoKey(Refused):
    code = "DIS-435"
    says = _("Membres sans clé confirmée : %(members)s.")
    remedy = _(
        "Chacun crée sa clé sur sa machine ; une seconde personne en confirme l’empreinte. Rien n’est scellé sans eux."
    )


class NotSealedToYou(Refused):
    code = "DIS-436"
    says = _("Ce texte n’est pas scellé pour votre clé.")
    remedy = _("Deux membres qui le lisent peuvent le resceller pour vous : l’un le fait, l’autre le confirme.")
    status = 403


class StillSilent(Refused):
    code = "DIS-437"
    says = _("Tour %(round)d : %(members)s n’ont rien déposé.")
    remedy = _("Attendez-les, ou donnez le motif pour lequel le tour est communiqué sans eux.")


class TwoReseal(Refused):
    """One member alone could put other words in the mouth of the writer."""

    code = "DIS-438"
    says = _("Un texte rescellé se confirme par un autre membre que celui qui l’a rescellé, et qui lit l’original.")
    remedy = _("Demandez à un autre lecteur du texte de comparer les deux et de confirmer.")
    status = 403


class AlreadyGiven(Refused):
    code = "DIS-439"
    says = _("Vous avez déjà voté sur le point %(point)d de ce tour.")
    remedy = _("Un vote ne se reprend pas ; le président peut ouvrir un autre tour sur ce point.")


class NotThePresident(Refused):
    code = "DIS-440"
    says = _("Seul le président de la formation ouvre et communique les tours.")
    remedy = _("Demandez-le-lui ; s’il ne siège pas, la formation en désigne un autre.")
    status = 403


class NotSealed(Refused):
    code = "DIS-441"
    says = _("Ce qui est déposé n’est pas un texte scellé : rien n’a été gardé.")
    remedy = _(
        "Scellez le texte sur votre machine, par la page ou par « kalata disputes seal », puis déposez le fichier."
    )
    status = 422


class Kind(StrEnum):
    """What a sealed text is for; the only word on it outside the seal."""

    OPINION = "opinion"
    DRAFT = "draft"
    VOTE = "vote"
    NOTE = "note"


KINDS: Mapping[str, str] = {
    Kind.OPINION: _("opinion"),
    Kind.DRAFT: _("projet"),
    Kind.VOTE: _("vote sur un point"),
    Kind.NOTE: _("note, question ou décompte"),
}


SILENCES: Mapping[str, str] = {
    "absent": _("ils sont absents"),
    "nothing": _("ils n’ont rien à ajouter"),
    "time": _("le délai pour juger court"),
}
"""Why a round is released before all have written: a word, not a text, so that nothing of it is written in clear."""


@dataclass(frozen=True, slots=True)
class Round:
    """A round of a deliberation. released: its texts are handed to all their readers."""

    number: int
    released: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A sealed text as the server knows it. readers: members to whose keys it was sealed."""

    number: int
    kind: Kind
    by: str
    round: Round
    readers: frozenset[str]
    point: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """The bench in deliberation of one case. keys: members with a confirmed key."""

    sitting: tuple[str, ...]
    president: str
    keys: frozenset[str]

    def enter(self, member: str) -> None:
        """DIS-431 for everybody who does not sit."""
        if not member or member not in self.sitting:
            raise NotOfTheBench

    def ready(self) -> None:
        """DIS-435: a bench of which a member has no key would leave him out of what is written."""
        if missing := [m for m in self.sitting if m not in self.keys]:
            raise NoKey(members=", ".join(missing))


def read(room: Room, item: Item, member: str) -> None:
    """Hand the bytes of a text to a member, or refuse: DIS-431, 436, 432, in this order.

    His own he reads at once; another's once the round is released.
    """
    room.enter(member)
    if member not in item.readers:
        raise NotSealedToYou
    if member != item.by and not item.round.released:
        raise NotReleased(round=item.round.number)


def readable(room: Room, items: Iterable[Item], member: str) -> list[Item]:
    """What this member may be handed now."""
    if member not in room.sitting:
        return []
    return [one for one in items if member in one.readers and (one.by == member or one.round.released)]


def deposit(
    room: Room, now: Round, member: str, kind: Kind, *, readers: int, point: int, before: Iterable[Item]
) -> None:
    """Take a sealed text from a member, or refuse. readers: how many the file itself tells."""
    room.enter(member)
    room.ready()
    if now.released:
        raise RoundOver(round=now.number)
    if readers != len(room.sitting):
        raise NotSealedToBench(got=readers, want=len(room.sitting))
    if kind is Kind.VOTE and any(
        one.by == member and one.kind is Kind.VOTE and one.point == point and one.round.number == now.number
        for one in before
    ):
        raise AlreadyGiven(point=point)


def release(room: Room, now: Round, member: str, *, wrote: Collection[str], reason: str) -> None:
    """Communicate a round to its readers: by the president, when all have written, or with a reason."""
    room.enter(member)
    if member != room.president:
        raise NotThePresident
    if now.released:
        raise RoundOver(round=now.number)
    silent = [m for m in room.sitting if m not in wrote]
    if silent and not reason.strip():
        raise StillSilent(round=now.number, members=", ".join(silent))


def reseal(room: Room, item: Item, member: str, *, readers: int) -> frozenset[str]:
    """A reader seals a text again, to all who sit now. The readers it then has; for them it waits for a second member."""
    read(room, item, member)
    room.ready()
    if readers != len(room.sitting):
        raise NotSealedToBench(got=readers, want=len(room.sitting))
    return frozenset(room.sitting)


def confirm(room: Room, original: Item, member: str, *, resealed_by: str) -> None:
    """A second reader of the original has compared both and says they are the same text. DIS-438."""
    room.enter(member)
    if member == resealed_by or member not in original.readers:
        raise TwoReseal
