"""What stops a passage of a paper: each refusal with its code, its sentence and its remedy."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.results.rules.lacking import Lacks as Lacks
from kalata.text import gettext_noop as _


class Illegal(Refused):
    """A change of state that the table does not have. No right and no role opens one."""

    code = "RES-410"
    says = _("Un procès-verbal « %(start)s » ne peut pas passer à « %(to)s ».")
    remedy = _("Suivez l’ordre des postes : depuis cet état, on peut passer à %(allowed)s.")


class AlreadyHere(Illegal):
    """The paper of a station is received a second time: most often the same one, passed twice."""

    code = "RES-437"
    says = _("Le bureau %(station)s est déjà reçu : par %(who)s, le %(when)s. Il est maintenant « %(state)s ».")
    remedy = _(
        "Passez au suivant. Si ce pli dit autre chose que le premier, signalez un incident sur la page du procès-verbal."
    )


class NotFirst(Illegal):
    """A reception is undone only where the paper was simply expected before it."""

    code = "RES-438"
    says = _("Cette réception ne s’annule pas : le procès-verbal était « %(state)s » avant elle.")
    remedy = _("Signalez un incident, avec ce qui s’est passé ; la réception le règle.")


class AlreadyAsked(Refused):
    """One act has one request at a time: a second one would only outdate the first."""

    code = "RES-454"
    says = _("Cet acte est déjà demandé par %(who)s : demande D-%(n)d.")
    remedy = _("Qu’une autre personne la décide, ou qu’elle soit retirée, avant d’en faire une autre.")


class NotYou(Refused):
    """The same person would look twice at the same paper."""

    code = "RES-412"
    says = _("Vous avez déjà tenu un autre poste sur ce procès-verbal : %(part)s.")
    remedy = _("Remettez-le à une autre personne. Peuvent agir : %(who)s.")
    status = 403

    def __init__(self, *, part: str, who: str = "–") -> None:
        super().__init__(part=part, who=who)


class NotHolder(Refused):
    code = "RES-413"
    says = _("Ce procès-verbal est tenu par une autre personne jusqu’à %(until)s.")
    remedy = _("Prenez le suivant de la file ; celui-ci se libère à l’expiration.")


class WrongOutcome(Refused):
    """The figures say another state than the one asked."""

    code = "RES-414"
    says = _("Les chiffres mènent à « %(to)s ».")
    remedy = _("Transmettez-les tels quels : l’état se déduit des deux saisies, il ne se choisit pas.")


class Open(Refused):
    """Findings that nobody has answered stop the report before validation."""

    code = "RES-415"
    says = _("%(n)d {n:constat reste ouvert|constats restent ouverts} sur ce procès-verbal : %(codes)s.")
    remedy = _("Un contrôleur y répond avec motif ; une erreur demande aussi une seconde personne.")


class Stale(Refused):
    """What was on the screen is no longer what is acted on. to, who, at: the last of the n passages since."""

    code = "RES-416"
    says = _(
        "Ce procès-verbal a changé depuis que vous l’avez ouvert (%(n)d {n:passage|passages} ; le dernier : « %(to)s », %(who)s, %(at)s)."
    )
    remedy = _("Rouvrez-le et relisez ses chiffres avant d’agir ; une saisie en cours est gardée en brouillon.")
    sentences = frozenset({"to"})

    def __init__(self, *, to: str, n: int = 1, who: str = "–", at: str = "–") -> None:
        super().__init__(to=to, n=n, who=who, at=at)


class AtItsDesk(Lacks):
    """A step that is taken another way: the way follows from the table, whoever asks does not choose it."""

    code = "RES-417"
    says = _("Le passage à « %(to)s » ne se fait pas ainsi : %(way)s.")
    remedy = _("Reprenez la page du procès-verbal : elle offre ce qui peut s’y faire. Rien n’a été enregistré.")
    status = 409
    sentences = frozenset({"to", "way"})


class Uncomputed(Refused):
    """Findings that were not computed from the figures that are kept."""

    code = "RES-418"
    says = _("Les contrôles n’ont pas été faits sur les chiffres arrêtés de ce procès-verbal.")
    remedy = _("Rien n’a été enregistré. Rouvrez le procès-verbal ; si cela revient, prévenez le superviseur.")


class OutsideSitting(Refused):
    """The commission acts together, never one of its members alone."""

    code = "RES-464"
    says = _("La commission n’agit sur un procès-verbal qu’en séance ouverte, quorum atteint.")
    remedy = _("Ouvrez une séance dont le territoire couvre ce bureau, puis agissez depuis cette séance.")
    status = 403
