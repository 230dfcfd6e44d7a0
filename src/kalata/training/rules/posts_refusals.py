"""What is refused of posts, in words. POS-1xx: what an act lacks; POS-2xx: a list of staff; POS-3xx: the day."""

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NotOpen(Refused):
    code = "POS-103"
    says = _("Les postes de ce scrutin ne sont pas ouverts.")
    remedy = _("Ouvrez-les d’abord depuis le pack : chaque bureau reçoit les siens.")
    status = 409


class AlreadyOpen(Refused):
    code = "POS-104"
    says = _("Les postes de ce scrutin sont déjà ouverts.")
    remedy = _("Ouvrez le tableau : il les montre. Un bureau ajouté depuis se complète par « ajouter les bureaux nouveaux ».")  # fmt: skip
    status = 409


class NoPositions(Refused):
    code = "POS-105"
    says = _("Le pack « %(pack)s » ne dit la composition d’aucun bureau.")
    remedy = _("Ajoutez posts.yaml au dossier du pack, avec la source de chaque poste.")
    status = 422


class NotEntitled(Refused):
    code = "POS-106"
    says = _("Le poste %(post)s est proposé par %(want)s, non par %(got)s.")
    remedy = _("Demandez la proposition à l’organe que le texte désigne. Rien n’a été enregistré.")
    status = 422
    sentences = frozenset({"want", "got"})


class ByDrawOnly(Refused):
    code = "POS-107"
    says = _("Le poste %(post)s se tire au sort : une proposition ne le pourvoit pas.")
    remedy = _("Publiez l’empreinte d’une graine, puis tirez. Rien n’a été enregistré.")
    status = 422


class WrongState(Refused):
    code = "POS-108"
    says = _("Le poste %(post)s est « %(state)s » : cet acte ne s’y fait pas.")
    remedy = _("Rouvrez le poste et lisez où il en est. Rien n’a été enregistré.")
    status = 409
    sentences = frozenset({"state"})


class Barred(Refused):
    code = "POS-109"
    says = _("%(who)s ne peut tenir %(post)s : %(why)s.")
    remedy = _(
        "Proposez une autre personne, ou faites lever la déclaration si elle est fausse. Rien n’a été enregistré."
    )
    status = 409
    sentences = frozenset({"why"})


class NothingToAppoint(Refused):
    code = "POS-110"
    says = _("Aucun poste proposé ne répond à cette demande.")
    remedy = _("Importez les propositions, ou choisissez une autre zone.")
    status = 422


class TooManyAtOnce(Refused):
    code = "POS-111"
    says = _("%(n)s {n:poste serait nommé|postes seraient nommés} par un seul acte ; un acte en porte %(most)s au plus.")
    remedy = _("Choisissez une zone plus petite : chaque acte se lit avant d’être signé.")
    status = 422


class HeldTwice(Refused):
    code = "POS-112"
    says = _("%(who)s tient déjà le poste %(post)s.")
    remedy = _("Une personne ne tient qu’un poste. Proposez quelqu’un d’autre. Rien n’a été enregistré.")
    status = 409


# --- a list of staff -------------------------------------------------------------------------------
class BadRow(Refused):
    code = "POS-201"
    says = _("Ligne %(row)s, %(field)s : « %(value)s » n’est pas lu. Forme attendue : %(form)s.")
    remedy = _("Corrigez cette ligne et recommencez. Rien n’a été enregistré.")
    status = 422


class UnknownPost(Refused):
    code = "POS-202"
    says = _("Ligne %(row)s : le bureau « %(station)s » n’a pas de poste « %(position)s ».")
    remedy = _("Écrivez le code du bureau et le poste tels que la liste des postes les donne. Rien n’a été enregistré.")
    status = 422


class PostTwice(Refused):
    code = "POS-203"
    says = _("Lignes %(first)s et %(row)s : le poste %(position)s du bureau %(station)s y est deux fois.")
    remedy = _("Gardez une seule ligne par poste. Rien n’a été enregistré.")
    status = 422


class Homonyms(Refused):
    code = "POS-204"
    says = _("Lignes %(rows)s : « %(name)s » y est plusieurs fois et rien ne distingue ces personnes.")
    remedy = _(
        "Donnez à chacune son matricule ou sa date de naissance : un nom n’est pas une identité. Rien n’a été enregistré."
    )
    status = 422


class OnePersonTwoPosts(Refused):
    code = "POS-205"
    says = _("Lignes %(rows)s : « %(name)s » est inscrit sur plusieurs postes.")
    remedy = _("Une personne ne tient qu’un poste. Gardez la bonne ligne. Rien n’a été enregistré.")
    status = 422


class SharedTelephone(Refused):
    code = "POS-206"
    says = _("Lignes %(rows)s : un même numéro de téléphone pour %(n)s {n:personne|personnes} (%(phone)s).")
    remedy = _(
        "Si le village partage bien ce téléphone, cochez « numéros partagés relus » ; sinon corrigez. Rien n’a été enregistré."
    )
    status = 422


class AfterThePoll(Refused):
    code = "POS-207"
    says = _("Ligne %(row)s, %(field)s : %(value)s ne va pas avec un vote le %(poll)s.")
    remedy = _(
        "Relisez cette date : une naissance se compte avant le vote, de 18 ans au moins ; une attestation expire après sa remise. Rien n’a été enregistré."
    )
    status = 422


class MissingColumn(Refused):
    code = "POS-208"
    says = _("Le fichier n’a pas la colonne « %(name)s ». Colonnes lues : %(known)s.")
    remedy = _("Reprenez le modèle de liste et gardez ses titres. Rien n’a été enregistré.")
    status = 422


class OutsideReach(Refused):
    code = "POS-209"
    says = _("Ligne %(row)s : le bureau « %(station)s » n’est pas dans votre territoire.")
    remedy = _("Remettez cette ligne à la coordination de ce territoire. Rien n’a été enregistré.")
    status = 403


class EmptyList(Refused):
    code = "POS-210"
    says = _("Cette liste ne propose personne et ne nomme aucun poste.")
    remedy = _("Vérifiez le fichier : il faut une ligne par poste.")
    status = 422


class KnownElsewhere(Refused):
    code = "POS-211"
    says = _("Ligne %(row)s : « %(name)s » tient déjà le poste %(post)s.")
    remedy = _("Retirez cette ligne, ou faites d’abord cesser l’autre fonction. Rien n’a été enregistré.")
    status = 409


class NumberOfAnother(Refused):
    code = "POS-212"
    says = _("Ligne %(row)s : le matricule « %(code)s » n’est pas celui de « %(name)s ».")
    remedy = _("Corrigez le nom ou le matricule, ou laissez le matricule vide pour une personne nouvelle. Rien n’a été enregistré.")  # fmt: skip
    status = 409


class NumberTaken(Refused):
    code = "POS-213"
    says = _("Un acte de nomination porte déjà le numéro « %(number)s » pour ce scrutin.")
    remedy = _("Donnez à celui-ci un autre numéro. Rien n’a été enregistré.")
    status = 409


class AttestedHere(Refused):
    code = "POS-214"
    says = _("Ligne %(row)s : la formation de « %(code)s » est attestée ici ; une liste ne dit pas autre chose que son attestation.")
    remedy = _("Laissez vides les colonnes de l’attestation de cette personne. Rien n’a été enregistré.")
    status = 409


class EnoughToday(Refused):
    code = "POS-216"
    says = _("Vous avez fait %(n)d {n:inscription|inscriptions} au registre depuis hier à cette heure.")
    remedy = _("Complétez-les de vive voix auprès de la personne qui tient le registre, ou revenez demain. Rien n’a été enregistré.")
    status = 429


# --- declarations and lots ---------------------------------------------------------------------------
class NotLifted(Refused):
    code = "POS-113"
    says = _("Cette déclaration ne peut être levée ainsi.")
    remedy = _("Une autre personne que celle qui l’a écrite la lève, une fois, avec un motif. Rien n’a été enregistré.")
    status = 409


class NoPlacesToDraw(Refused):
    code = "POS-114"
    says = _("Aucune place de ce poste ne se tire au sort.")
    remedy = _("Choisissez un poste dont le pack dit que les places se tirent au sort.")
    status = 422


class BadPromise(Refused):
    code = "POS-115"
    says = _("L’empreinte annoncée n’est pas un SHA-256 : 64 chiffres de 0 à f.")
    remedy = _("Calculez-la sur la graine scellée et recopiez-la entière. Rien n’a été enregistré.")
    status = 422


class TooFewNames(Refused):
    code = "POS-116"
    says = _("%(n)s {n:nom|noms} pour %(places)s {places:place|places} : le tirage n’en laisserait pas le choix au sort.")
    remedy = _("Complétez la liste des noms avant de l’arrêter. Rien n’a été enregistré.")
    status = 422


class AlreadyDrawn(Refused):
    code = "POS-117"
    says = _("Ce tirage est déjà annoncé, ou déjà fait.")
    remedy = _("Ouvrez-le : il montre l’empreinte, la graine et le résultat.")
    status = 409


class NotDrawnHere(Refused):
    code = "POS-118"
    says = _("Qui a annoncé un tirage ne publie pas sa graine.")
    remedy = _("Faites publier la graine par une autre personne. Rien n’a été enregistré.")
    status = 403
