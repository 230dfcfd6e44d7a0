"""The acts of this room that the ledger keeps."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

IMPORT_UPLOADED = declare("import.uploaded", _("Fichier reçu"), "import", "contest file sha256 size")
IMPORT_MAPPED = declare("import.mapped", _("Colonnes du fichier nommées"), "import", "profile create")
IMPORT_SENT = declare("import.sent", _("Enregistrement du fichier demandé"), "import", "difference")
IMPORT_DISCARDED = declare("import.discarded", _("Fichier écarté"), "import", "file sha256")
IMPORT_COMMITTED = declare(
    "import.committed", _("Fichier enregistré"), "import", "contest file sha256 difference written *", public=True
)
PROFILE_KEPT = declare("profile.kept", _("Profil d’import gardé"), "profile", "*")
PROFILE_DROPPED = declare("profile.dropped", _("Profil d’import supprimé"), "profile")
CONTEST_NAMES = declare("contest.names", _("Noms des candidatures corrigés"), "contest", "*", public=True)
CONTEST_SECOND_ROUND = declare(
    "contest.second_round", _("Second tour ouvert"), "contest", "first options approval place?", public=True
)
LOTS = "number place"
LOTS_ANNOUNCED = declare(
    "lots.announced",
    _("Tirage au sort annoncé"),
    "contest",
    "number place options votes seats promise source",
    public=True,
)
LOTS_DRAWN = declare("lots.drawn", _("Tirage au sort fait"), "contest", "number place secret public order", public=True)
LOTS_UNDONE = declare("lots.undone", _("Tirage au sort annulé"), "contest", "number document", public=True)
DECLARATION_LOGGED = declare(
    "declaration.logged", _("Résultat déclaré par l’organe compétent"), "contest", "*", public=True
)
LOG_OPENED_LATE = declare("log.opened.late", _("Journal public ouvert après la publication"), "contest", public=True)
LOG_DIFFERENCE = declare("log.difference", _("Écart entre la base et le journal public"), "log", "count first")
SIGNATURE_MISSING = declare("signature.missing", _("Acte sans ses deux personnes"), "house", "count first")
CONTEST_PUBLISHED = declare("contest.published", _("Scrutin rendu public"), "contest", "approval", public=True)
CONTEST_WITHDRAWN = declare("contest.withdrawn", _("Scrutin retiré du public"), "contest", "approval", public=True)
DECISION_CARRIED_OUT = declare(
    "decision.carried_out",
    _("Décision de la juridiction exécutée"),
    "contest",
    "number digest stations petitions",
    public=True,
)
STATIONS_CONTESTED = declare("stations.contested", _("Bureaux contestés"), "contest", "petition stations")
STATIONS_DISMISSED = declare("stations.dismissed", _("Contestation de bureaux terminée"), "contest", "number stations")
PROCLAIMED = declare("contest.proclaimed", _("Résultats définitifs proclamés"), "contest", "number *", public=True)
STANDING_SET = declare(
    "standing.set", _("État d’un bureau fixé par décision"), "station", "approval standing", public=True
)
