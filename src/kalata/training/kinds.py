"""The acts of this room that the ledger keeps. A procedure is named by its code, a post by its number: names of people stay in their own table."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

PROCEDURES_IMPORTED = declare(
    "procedures.imported", _("Procédures reprises du pack"), "house", "pack source made changed same"
)
PROCEDURE_OPENED = declare(
    "procedures.opened", _("Brouillon d’une procédure ouvert"), "procedure", "version base? sha256"
)
PROCEDURE_EDITED = declare("procedures.edited", _("Procédure modifiée"), "procedure", "version what sha256")
PROCEDURE_VERIFIED = declare("procedures.verified", _("Texte cité vérifié"), "procedure", "version article sha256")
PROCEDURE_LEGAL_OK = declare("procedures.legal_ok", _("Textes d’une procédure relus"), "procedure", "version sha256")
PROCEDURE_TESTED = declare("procedures.tested", _("Procédure éprouvée"), "procedure", "version sha256")
PROCEDURE_RETURNED = declare("procedures.returned", _("Procédure rendue au brouillon"), "procedure", "version sha256")
PROCEDURE_APPROVED = declare("procedures.approved", _("Procédure approuvée"), "procedure", "version sha256 base?")
PROCEDURE_RETIRED = declare("procedures.retired", _("Procédure retirée"), "procedure", "version by?")
PROCEDURE_COMMENTED = declare(
    "procedures.commented", _("Remarque sur une procédure"), "procedure", "version comment element"
)
PROCEDURE_RESOLVED = declare("procedures.comment_resolved", _("Remarque sur une procédure résolue"), "procedure", "version comment")  # fmt: skip

POSTS_OPENED = declare("posts.opened", _("Postes d’un scrutin ouverts"), "contest", "posts stations appointed_by?")
LIST_READ = declare(
    "posts.list_read", _("Liste d’agents lue"), "contest", "name sha256 rows named new proposed", personal=True
)
PROPOSAL_ENDED = declare("posts.proposal_ended", _("Proposition écartée"), "post", "post agent", personal=True)
APPOINTED = declare(
    "posts.appointed", _("Nominations signées"), "contest", "number on posts sha256 reference", personal=True
)
SWORN = declare("posts.sworn", _("Serment constaté"), "post", "post agent place witness at", personal=True)
HOLDING_CHANGED = declare(
    "posts.holding_changed", _("Fonction suspendue, reprise ou terminée"), "post", "post agent from to document", personal=True
)  # fmt: skip
CODES_MADE = declare("posts.codes_made", _("Codes de bureaux imprimés"), "contest", "codes")
PRESENCE = declare("posts.presence", _("Présence d’un bureau notée"), "contest", "station at present absent")
REPLACED = declare(
    "posts.replaced", _("Remplacement décidé le jour du scrutin"), "post",
    "station position agent roll_number at decided_by rule witness route listed trained paper", personal=True,
)  # fmt: skip
DECLARED = declare("posts.declared", _("Intérêt déclaré"), "contest", "agent kind", personal=True)
LIFTED = declare("posts.lifted", _("Déclaration d’intérêt levée"), "contest", "agent kind", personal=True)
RESERVE = declare(
    "posts.reserve", _("Réserve tenue ou appelée"), "contest", "agent? answer? post? added?", personal=True
)
DRAW_PROMISED = declare("posts.draw_promised", _("Tirage annoncé"), "contest", "record side promise names salt")
POST_DRAWN = declare("posts.drawn", _("Postes tirés au sort"), "contest", "record side seed drawn")
INDEPENDENCE = declare(
    "posts.independence", _("Registre d’indépendance : une inscription"), "everybody", "sort happened_on sha256"
)
INDEPENDENCE_READ = declare("posts.independence_read", _("Registre d’indépendance lu"), "everybody", "entries")

CASCADE_KEPT = declare(
    "training.cascade_kept", _("Plan de formation gardé ou changé"), "contest", "number what sha256 classes unserved"
)
CASCADE_PUBLISHED = declare(
    "training.cascade_published", _("Plan de formation publié"), "contest", "number sha256 classes made base?"
)
CLASS_ENTRUSTED = declare("training.class_entrusted", _("Séance confiée à des formateurs"), "contest", "class trainers")
ATTENDANCE = declare("training.attendance", _("Présences notées"), "contest", "class proof seats", personal=True)
CLASS_HELD = declare("training.class_held", _("Séance déclarée tenue"), "contest", "class present absent sheet")
CLASS_SETTLED = declare("training.class_settled", _("Résultats d’une séance arrêtés"), "contest", "class seats")
TEST_MADE = declare("training.test_made", _("Épreuve faite des procédures"), "house", "mark role letter questions")
TEST_CLOSED = declare("training.test_closed", _("Épreuve retirée"), "house", "mark")
SHEET_DOUBTFUL = declare(
    "training.sheet_doubtful", _("Feuille de réponses à regarder"), "contest", "class seat form doubtful image"
)
PAPER_MARKED = declare(
    "training.paper_marked", _("Feuille de réponses corrigée"), "contest", "class seat attempt form right of missed passed route", personal=True
)  # fmt: skip
PAID = declare("training.paid", _("Liste de paiement signée"), "contest", "number count total sha256", personal=True)
CERTIFIED = declare("training.certified", _("Attestations délivrées"), "contest", "class numbers sha256", personal=True)
REVOKED = declare("training.revoked", _("Attestation retirée"), "contest", "number reason", personal=True)
UPDATE_ASKED = declare(
    "training.update_asked", _("Attestations à mettre à jour"), "procedure", "version role certificates"
)
REFRESHED = declare(
    "training.refreshed",
    _("Rappel noté ou confirmé"),
    "contest",
    "number right? of? route? procedure? confirmed?",
    personal=True,
)
PRINTED = declare(
    "training.printed", _("Tirage de manuels inscrit"), "house", "number role language kind copies digest file pages"
)
MANUAL_ASKED = declare(
    "training.manual_asked", _("Fabrication de manuels demandée"), "house", "making source role language draft digest"
)
MANUAL_MADE = declare(
    "training.manual_made", _("Manuels faits"), "house", "making role language draft digest files pages manifest"
)
MANUAL_ENDED = declare(
    "training.manual_ended", _("Fabrication de manuels arrêtée"), "house", "making role language fault?"
)
PACKS_ASKED = declare(
    "training.packs_asked", _("Colis des centres demandés"), "contest", "lots centres language draft place? files"
)
PACKS_STOPPED = declare("training.packs_stopped", _("Fabrication de colis arrêtée"), "contest", "lots")
PACKS_RESUMED = declare("training.packs_resumed", _("Fabrication de colis reprise"), "contest", "lots centres")
HANDED = declare("training.handed", _("Manuels remis à une séance"), "contest", "run class copies taken_by? on")

# Cases for judges and leaders: codes, numbers and hashes, never what somebody wrote or how they were advised.
MOOTS_IMPORTED = declare(
    "training.moots_imported", _("Affaires-écoles reprises du pack"), "house", "pack made changed same"
)
MOOT_OPENED = declare(
    "training.moot_opened", _("Brouillon d’une affaire-école ouvert"), "moot_version", "case version base? sha256"
)
MOOT_EDITED = declare("training.moot_edited", _("Affaire-école modifiée"), "moot_version", "case version sha256")
MOOT_DROPPED = declare(
    "training.moot_dropped", _("Brouillon d’une affaire-école abandonné"), "moot_version", "case version"
)
MOOT_APPROVED = declare(
    "training.moot_approved", _("Affaire-école approuvée"), "moot_version", "case version sha256 computed base?"
)
MOOT_PREPARED = declare(
    "training.moot_prepared",
    _("Séance d’affaire-école préparée"),
    "moot_sitting",
    "case version seats raters",
    personal=True,
)
MOOT_PRESENT = declare(
    "training.moot_present", _("Présence déclarée sur l’honneur"), "moot_sitting", "seat", personal=True
)
MOOT_STAGE = declare("training.moot_stage", _("Étape d’une affaire-école ouverte"), "moot_sitting", "stage")
MOOT_ANSWERED = declare(
    "training.moot_answered",
    _("Réponse d’une séance reçue"),
    "moot_sitting",
    "seat question route",
    personal=True,
)
MOOT_OWNED = declare(
    "training.moot_owned", _("Réponses inscrites par un autre, reconnues par leur auteur"), "moot_sitting", "seat answers", personal=True,
)
MOOT_BROUGHT = declare(
    "training.moot_brought", _("Réponses d’une page sans réseau reçues"), "moot_sitting", "answers same sha256"
)
MOOT_CLOSED = declare("training.moot_closed", _("Séance d’affaire-école close"), "moot_sitting", "stages answers")
MOOT_CANCELLED = declare("training.moot_cancelled", _("Séance d’affaire-école annulée"), "moot_sitting", "state")
MOOT_RATED = declare(
    "training.moot_rated", _("Feuille de notation remise"), "moot_sitting", "seat rater sha256?", personal=True
)
MOOT_AGREED = declare(
    "training.moot_agreed",
    _("Niveau convenu après discussion"),
    "moot_sitting",
    "seat rater criterion",
    personal=True,
)
MOOT_RELEASED = declare(
    "training.moot_released", _("Résultats d’une affaire-école rendus"), "moot_sitting", "kappa weighted sheets"
)
PLAN_FILED = declare("training.plan_filed", _("Plan d’action déposé"), "moot_sitting", "seat actions", personal=True)
PLAN_FOLLOWED = declare(
    "training.plan_followed", _("Suivi d’un plan d’action donné"), "moot_sitting", "seat days", personal=True
)
