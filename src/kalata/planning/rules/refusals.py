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
    says = _("%(n)d {n:remarque sur cette version attend|remarques sur cette version attendent} une réponse.")
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


class SameDays(Refused):
    code = "PLN-224"
    says = _("« %(pool)s » a déjà une capacité sur une partie de ces jours (du %(first)s au %(last)s).")
    remedy = _("Ôtez d’abord cette période, ou donnez d’autres jours. Rien n’a été enregistré.")
    status = 422


class PoolInUse(Refused):
    code = "PLN-225"
    says = _("« %(pool)s » est demandée par %(n)d {n:activité|activités} d’une version du plan.")
    remedy = _("Ôtez d’abord ces besoins dans un brouillon, ou donnez-lui une capacité nulle. Rien n’a été enregistré.")
    status = 409


class NoSuchPool(Refused):
    code = "PLN-226"
    says = _("La réserve « %(pool)s » n’est pas dans ce plan.")
    remedy = _("Rouvrez la page : elle a pu être ôtée. Rien n’a été enregistré.")
    status = 404


class AlreadyLevelling(Refused):
    code = "PLN-227"
    says = _("Un nivellement de la version %(number)s est en cours.")
    remedy = _("Attendez qu’il finisse, ou arrêtez-le.")
    status = 409


class NotLevelling(Refused):
    code = "PLN-228"
    says = _("Aucun nivellement de la version %(number)s n’est en cours.")
    remedy = _("Rouvrez la page : il a fini, ou une autre personne l’a arrêté.")
    status = 409


class LineDecided(Refused):
    code = "PLN-229"
    says = _("La ligne « %(value)s » de ce nivellement n’attend pas de décision.")
    remedy = _("Rouvrez la page : elle a été acceptée ou écartée, ou un autre nivellement a été fait. Rien n’a été enregistré.")  # fmt: skip
    status = 409


class BadPoolName(Refused):
    code = "PLN-230"
    says = _("« %(value)s » ne peut pas nommer une réserve.")
    remedy = _("Un nom court en lettres, chiffres, - ou _, sans espace ni « : » ni « ; ». Rien n’a été enregistré.")
    status = 422


class NoApprovedPlan(Refused):
    code = "PLN-231"
    says = _("Le plan « %(plan)s » n’a pas de version approuvée : aucun argent ne s’y engage.")
    remedy = _("Faites approuver une version du plan. Rien n’a été enregistré.")
    status = 409


class NoSuchLine(Refused):
    code = "PLN-232"
    says = _("La ligne « %(value)s » n’a pas de prix dans la version approuvée.")
    remedy = _("Choisissez une activité qui a une quantité et un prix. Rien n’a été enregistré.")
    status = 422


class AboveCredit(Refused):
    code = "PLN-233"
    says = _("La ligne « %(value)s » a un crédit de %(credit)s francs, dont %(taken)s sont déjà engagés : %(asked)s n’y tiennent pas.")  # fmt: skip
    remedy = _("Engagez moins, annulez un engagement, ou faites approuver un changement du plan. Rien n’a été enregistré.")  # fmt: skip
    status = 422


class NotReceivedYet(Refused):
    code = "PLN-234"
    says = _("« %(funder)s » a versé %(received)s francs, dont %(spent)s sont déjà ordonnés : %(asked)s ne sont pas là.")
    remedy = _("Attendez le versement, ou changez de bailleur. Une promesse ne paie pas. Rien n’a été enregistré.")
    status = 422


class AboveStage(Refused):
    code = "PLN-235"
    says = _("%(amount)s francs dépasseraient ce qui précède : %(limit)s au plus pour cette étape.")
    remedy = _("Convenez ou appelez d’abord davantage, pièce à l’appui. Rien n’a été enregistré.")
    status = 422


class NotThisStage(Refused):
    code = "PLN-236"
    says = _("Cette promesse est « %(state)s » : ce mouvement n’y a pas de place.")
    remedy = _("Suivez l’ordre : convenue, appelée, reçue. Rien n’a été enregistré.")
    status = 409
    sentences = frozenset({"state"})


class TakenBack(Refused):
    code = "PLN-237"
    says = _("Ce mouvement ne peut pas être repris : il l’est déjà, ou d’autres s’y appuient.")
    remedy = _("Reprenez d’abord ce qui en dépend (appels, reçus, paiements ordonnés). Rien n’a été enregistré.")
    status = 409


class AccountUsed(Refused):
    code = "PLN-238"
    says = _("Le compte « %(value)s » est employé, ou se contient lui-même.")
    remedy = _("Imputez d’abord ailleurs ses lignes et ses sous-comptes. Rien n’a été enregistré.")
    status = 409


class NoSuchThing(Refused):
    code = "PLN-239"
    says = _("« %(value)s » n’est pas dans ce plan.")
    remedy = _("Rouvrez la page : cet élément a pu être ôté. Rien n’a été enregistré.")
    status = 404


class TooShort(Refused):
    code = "PLN-240"
    says = _("« %(value)s » doit rester publié %(days)s {days:jour|jours} (%(source)s) : les plis ne s’ouvrent pas avant le %(first)s.")
    remedy = _("Attendez ce jour. Un délai faux se corrige avant la publication, ou en la recommençant. Rien n’a été enregistré.")
    status = 422


class NotReady(Refused):
    code = "PLN-241"
    says = _("%(place)s ne peut pas être décidé ainsi : %(points)s.")
    remedy = _("« Prêt » demande que chaque point soit dit oui ou sans objet ; « pas prêt » demande un motif. Rien n’a été enregistré.")  # fmt: skip
    status = 422


class PublishedSo(Refused):
    code = "PLN-242"
    says = _("« %(value)s » est « %(state)s » : ceci ne change plus : %(what)s.")
    remedy = _("Ce qui fut publié puis attribué reste tel. Pour acheter autre chose, déclarez l’appel infructueux et publiez à nouveau. Rien n’a été enregistré.")  # fmt: skip
    sentences = frozenset({"what", "state"})
    status = 409


class OnlyCosts(Refused):
    code = "PLN-251"
    says = _("« %(value)s » ne change pas que des prix, des quantités ou leur source (%(cells)s).")
    remedy = _("Remettez cette partie du fichier à la cellule de planification. Rien n’a été enregistré.")
    status = 403


class NothingRead(Refused):
    code = "PLN-252"
    says = _("Ce fichier ne change rien à cette version.")
    remedy = _("Vérifiez que c’est le fichier que vous avez modifié et enregistré.")
    status = 422


class NotToPublish(Refused):
    code = "PLN-253"
    says = _("La version %(number)s est « %(state)s », ou déjà publique.")
    remedy = _("Seule une version approuvée s’inscrit au registre ou se publie, et ne se publie qu’une fois. Rien n’a été enregistré.")
    status = 409
    sentences = frozenset({"state"})


class DayTaken(Refused):
    code = "PLN-254"
    says = _("Le %(day)s est déjà écrit dans ce calendrier.")
    remedy = _("Ôtez-le d’abord. Rien n’a été enregistré.")
    status = 409


class UnsourcedDay(Refused):
    code = "PLN-255"
    says = _("« %(value)s » n’a pas sa source.")
    remedy = _("Un décret se cite par son numéro et sa date ; sans source, dites que c’est une hypothèse. Rien n’a été enregistré.")
    status = 422


class NotFollowed(Refused):
    code = "PLN-256"
    says = _("« %(plan)s » n’est pas un plan approuvé que vous suivez.")
    remedy = _("Choisissez un plan approuvé, ou attendez que le vôtre le soit. Rien n’a été enregistré.")
    status = 409


class OwnHand(Refused):
    code = "PLN-257"
    says = _("Vous avez modifié la version %(number)s : une autre personne la signe.")
    remedy = _("Remettez-la à une personne qui n’y a rien écrit. Rien n’a été enregistré.")
    status = 403


class UnknownWork(Refused):
    code = "PLN-258"
    says = _("L’activité « %(value)s » nomme le calendrier « %(calendar)s », que cette version n’a pas.")
    remedy = _("Choisissez un calendrier de la version, ou décrivez-le d’abord à la page Calendrier. Rien n’a été enregistré.")
    status = 422


class CalendarUsed(Refused):
    code = "PLN-259"
    says = _("Des activités suivent le calendrier « %(value)s » : %(codes)s.")
    remedy = _("Donnez-leur d’abord un autre calendrier. Rien n’a été enregistré.")
    status = 409


class NotOffered(Refused):
    code = "PLN-260"
    says = _("« %(value)s » n’est pas, ou n’est plus, une ligne proposée : le plan la dit déjà, ou elle est écartée.")
    remedy = _("Relisez la page des chiffres à reprendre. Rien n’a été enregistré.")
    status = 409


class NotWrittenOver(Refused):
    code = "PLN-261"
    says = _("Ligne %(row)s, colonne « %(field)s » : « %(before)s » est inscrit, le fichier dit « %(after)s ».")
    remedy = _("Un fichier ajoute, il ne récrit rien : remettez cette case, et corrigez sur la page de cette promesse ou de ce paiement. Rien n’a été enregistré.")
    status = 409


class MoneyRowRefused(Refused):
    code = "PLN-262"
    says = _("Ligne %(row)s : %(why)s (%(code_said)s)")
    remedy = _("Corrigez cette ligne, puis recommencez avec le fichier entier. Rien n’a été enregistré.")
    status = 422
    sentences = frozenset({"why"})
