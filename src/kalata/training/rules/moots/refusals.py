"""What is refused of moot cases, of their sittings, of ratings and of plans of action (TRN-521 to TRN-54x)."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class BadCase(Refused):
    code = "TRN-521"
    says = _("Affaire-école « %(case)s », champ « %(field)s » : « %(value)s » ne peut pas être lu.")
    remedy = _("Écrivez ce champ sous la forme %(form)s, puis recommencez. Rien n’a été enregistré.")
    status = 422


class RealName(Refused):
    code = "TRN-522"
    says = _("Champ « %(field)s » : « %(name)s » est un nom réel (%(kind)s).")
    remedy = _("Remplacez-le par un nom inventé, que nul registre de la maison ne porte. Rien n’a été enregistré.")
    status = 422
    sentences = frozenset({"kind"})


class NotADraft(Refused):
    code = "TRN-523"
    says = _("La version %(number)d est « %(state)s » : seul un brouillon se modifie ou se propose.")
    remedy = _("Ouvrez un brouillon depuis la version en vigueur. Rien n’a été enregistré.")
    sentences = frozenset({"state"})


class NotApproved(Refused):
    code = "TRN-524"
    says = _("L’affaire « %(case)s » n’a pas de version approuvée.")
    remedy = _("Faites approuver une version par deux personnes ; une séance se tient sur elle seule.")


class BenchSize(Refused):
    code = "TRN-525"
    says = _("Une formation de jugement compte au moins %(least)d {least:personne|personnes} et au plus %(most)d : vous en donnez %(n)d.")
    remedy = _("Corrigez la liste, un compte par ligne, la présidence d’abord. Rien n’a été enregistré.")
    status = 422


class NotTwoRaters(Refused):
    code = "TRN-526"
    says = _("Il faut exactement deux notateurs, différents, qui ne siègent pas et n’animent pas : %(why)s.")
    remedy = _("Donnez deux comptes qui portent le droit de noter. Rien n’a été enregistré.")
    status = 422
    sentences = frozenset({"why"})


class UnknownAccount(Refused):
    code = "TRN-527"
    says = _("Le compte « %(name)s » n’existe pas ou est fermé.")
    remedy = _("Vérifiez l’orthographe du compte. Rien n’a été enregistré.")
    status = 422


class NotNow(Refused):
    code = "TRN-528"
    says = _("Cette séance est « %(state)s » : cet acte ne s’y fait pas.")
    remedy = _("Rouvrez la page de la séance : elle offre ce qui peut s’y faire. Rien n’a été enregistré.")
    sentences = frozenset({"state"})


class NotThisStage(Refused):
    code = "TRN-529"
    says = _("La question « %(question)s » n’est pas de l’étape ouverte.")
    remedy = _(
        "Répondez aux questions de l’étape ouverte ; une étape fermée ne se rouvre pas. Rien n’a été enregistré."
    )


class BadAnswer(Refused):
    code = "TRN-530"
    says = _("Question « %(question)s » : « %(value)s » ne peut pas être lu comme réponse.")
    remedy = _("Répondez sous la forme %(form)s. Rien n’a été enregistré.")
    status = 422


class NoSeat(Refused):
    code = "TRN-531"
    says = _("Vous ne siégez pas dans cette séance.")
    remedy = _("Seule la personne qui siège répond pour elle ; qui anime recopie les feuilles de papier.")
    status = 403


class NotRater(Refused):
    code = "TRN-532"
    says = _("Vous ne notez pas cette séance.")
    remedy = _("Ses deux notateurs sont nommés à sa préparation.")
    status = 403


class RatedTwice(Refused):
    code = "TRN-533"
    says = _("Vous avez déjà remis votre feuille pour cette personne.")
    remedy = _("Une feuille remise ne change plus : un écart se discute une fois les deux feuilles remises.")


class Unrated(Refused):
    code = "TRN-534"
    says = _("Critère « %(criterion)s » : un niveau de 0 à 4 est attendu.")
    remedy = _("Donnez un niveau à chaque critère de la grille. Rien n’a été enregistré.")
    status = 422


class NotBoth(Refused):
    code = "TRN-535"
    says = _("%(n)d {n:feuille de notation manque|feuilles de notation manquent}.")
    remedy = _("Les deux notateurs remettent d’abord leurs feuilles, sans se lire l’un l’autre.")


class Undiscussed(Refused):
    code = "TRN-536"
    says = _(
        "%(n)d {n:écart de deux niveaux ou plus n’a pas été discuté|écarts de deux niveaux ou plus n’ont pas été discutés}."
    )
    remedy = _(
        "Les deux notateurs inscrivent chacun le même niveau convenu pour chaque écart, puis rendent les résultats."
    )


class NothingToDiscuss(Refused):
    code = "TRN-537"
    says = _("Le critère « %(criterion)s » n’a pas d’écart à discuter.")
    remedy = _("Seuls les écarts de deux niveaux ou plus se discutent. Rien n’a été enregistré.")
    status = 422


class NoMoreStages(Refused):
    code = "TRN-538"
    says = _("L’étape %(stage)d ne s’ouvre pas : les étapes s’ouvrent l’une après l’autre.")
    remedy = _("Rouvrez la page de la séance. Rien n’a été enregistré.")


class BadEntries(Refused):
    code = "TRN-539"
    says = _("Fichier de la séance, ligne %(row)d : %(why)s (%(value)s).")
    remedy = _("Rendez le fichier tel que la page sans réseau l’a écrit, pour cette séance. Rien n’a été enregistré.")
    status = 422
    sentences = frozenset({"why"})


class NoPlan(Refused):
    code = "TRN-540"
    says = _(
        "Un plan d’action se dépose une fois, par qui a siégé dans une séance de conduite, avec une à cinq actions."
    )
    remedy = _("Ouvrez la séance d’éthique ou de crise où vous avez siégé. Rien n’a été enregistré.")
    status = 422


class NotDue(Refused):
    code = "TRN-541"
    says = _("Le suivi à %(days)d {days:jour|jours} n’est pas dû avant le %(due)s, ou il est déjà donné.")
    remedy = _("Revenez à cette date : un rappel l’annonce. Rien n’a été enregistré.")


class OneDraft(Refused):
    code = "TRN-542"
    says = _("La version %(number)d de cette affaire est déjà un brouillon.")
    remedy = _("Continuez ce brouillon, ou abandonnez-le. Rien n’a été enregistré.")


class AnsweredThemselves(Refused):
    code = "TRN-543"
    says = _("Place %(seat)d, question %(question)s : cette personne a répondu elle-même à l’écran.")
    remedy = _("Sa réponse reste. Si la feuille dit autre chose, elle la change elle-même à l’écran avant que l’étape se ferme. Rien n’a été enregistré.")  # fmt: skip


class CaseThere(Refused):
    code = "TRN-544"
    says = _("Une affaire « %(code)s » existe déjà.")
    remedy = _("Prenez un autre code, ou ouvrez un brouillon de celle-là. Rien n’a été enregistré.")
    status = 422
