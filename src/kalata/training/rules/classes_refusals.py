"""What is refused of kept cascades (TRN-5xx), and of classes, papers, payments and certificates (TRN-6xx), in words."""

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class PostsClosed(Refused):
    code = "TRN-501"
    says = _("Les postes de ce scrutin ne sont pas ouverts : il n’y a personne à former.")
    remedy = _("Ouvrez d’abord les postes du scrutin, puis revenez avec les lieux et les binômes.")


class ListUnknown(Refused):
    code = "TRN-502"
    says = _("Ligne %(row)d : le poste %(position)s du bureau %(station)s n’est pas un poste de ce scrutin.")
    remedy = _(
        "Corrigez le bureau ou le poste ; un poste sans titulaire se laisse « à nommer ». Rien n’a été enregistré."
    )
    status = 422


class NotFeasible(Refused):
    code = "TRN-503"
    says = _("Ce plan laisse %(n)d {n:classe|classes} sans place : il ne se publie pas.")
    remedy = _("Prenez une des sorties, ou changez la fenêtre, les lieux ou les binômes.")


class NotDraftPlan(Refused):
    code = "TRN-504"
    says = _("Ce plan est « %(state)s » : il ne se modifie plus.")
    remedy = _("Pour changer un plan publié, réparez-le : la réparation est un plan nouveau, signé à deux.")
    sentences = frozenset({"state"})


class NoSuchWay(Refused):
    code = "TRN-505"
    says = _("Cette sortie n’est pas, ou n’est plus, une sortie de ce plan.")
    remedy = _("Rouvrez le plan : les sorties affichées sont celles d’aujourd’hui. Rien n’a été changé.")


class AnotherPublished(Refused):
    code = "TRN-506"
    says = _("Un autre plan de ce scrutin est publié : le plan n° %(number)d.")
    remedy = _("Réparez celui-là ; deux plans publiés placeraient deux fois les mêmes personnes.")


class NoSuchVenue(Refused):
    code = "TRN-507"
    says = _("Ce plan n’a pas, à partir du %(on)s, de classe dans ce lieu.")
    remedy = _("Choisissez un lieu où des classes restent à tenir.")


class UnknownTrainer(Refused):
    code = "TRN-508"
    says = _("Ligne %(row)d : aucun compte de formateur en service ne porte le nom %(name)s.")
    remedy = _(
        "Écrivez l’identifiant d’un compte qui tient des séances, ou laissez la case vide. Rien n’a été enregistré."
    )
    status = 422


class BadWindow(Refused):
    code = "TRN-509"
    says = _(
        "La fenêtre va du %(first)s au %(last)s et le vote est le %(poll)s : elle doit finir avant le vote et ne pas dépasser soixante jours."
    )
    remedy = _("Corrigez les jours. Rien n’a été enregistré.")
    status = 422


class ClassMoved(Refused):
    code = "TRN-510"
    says = _("La séance %(code)s est « %(state)s » : une réparation ne la déplace plus.")
    remedy = _("Refaites la réparation : ce qui a été tenu depuis reste où cela fut tenu.")
    sentences = frozenset({"state"})


class NotYourClass(Refused):
    code = "TRN-602"
    says = _("La séance %(code)s n’est pas la vôtre : seul un formateur de son binôme la tient.")
    remedy = _("La logistique de la formation peut vous confier cette séance.")
    status = 403


class NotItsDay(Refused):
    code = "TRN-603"
    says = _("La séance %(code)s est du %(first)s au %(last)s : elle ne se tient pas avant.")
    remedy = _("Émargez à partir du premier jour de la séance. Rien n’a été enregistré.")


class WrongDayCode(Refused):
    code = "TRN-604"
    says = _("Place %(seat)s : le code du jour « %(code)s » n’est pas celui de cette séance.")
    remedy = _(
        "Relisez le code sur la feuille ; sans le bon code, la personne n’a qu’une preuve de présence. Rien n’a été enregistré."
    )
    status = 422


class TwoPlaces(Refused):
    code = "TRN-605"
    says = _("%(who)s est déjà noté présent à la séance %(other)s, du même jour.")
    remedy = _(
        "Une personne n’est formée qu’en un lieu le même jour : vérifiez laquelle des deux feuilles dit vrai. Rien n’a été enregistré."
    )


class NobodyThere(Refused):
    code = "TRN-606"
    says = _("Place %(seat)s : personne n’y est nommé.")
    remedy = _("Écrivez le matricule de la personne venue, ou laissez la place absente. Rien n’a été enregistré.")
    status = 422


class UnknownAgent(Refused):
    code = "TRN-607"
    says = _("Place %(seat)s : le matricule %(code)s n’est connu d’aucune liste de ce scrutin.")
    remedy = _("La coordination des agents l’ajoute d’abord à une liste ou à la réserve. Rien n’a été enregistré.")
    status = 422


class ClassState(Refused):
    code = "TRN-608"
    says = _("La séance %(code)s est « %(state)s » : cet acte ne s’y fait pas.")
    remedy = _("Rouvrez la séance et lisez où elle en est. Rien n’a été enregistré.")
    sentences = frozenset({"state"})


class NoSheet(Refused):
    code = "TRN-609"
    says = _("Une séance se déclare tenue avec sa feuille d’émargement signée, photographiée, et au moins un présent.")
    remedy = _("Joignez l’image de la feuille et notez les présents. Rien n’a été enregistré.")
    status = 422


class ProofMissing(Refused):
    code = "TRN-610"
    says = _("La séance ne peut être déclarée tenue : %(n)d {n:place a|places ont} une preuve sur deux (%(seats)s).")
    remedy = _("Donnez la seconde preuve de chacune, ou notez-la absente : une seule preuve n’est pas une présence.")


class UnknownSheet(Refused):
    code = "TRN-611"
    says = _("Cette feuille n’est d’aucune épreuve en service (épreuve %(mark)s).")
    remedy = _(
        "Photographiez la feuille de réponses de cette séance ; une épreuve divulguée n’est plus lue. Rien n’a été enregistré."
    )
    status = 422


class OtherSheet(Refused):
    code = "TRN-612"
    says = _("Cette feuille est de la séance %(got)s, place %(seat)s, non de la séance %(want)s.")
    remedy = _("Envoyez-la depuis la page de sa séance. Rien n’a été enregistré.")
    status = 422


class UnreadSheet(Refused):
    code = "TRN-613"
    says = _("L’image %(file)s ne se lit pas comme une feuille de réponses : %(why)s.")
    remedy = _(
        "Reprenez la photo à plat, les quatre carrés noirs visibles, ou tapez les réponses. Rien n’a été enregistré."
    )
    status = 422
    sentences = frozenset({"why"})


class NotAnswering(Refused):
    code = "TRN-614"
    says = _("Place %(seat)s : « %(state)s », elle ne passe pas d’épreuve.")
    remedy = _(
        "L’épreuve vient après la présence prouvée ; un échec se reprend une fois, avec l’autre forme. Rien n’a été enregistré."
    )
    sentences = frozenset({"state"})


class SameForm(Refused):
    code = "TRN-615"
    says = _("La reprise se fait avec une autre forme que la première (forme %(letter)s).")
    remedy = _("Donnez la forme parallèle. Rien n’a été enregistré.")


class BadAnswers(Refused):
    code = "TRN-616"
    says = _("Place %(seat)s : %(got)d {got:réponse|réponses} pour %(want)d {want:question|questions}, ou une lettre qui n’y est pas (%(odd)s).")
    remedy = _(
        "Écrivez une lettre par question, dans l’ordre, et un tiret pour une question laissée. Rien n’a été enregistré."
    )
    status = 422


class OtherRole(Refused):
    code = "TRN-617"
    says = _("Place %(seat)s : l’épreuve est de « %(got)s », la personne est formée pour « %(want)s ».")
    remedy = _("Donnez l’épreuve de sa fonction. Rien n’a été enregistré.")
    status = 422


class Waiting(Refused):
    code = "TRN-618"
    says = _("%(n)d {n:feuille attend|feuilles attendent} un regard : les résultats ne s’arrêtent pas.")
    remedy = _("Tranchez chaque réponse douteuse, image à l’appui.")


class NothingToPay(Refused):
    code = "TRN-619"
    says = _("Aucune présence prouvée n’attend d’être payée.")
    remedy = _("Une liste se fait des séances tenues, et chaque présence se paie une fois.")


class PaymentNumber(Refused):
    code = "TRN-620"
    says = _("Une liste de paiement de ce scrutin porte déjà le numéro %(number)s.")
    remedy = _("Donnez-lui un autre numéro.")


class NobodyPassed(Refused):
    code = "TRN-621"
    says = _("Personne de cette séance n’attend d’attestation.")
    remedy = _("Une attestation se délivre à qui est reçu, une fois les résultats arrêtés.")


class TrainerCertifies(Refused):
    code = "TRN-622"
    says = _("Vous avez tenu la séance %(code)s, ou noté ses présences ou ses épreuves : vous n’en délivrez ni n’en retirez les attestations.")
    remedy = _("Deux personnes qui n’ont pas formé cette classe demandent et signent.")
    status = 403


class NotRevocable(Refused):
    code = "TRN-623"
    says = _("L’attestation %(number)s est « %(state)s ».")
    remedy = _("Rouvrez-la : un retrait ne se fait qu’une fois.")
    sentences = frozenset({"state"})


class NotRefreshed(Refused):
    code = "TRN-624"
    says = _(
        "La mise à jour de %(number)s n’est pas faite : aucune épreuve de rappel entièrement juste depuis le changement."
    )
    remedy = _("Un formateur note d’abord les réponses de la page de rappel ; une autre personne la confirme.")


class IssuerShut(Refused):
    code = "TRN-625"
    says = _("La clé qui signe les attestations ne s’ouvre pas.")
    remedy = _(
        "Relancez la maison avec la phrase secrète de cette clé (KALATA_BADGE_PASSPHRASE_FILE). Rien n’a été enregistré."
    )


class EntryTwice(Refused):
    code = "TRN-626"
    says = _("Ligne %(row)d : cette entrée a déjà été reçue et disait autre chose (place %(seat)s).")
    remedy = _("Une personne tranche sur la page de la séance, feuille à l’appui. Rien n’a été enregistré.")
    status = 409


class BadEntry(Refused):
    code = "TRN-627"
    says = _("Ligne %(row)d, %(field)s : « %(value)s » n’est pas lisible ; attendu : %(form)s.")
    remedy = _("Corrigez cette cellule et envoyez le fichier à nouveau. Rien n’a été enregistré.")
    status = 422


class TooFewQuestions(Refused):
    code = "TRN-628"
    says = _(
        "La source a %(n)d {n:question|questions} à cases pour %(role)s : une épreuve en demande %(least)d, et une au moins sur chaque étape décisive."
    )
    remedy = _("Écrivez d’abord les questions dans les procédures.")


class RunNumber(Refused):
    code = "TRN-629"
    says = _("Un tirage porte déjà le numéro %(number)s.")
    remedy = _("Donnez-lui le numéro du bon d’impression. Rien n’a été enregistré.")


class TooManyCopies(Refused):
    code = "TRN-630"
    says = _("Le tirage %(number)s n’a plus que %(left)d {left:exemplaire|exemplaires} : %(n)d ne {n:peut|peuvent} en sortir.")
    remedy = _("Comptez à nouveau, ou remettez le reste d’un autre tirage. Rien n’a été enregistré.")


class NoRoleManual(Refused):
    code = "TRN-631"
    says = _("La source n’a pas de manuel de « %(role)s » en « %(language)s ».")
    remedy = _("Choisissez une fonction et une langue de la source.")
    status = 422


class BadMessage(Refused):
    code = "TRN-632"
    says = _("Ligne %(row)d : le message « %(text)s » ne donne pas un code et un matricule.")
    remedy = _(
        "Un message utile est « 481203 EX-00001 ». Retirez les autres lignes du fichier. Rien n’a été enregistré."
    )
    status = 422


class SameRefresher(Refused):
    code = "TRN-633"
    says = _("Vous avez noté le rappel de cette attestation : une autre personne le confirme.")
    remedy = _("Demandez-le à un autre responsable des attestations.")
    status = 403


class TrainerBusy(Refused):
    code = "TRN-634"
    says = _("%(who)s tient déjà la séance %(other)s, du même jour.")
    remedy = _("Confiez la séance à un autre formateur. Rien n’a été enregistré.")


class TrainerPays(Refused):
    code = "TRN-635"
    says = _("La séance %(code)s de cette liste fut tenue, ou ses présences notées, par qui demande ou signe le paiement.")
    remedy = _("Deux personnes qui n’ont pas dit qui était présent demandent et signent. Rien n’a été enregistré.")
    status = 403


class ManualMaking(Refused):
    code = "TRN-645"
    says = _("Ces pièces se font déjà : %(role)s, « %(language)s ».")
    remedy = _("Attendez la fin, ou arrêtez cette fabrication.")
    status = 409


class NotAllApproved(Refused):
    code = "TRN-636"
    says = _("%(n)d {n:procédure|procédures} de « %(role)s » n’ont pas de version approuvée : %(which)s.")
    remedy = _("Faites-les approuver, ou demandez un projet : chaque page portera la mention PROJET.")


class ManualWrong(Refused):
    code = "TRN-637"
    says = _("%(n)d {n:constat empêche|constats empêchent} d’imprimer ce manuel ; le premier : %(first)s")
    remedy = _("Corrigez les procédures dans leur éditeur, puis redemandez les pièces.")
    sentences = frozenset({"first"})


class NotMaking(Refused):
    code = "TRN-638"
    says = _("Ces pièces ne sont pas, ou ne sont plus, en fabrication.")
    remedy = _("Rouvrez la page : elle dit ce qui a été fait.")
    status = 409


class NotInThatMaking(Refused):
    code = "TRN-639"
    says = _("Cette fabrication n’a pas de pièce à imprimer de cette sorte : « %(kind)s ».")
    remedy = _("Attendez qu’elle soit entière, ou choisissez une pièce de sa liste. Rien n’a été enregistré.")
    status = 422


class NoBadgePassphrase(Refused):
    code = "TRN-640"
    says = _("La clé qui signe les attestations n’est pas faite : aucune phrase secrète d’au moins %(n)d {n:caractère|caractères} n’est donnée.")
    remedy = _(
        "Écrivez-la dans un fichier que KALATA_BADGE_PASSPHRASE_FILE nomme, relancez la maison, puis signez. Rien n’a été enregistré."
    )
    status = 409


class TwoForThePage(Refused):
    code = "TRN-641"
    says = _("Le rappel de %(number)s a été répondu sur la page publique, où personne ne l’a vu faire : deux personnes le confirment.")
    remedy = _("Demandez la confirmation depuis la liste des mises à jour ; une autre personne la signe.")
    status = 409


class TooManyAnswers(Refused):
    code = "TRN-642"
    says = _("Trop de réponses à ce rappel depuis ce lieu pour cette attestation : attendez %(minutes)d min.")
    remedy = _("Relisez la page ; un formateur peut aussi noter les réponses sur papier ou au téléphone.")
    status = 429


class ShortOfThePage(Refused):
    code = "TRN-646"
    says = _("La page de rappel de %(procedure)s pose %(n)d {n:question|questions}, la note en dit %(of)d.")
    remedy = _("Posez toutes les questions de la page, puis notez leur nombre. Rien n’a été enregistré.")
    status = 422


class WhichUpdate(Refused):
    code = "TRN-643"
    says = _("Plusieurs procédures ont changé pour %(number)s (%(which)s) : dites laquelle, ou celle que vous dites n’en est pas.")
    remedy = _("Écrivez le code d’une de ces procédures. Rien n’a été enregistré.")
    status = 422


class NothingToConfirm(Refused):
    code = "TRN-644"
    says = _("Aucun rappel entièrement juste n’attend de confirmation.")
    remedy = _("La liste dit qui n’a pas encore répondu.")
