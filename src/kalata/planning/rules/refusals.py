"""What is refused while a plan is made: who may, what a draft is, what a hand does not write."""

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NotDraft(Refused):
    code = "PLN-201"
    says = _("La version %(number)s est « %(state)s » : elle ne se modifie plus.")
    remedy = _("Ouvrez un brouillon depuis la version approuvée, et demandez un changement. Rien n’a été enregistré.")
    status = 409
    sentences = frozenset({"state"})


class NotHere(Refused):
    code = "PLN-202"
    says = _("L’activité « %(value)s » n’est pas dans cette version.")
    remedy = _("Rouvrez le plan : elle a pu être ôtée. Rien n’a été enregistré.")
    status = 404


class MovedSince(Refused):
    code = "PLN-203"
    says = _("« %(codes)s » a changé depuis cette modification.")
    remedy = _("Rouvrez le plan et modifiez ce qui s’y trouve maintenant. Rien n’a été enregistré.")
    status = 409


class NothingToUndo(Refused):
    code = "PLN-204"
    says = _("Vous n’avez rien à annuler ni à rétablir dans cette version.")
    remedy = _("Chacun n’annule que ses propres modifications.")
    status = 409


class LegalDate(Refused):
    code = "PLN-205"
    says = _("La date de « %(value)s » vient de la loi : elle ne se déplace ni ne s’écrit à la main.")
    remedy = _("Changez le jour du scrutin, ou faites constater une dérogation au calendrier légal. Rien n’a été enregistré.")  # fmt: skip
    status = 422


class Unmovable(Refused):
    code = "PLN-206"
    says = _("« %(value)s » n’est tenue par aucune liaison que l’on puisse allonger.")
    remedy = _("Elle commence avec le plan, à une date légale ou à l’ouverture d’une fenêtre : modifiez ce qui la tient. Rien n’a été enregistré.")  # fmt: skip
    status = 422


class NoReferencePlan(Refused):
    code = "PLN-207"
    says = _("Le pack « %(pack)s » n’a pas de plan de référence pour « %(family)s ».")
    remedy = _("Ajoutez planning/activities-%(family)s.csv au dossier du pack.")
    status = 422


class NothingChanged(Refused):
    code = "PLN-208"
    says = _("Ce brouillon ne change rien à la version approuvée.")
    remedy = _("Modifiez-le avant de demander un changement.")
    status = 422


class BaseMoved(Refused):
    code = "PLN-209"
    says = _("La version approuvée est maintenant la version %(number)s : ce brouillon change une version remplacée.")
    remedy = _(
        "Ouvrez un brouillon depuis la version approuvée et portez-y vos modifications. Rien n’a été enregistré."
    )
    status = 409


class CodeTaken(Refused):
    code = "PLN-210"
    says = _("L’identifiant « %(value)s » est déjà pris dans cette version.")
    remedy = _("Choisissez-en un autre. Rien n’a été enregistré.")
    status = 422


class AlreadyLinked(Refused):
    code = "PLN-211"
    says = _("« %(pred)s » et « %(succ)s » sont déjà liées (%(type)s).")
    remedy = _("Ôtez d’abord cette liaison, ou choisissez un autre type. Rien n’a été enregistré.")
    status = 422


class NoSuchLink(Refused):
    code = "PLN-212"
    says = _("« %(succ)s » ne dépend pas de « %(pred)s ».")
    remedy = _("Rouvrez le plan : la liaison a pu être ôtée. Rien n’a été enregistré.")
    status = 404


class CannotSplit(Refused):
    code = "PLN-213"
    says = _("« %(value)s » ne peut pas être scindée ainsi.")
    remedy = _("Seule une activité sans date légale se scinde, après 1 jour au moins et avant le dernier de ses %(days)s. Rien n’a été enregistré.")  # fmt: skip
    status = 422


class NoSecondRound(Refused):
    code = "PLN-214"
    says = _("Les textes du pack ne donnent pas la date du second tour pour un vote le %(day)s.")
    remedy = _("Complétez le pack, ou ouvrez le plan d’un scrutin à un tour.")
    status = 422


class PlanExists(Refused):
    code = "PLN-215"
    says = _("Un plan « %(code)s » existe déjà.")
    remedy = _("Ouvrez-le, ou donnez un autre nom court.")
    status = 409


class DayPassed(Refused):
    code = "PLN-216"
    says = _("Le plan commence le %(start)s, après le jour du scrutin ou trop tard pour lui (%(day)s).")
    remedy = _("Donnez un premier jour avant le jour du scrutin.")
    status = 422


class EvidenceAsked(Refused):
    code = "PLN-217"
    says = _("« %(value)s » n’est faite que sur pièce.")
    remedy = _("Nommez la pièce qui prouve qu’elle est faite. Rien n’a été enregistré.")
    status = 422


class NotYetPassed(Refused):
    code = "PLN-218"
    says = _("Le jour dit pour « %(value)s » n’est pas encore passé.")
    remedy = _("Une date réelle n’est jamais dans l’avenir. Rien n’a été enregistré.")
    status = 422


class OpenRemarks(Refused):
    code = "PLN-219"
    says = _("%(n)s remarque(s) sur cette version attendent une réponse.")
    remedy = _("Répondez à chacune avant de soumettre.")
    status = 409


class TwoRoles(Refused):
    code = "PLN-220"
    says = _("Cette version doit être signée par deux rôles différents.")
    remedy = _("Remettez-la à une personne d’un autre rôle que celui qui a visé. Rien n’a été enregistré.")
    status = 403


class NotAwaited(Refused):
    code = "PLN-221"
    says = _("La version %(number)s est « %(state)s », ou déjà visée : elle n’attend ni visa ni retour.")
    remedy = _("Rouvrez la version et lisez où elle en est. Rien n’a été enregistré.")
    status = 409
    sentences = frozenset({"state"})


class AlreadyDrawing(Refused):
    code = "PLN-222"
    says = _("Un tirage de la version %(number)s est en cours.")
    remedy = _("Attendez qu’il finisse, ou arrêtez-le.")
    status = 409


class NotDrawing(Refused):
    code = "PLN-223"
    says = _("Aucun tirage de la version %(number)s n’est en cours.")
    remedy = _("Rouvrez la page : il a fini, ou une autre personne l’a arrêté.")
    status = 409
