"""First instance: bodies before the Court (commission, judge, tribunal), what they may decide, and what keeps a decision back.

Bodies, quorum and limits are the pack's. What the law does not say is told, never guessed: a quorum that nobody found
forbids nothing and is said beside the signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

from .remedies import Body, Norms, Remedy
from .steps import BENCH, PRESIDE, PUBLISH, RAPPORTEUR, REGISTRY

KEEP, SIT, HEAD, OPEN = "disputes.first_keep", "disputes.first_sit", "disputes.first_preside", "disputes.first_open"
OWN: Mapping[str, tuple[str, ...]] = {
    REGISTRY: (KEEP,), PUBLISH: (KEEP,), RAPPORTEUR: (SIT,), BENCH: (SIT,), PRESIDE: (HEAD,),
}  # fmt: skip
"""Who takes at first instance the steps of the one table of cases."""
JUDGE = "judge"
OUTCOMES: Mapping[str, str] = {
    "granted": _("fait droit à la demande"), "partly": _("fait droit en partie"), "unfounded": _("rejette, mal fondée"),
    "inadmissible": _("rejette, irrecevable"), "no_jurisdiction": _("se dit incompétent"), "withdrawn": _("donne acte du désistement"),
}  # fmt: skip
GRANTS = ("granted", "partly")
ORDERS: Mapping[str, Mapping[str, str]] = {
    "register": {
        "enrol": _("inscrire sur la liste électorale"), "remove": _("radier de la liste électorale"),
        "transfer": _("transférer à un autre bureau"), "amend": _("rectifier la mention de l’électeur"),
    },
    "candidacy": {"admit": _("admettre la candidature"), "reject": _("écarter la candidature"), "replace": _("admettre un remplacement")},
    "convening": {"quash": _("annuler l’acte de convocation"), "correct": _("rectifier l’acte de convocation")},
    "campaign": {"stop": _("faire cesser le trouble"), "allow": _("lever l’interdiction"), "restore": _("rétablir l’accès aux médias")},
}  # fmt: skip
"""What a body may order, by the act attacked. Beside these, what is ordered is written in words (`other`)."""
OTHER = "other"
MARKS: Mapping[str, str] = {
    "register": "LE", "candidacy": "CA", "convening": "CV", "campaign": "CP", "operations": "OP", "results": "RE",
}  # fmt: skip
FORM = "{year}-{rank}/{court}-{kind}"


class NoOffice(Refused):
    code = "DIS-901"
    says = _("Le greffe « %(code)s » ne peut pas être ouvert : %(why)s.")
    remedy = _("Choisissez un organe que le pack nomme, et un code qui n’a pas servi (CAKATI).")
    status = 422
    sentences = frozenset({"why"})


class NotOfThisBody(Refused):
    code = "DIS-902"
    says = _("Le pack n’ouvre devant %(body)s aucun recours contre cet acte (%(about)s) pour ce scrutin.")
    remedy = _("La page des voies de recours dit quel organe le reçoit.")
    status = 422
    sentences = frozenset({"body", "about"})


class NotWritable(Refused):
    code = "DIS-903"
    says = _("La décision de l’affaire %(case)s ne s’écrit plus : l’affaire est « %(state)s ».")
    remedy = _("Une décision s’écrit pendant le délibéré ; le président la renvoie du contrôle si elle doit changer.")
    sentences = frozenset({"state"})


class NothingWritten(Refused):
    code = "DIS-904"
    says = _("Aucune décision n’est écrite dans l’affaire %(case)s, ou elle a changé depuis la page lue.")
    remedy = _("Rouvrez la page : elle montre le texte sur lequel on vote.")


class VotedAlready(Refused):
    code = "DIS-905"
    says = _("Vous avez déjà voté sur ce texte, ou vous n’êtes pas de ceux qui votent.")
    remedy = _("Un vote se donne une fois ; un texte changé se vote de nouveau.")


class Kept(Refused):
    code = "DIS-906"
    says = _("La décision ne peut pas être signée : %(why)s")
    remedy = _("La page de l’affaire dit chaque point qui la retient.")
    sentences = frozenset({"why"})


class NoAppeal(Refused):
    code = "DIS-907"
    says = _("L’affaire « %(case)s » n’est pas une décision rendue qui s’attaque ici : %(why)s.")
    remedy = _("Écrivez le numéro de l’affaire décidée, ou laissez la case vide.")
    status = 422
    sentences = frozenset({"why"})


class AsideAlready(Refused):
    code = "DIS-908"
    says = _("Vous vous êtes déporté de l’affaire %(case)s : aucun acte n’y est de vous.")
    remedy = _("Un autre membre le fait.")
    status = 403


class NotAdoptedYet(Refused):
    code = "DIS-909"
    says = _("La décision de l’affaire %(case)s ne s’imprime pas encore : son texte n’est pas adopté.")
    remedy = _("Elle s’imprime pour être signée une fois le texte voté ; avant, il est le secret du délibéré.")


class ExemplarKept(Refused):
    code = "DIS-910"
    says = _("Cette pièce est l’exemplaire signé de la décision %(number)s : elle ne se raye pas.")
    remedy = _("Une décision rendue s’attaque devant l’organe que dit la page de l’affaire.")


@dataclass(frozen=True, slots=True)
class Said:
    """A decision as it was written. of: its digest, which votes bind to; grounds: keys to answer."""

    outcome: str
    order: str
    words: str
    reasons: Mapping[str, str]
    grounds: tuple[str, ...]
    articles: tuple[str, ...]
    breach: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    """Votes on the very text. head: how the president voted (None: not, or two who preside voted apart)."""

    ayes: int = 0
    noes: int = 0
    head: bool | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """What stands beside the text: the body, its votes, parties not served, limits past, who wrote and who signs.

    late: limits over by now under every reading; doubtful: under one reading only; struck: parties and papers to be served
    that the registry struck: nobody need be told of the case through them.
    """

    body: Body
    ballot: Ballot
    unserved: int = 1
    late: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    drafters: frozenset[int] = frozenset()
    signer: int | None = None
    struck: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """faults: what forbids the signature; warnings: what is said beside it."""

    faults: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = field(default=())

    def record(self) -> dict[str, object]:
        return {"faults": [m.both() for m in self.faults], "warnings": [m.both() for m in self.warnings]}


def carried(body: Body, ballot: Ballot, *, written: bool) -> bool:
    """Is the text adopted: by the judge alone who signs it, or by more votes for than against, the quorum present."""
    if body.decides == JUDGE:
        return written
    cast = ballot.ayes + ballot.noes
    if not written or cast == 0 or (body.quorum is not None and cast < body.quorum):
        return False
    if ballot.ayes == ballot.noes:
        return bool(body.casting_vote) and ballot.head is True
    return ballot.ayes > ballot.noes


def orders_of(about: str) -> dict[str, str]:
    return {**ORDERS.get(about, {}), OTHER: _("autre mesure, écrite en mots")}


def written_faults(said: Said | None) -> list[Message]:
    """What the text itself lacks."""
    if said is None:
        return [Message(_("Aucune décision n’est écrite."))]
    out: list[Message] = []
    if said.outcome not in OUTCOMES:
        out.append(Message(_("L’issue n’est pas dite.")))
    bare = tuple(key for key in said.grounds if not said.reasons.get(key, "").strip())
    if bare:
        out.append(Message(_("Griefs sans motif : %(grounds)s."), {"grounds": ", ".join(bare)}))
    gone = tuple(key for key, text in said.reasons.items() if text.strip() and key not in said.grounds)
    if gone:
        out.append(Message(_("Griefs rayés depuis que le texte est écrit : %(grounds)s. Il s’écrit et se vote de nouveau."), {"grounds": ", ".join(gone)}))  # fmt: skip
    if said.outcome in GRANTS and not said.order:
        out.append(Message(_("La demande est accueillie sans dire ce qui est ordonné.")))
    if said.outcome in OUTCOMES and said.outcome not in GRANTS and said.order:
        out.append(Message(_("La demande est rejetée et quelque chose est ordonné : l’un des deux est de trop.")))
    if said.order and not said.words.strip():
        out.append(Message(_("Ce qui est ordonné n’est pas écrit : qui, quoi, où.")))
    return out


def examine(said: Said | None, stage: Stage) -> Verdict:
    """The gate of a decision of first instance: everything that forbids its signature now."""
    out, warn = written_faults(said), []
    if said is not None and stage.known:
        odd = [one for one in said.articles if one not in stage.known]
        if odd:
            out.append(Message(_("Normes que le pack ne connaît pas : %(norms)s."), {"norms": ", ".join(odd)}))
        if not said.articles:
            warn.append(Message(_("Aucune norme n’est citée.")))
    if stage.unserved:
        out.append(Message(_("Parties non atteintes : %(n)d."), {"n": stage.unserved}))
    if stage.struck:
        warn.append(Message(_("Parties ou notifications rayées par le greffe, qui n’ont pas à être atteintes : %(n)d."), {"n": stage.struck}))  # fmt: skip
    out += vote_faults(said, stage, warn)
    if said is not None and stage.late and not said.breach.strip():
        out.append(Message(_("Le délai pour décider est passé (%(limits)s) et la décision ne dit pas pourquoi."), {"limits": ", ".join(stage.late)}))  # fmt: skip
    if stage.doubtful:
        warn.append(Message(_("Le délai pour décider est passé selon une lecture : %(limits)s."), {"limits": ", ".join(stage.doubtful)}))  # fmt: skip
    if stage.signer is not None and stage.signer in stage.drafters:
        out.append(Message(_("Qui a écrit la décision ne la signe pas.")))
    return Verdict(tuple(out), tuple(warn))


def vote_faults(said: Said | None, stage: Stage, warn: list[Message]) -> list[Message]:
    body, ballot = stage.body, stage.ballot
    if body.decides == JUDGE:
        return []
    cast, out = ballot.ayes + ballot.noes, []
    if body.quorum is None:
        warn.append(Message(_("Quorum non trouvé dans les textes lus : personne n’a vérifié qu’il est atteint.")))
    elif cast < body.quorum:
        out.append(Message(_("Votes sur ce texte : %(n)d ; quorum : %(quorum)d."), {"n": cast, "quorum": body.quorum}))
    if body.members is not None and cast > body.members:
        out.append(Message(_("Votes sur ce texte : %(n)d ; l’organe a %(members)d {members:membre|membres}."), {"n": cast, "members": body.members}))  # fmt: skip
    if said is not None and not carried(body, ballot, written=True) and (body.quorum is None or cast >= body.quorum):
        out.append(Message(_("Ce texte n’est pas adopté ; votes donnés : %(n)d."), {"n": cast}))  # the count stays secret until it is
    return out


# --- the ways of the law ----------------------------------------------------------------------------
def before(norms: Norms, contest: str, about: str, codes: tuple[str, ...]) -> Remedy | None:
    """The remedy against an act that a body receives; None where the pack opens none before it."""
    found = [one for one in norms.remedies_for(contest, about) if one.body in codes]
    return min(found, key=lambda r: (r.stage, r.basis.id), default=None)


def after(norms: Norms, contest: str, about: str, codes: tuple[str, ...]) -> Remedy | None:
    """The remedy against what a body decided: the next stage of the same act; None where the pack knows none."""
    own = before(norms, contest, about, codes)
    if own is None:
        return None
    above = [r for r in norms.remedies_for(contest, about) if r.stage > own.stage]
    return min(above, key=lambda r: (r.stage, r.basis.id), default=None)


def numbered(form: str, *, year: int, rank: int, office: str, about: str) -> str:
    """The number of a decision in the form that its institution has in the pack."""
    parts = {"year": str(year), "rank": f"{rank:02d}", "court": office, "kind": MARKS.get(about, "PI")}
    for name, value in parts.items():
        form = form.replace(f"{{{name}}}", value)
    return form
