"""What is refused of a procedure, its versions and its approval."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NoManuals(Refused):
    code = "TRN-410"
    says = _("Le pack « %(pack)s » n’apporte aucune procédure.")
    remedy = _("Choisissez un pack qui porte un dossier training/source.")
    status = 404


class NotDraft(Refused):
    code = "TRN-411"
    says = _("La version %(number)d est « %(state)s » : seul un brouillon se modifie.")
    remedy = _("Ouvrez un brouillon depuis cette version. Rien n’a été enregistré.")
    sentences = frozenset({"state"})


class OneAlive(Refused):
    code = "TRN-412"
    says = _("La version %(number)d est déjà en chemin (%(state)s).")
    remedy = _("Continuez celle-là, ou rendez-la au brouillon. Rien n’a été enregistré.")
    sentences = frozenset({"state"})


class NotLawful(Refused):
    code = "TRN-413"
    says = _("Cette version ne peut pas être dite conforme : %(n)d {n:constat|constats}, le premier : %(first)s")
    remedy = _("Lisez les constats de la page, corrigez le brouillon, puis recommencez. Rien n’a été enregistré.")
    status = 422
    sentences = frozenset({"first"})


class OpenRemarks(Refused):
    code = "TRN-414"
    says = _("%(n)d {n:remarque attend|remarques attendent} une réponse.")
    remedy = _("Répondez à chacune, puis recommencez. Rien n’a été enregistré.")


class NothingChanged(Refused):
    code = "TRN-415"
    says = _("Ce brouillon ne change rien à la version %(number)d.")
    remedy = _("Modifiez-le, ou laissez la version approuvée. Rien n’a été enregistré.")


class BaseMoved(Refused):
    code = "TRN-416"
    says = _("La version %(number)d a été approuvée depuis que ce brouillon a été ouvert.")
    remedy = _("Rendez cette version au brouillon et reprenez-y les changements. Rien n’a été enregistré.")


class NotCited(Refused):
    code = "TRN-417"
    says = _("Cette version ne cite pas « %(article)s ».")
    remedy = _("Rouvrez la page : elle montre les textes cités. Rien n’a été enregistré.")
    status = 404


class NotResolvable(Refused):
    code = "TRN-418"
    says = _("Cette remarque a déjà sa réponse, ou n’est pas de cette version.")
    remedy = _("Rouvrez la page. Rien n’a été enregistré.")


class NotTested(Refused):
    code = "TRN-419"
    says = _("La version %(number)d est « %(state)s » : l’approbation se demande d’une version éprouvée.")
    remedy = _("Faites relire les textes, puis éprouver la procédure. Rien n’a été enregistré.")
    sentences = frozenset({"state"})


class NotForWriters(Refused):
    code = "TRN-420"
    says = _("Qui écrit une procédure ne dit pas que le texte « %(article)s » a été lu.")
    remedy = _(
        "Laissez le degré de connaissance et le nom qui s’y trouvaient : un relecteur constate sa lecture sur la page de la version. Rien n’a été enregistré."
    )
    status = 422
