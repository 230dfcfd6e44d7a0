"""The acts of this room that the ledger keeps. A case is named by its number, never by a person of it."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

COUNTER_OPENED = declare("disputes.counter_opened", _("Guichet du greffe ouvert"), "counter", "code key here")
COUNTER_CLOSED = declare("disputes.counter_closed", _("Guichet du greffe fermé"), "counter", "code")
ROLL_OPENED = declare("disputes.roll_opened", _("Rôle d’un scrutin ouvert"), "contest", "short year")
PETITION_RECEIVED = declare(
    "disputes.petition_received", _("Requête reçue"), "petition", "number received_at channel root exhibits roll? counter?"
)  # fmt: skip
PETITION_MOVED = declare("disputes.petition_moved", _("Requête passée d’un état à un autre"), "petition", "from to act")
PETITION_CORRECTED = declare("disputes.petition_corrected", _("Fiche d’une requête précisée"), "petition", "fields")
STRUCK = declare("disputes.struck", _("Mention rayée dans une requête"), "petition", "what row words")
EXHIBIT_ADDED = declare(
    "disputes.exhibit_added", _("Pièce versée à une requête"), "petition", "number sha256 kind access"
)
EXHIBIT_READ = declare("disputes.exhibit_read", _("Pièce sous scellé lue"), "petition", "number sha256", personal=True)
PERSON_HEARD = declare("disputes.person_heard", _("Personne entendue inscrite, nom scellé"), "petition", "number kind")
PERSON_READ = declare("disputes.person_read", _("Nom d’une personne entendue lu"), "petition", "number", personal=True)
PERSON_STRUCK = declare("disputes.person_struck", _("Personne entendue rayée"), "petition", "number")
CUSTODY_ROOT = declare("disputes.custody_root", _("Racine du jour des pièces"), "house", "day root petitions")
CUSTODY_FAULT = declare(
    "disputes.custody_fault", _("Pièce qui n’est plus ce qu’elle était"), "petition", "number sha256 why"
)
CLOCKS_COUNTED = declare("disputes.clocks_counted", _("Délais d’une affaire comptés"), "petition", "clocks")
REPORT_FILED = declare("disputes.report_filed", _("Rapport d’une affaire déposé"), "petition", "version sha256")
TWIN_FOUND = declare("disputes.twin_found", _("Requêtes qui se ressemblent"), "petition", "other kind score")
TWIN_ANSWERED = declare("disputes.twin_answered", _("Ressemblance examinée"), "petition", "other kind answer")
BUNDLE_EXPORTED = declare("disputes.bundle_exported", _("Lot d’un guichet remis"), "counter", "sha256 petitions")
COUNTER_SEALS = declare("disputes.counter_seals", _("Clé de la Cour inscrite sur un guichet"), "counter", "seals_to")
BUNDLE_MERGED = declare(
    "disputes.bundle_merged", _("Lot d’un guichet fusionné"), "counter", "sha256 petitions fresh sealed drift_ms?"
)
BENCH_SEATED = declare(
    "disputes.bench_seated", _("Membre du siège entré en fonction"), "bench_member", "since president?"
)
BENCH_LEFT = declare("disputes.bench_left", _("Membre du siège sorti de fonction"), "bench_member", "until")
BENCH_PRESIDENT = declare("disputes.bench_president", _("Présidence de la Cour notée"), "bench_member")
BENCH_ABSENT = declare("disputes.bench_absent", _("Absence d’un membre du siège notée"), "bench_member", "first last?")
INTEREST_DECLARED = declare(
    "disputes.interest_declared", _("Intérêt déclaré par un membre du siège"), "bench_member", "kind ended?", personal=True
)  # fmt: skip
BENCH_KEY_CONFIRMED = declare("disputes.bench_key_confirmed", _("Clé de délibéré confirmée"), "bench_member", "public")
BENCH_KEY_ENDED = declare("disputes.bench_key_ended", _("Clé de délibéré retirée"), "bench_member", "public")
CONFLICT_FOUND = declare("disputes.conflict_found", _("Conflit d’intérêts signalé"), "petition", "member conflict")
CONFLICT_DECIDED = declare(
    "disputes.conflict_decided", _("Conflit d’intérêts décidé"), "petition", "member conflict decision"
)
RECUSAL_MOVED = declare("disputes.recusal", _("Récusation ou déport"), "petition", "member recusal from? to")
DRAW_COMMITTED = declare(
    "disputes.draw_committed", _("Graine du tirage engagée"), "contest", "commit tolerance per_stations"
)
DRAWN = declare("disputes.drawn", _("Rapporteur tiré au sort"), "petition", "member roll digest number")
GIVEN = declare("disputes.given", _("Rapporteur désigné par décision"), "petition", "member number")
DRAW_PUBLISHED = declare(
    "disputes.draw_published", _("Graine et liste du tirage publiées"), "contest", "commit seed lines"
)
HEARING_SET = declare("disputes.hearing_set", _("Audience fixée"), "hearing", "starts_at cases")
HEARING_LISTED = declare("disputes.hearing_listed", _("Rôle d’audience rendu public"), "hearing", "cases")
HEARING_HELD = declare("disputes.hearing_held", _("Audience tenue"), "hearing", "minutes audio")
ROUND_OPENED = declare("disputes.round_opened", _("Tour de délibéré ouvert"), "petition", "round")
ROUND_RELEASED = declare("disputes.round_released", _("Tour de délibéré communiqué"), "petition", "round")
SEALED_KEPT = declare("disputes.sealed_kept", _("Texte scellé gardé"), "petition", "round item sha256")
SEALED_READ = declare("disputes.sealed_read", _("Texte scellé remis à un membre"), "petition", "round item")
SEALED_CONFIRMED = declare("disputes.sealed_confirmed", _("Texte rescellé confirmé"), "petition", "round item")
BENCH_VOTED = declare("disputes.bench_voted", _("Vote qui clôt un délibéré inscrit"), "petition", "present")

# --- the docket ---
PAPER_FILED = declare("disputes.paper_filed", _("Papier de procédure versé"), "petition", "number kind to exhibit")
SERVICE_TRIED = declare(
    "disputes.service_tried", _("Signification tentée"), "petition", "paper party mode outcome at proof"
)
SERVICE_WAIVED = declare("disputes.service_waived", _("Dispense de signification"), "petition", "paper party")
LINE_STRUCK = declare("disputes.line_struck", _("Ligne de procédure rayée"), "petition", "what paper party")
PARTY_GONE = declare("disputes.party_gone", _("Partie qui n’existe plus"), "petition", "party since successor")
JOINDER = declare("disputes.joinder", _("Requêtes jointes"), "petition", "cases")
SEVERANCE = declare("disputes.severance", _("Requête disjointe"), "petition", "lead to")
CHECKLIST = declare("disputes.checklist", _("Liste de recevabilité établie"), "petition", "proposal items")
CLOCK_SET = declare("disputes.clock_set", _("Délai d’une affaire fixé"), "petition", "clock kind limit order")
MEASURE_ASKED = declare("disputes.measure_asked", _("Mesure d’instruction demandée"), "petition", "number kind")
MEASURE_ANSWERED = declare("disputes.measure_answered", _("Mesure d’instruction répondue"), "petition", "number")
MANDATE_ASKED = declare("disputes.mandate_asked", _("Mandat d’une partie produit"), "petition", "party")
MANDATE_DECIDED = declare("disputes.mandate_decided", _("Mandat d’une partie décidé"), "petition", "party answer")
READ_DOCKET = declare("read.docket", _("Rôle de la Cour emporté en fichier"), "house", personal=True)
COUNT_OPENED = declare("disputes.count_opened", _("Recensement de la Cour ouvert"), "contest", "size commitment")
COUNT_DRAWN = declare("disputes.count_drawn", _("Bureaux du recensement tirés au sort"), "contest", "seed stations")
COUNT_READ = declare("disputes.count_read", _("Procès-verbal lu pour la Cour"), "station", "rank")
COUNT_EXPLAINED = declare("disputes.count_explained", _("Différence avec le recensement expliquée"), "station", "on")
RULING_DRAFTED = declare(
    "disputes.ruling_drafted", _("Projet de décision ouvert ou modifié"), "ruling", "acts petitions"
)
RULING_PRINTED = declare(
    "disputes.ruling_printed", _("Projet de décision imprimé de ses actes"), "ruling", "of annexes"
)
RULING_WRITTEN = declare(
    "disputes.ruling_written", _("Section d’un projet de décision écrite"), "ruling", "section version"
)
RULING_REMARKED = declare(
    "disputes.ruling_remarked", _("Remarque sur un projet de décision"), "ruling", "section resolved"
)
CLAUSE_KEPT = declare("disputes.clause", _("Clause de la Cour écrite"), "house", "clause version")
RULING_MOVED = declare("disputes.ruling_moved", _("Étape d’une décision"), "ruling", "from to digest?")
RULING_OVERRIDDEN = declare("disputes.ruling_overridden", _("Signature malgré les écarts demandée"), "ruling", "of")
RULING_CORRECTED = declare("disputes.ruling_corrected", _("Erreur matérielle rectifiée"), "ruling", "passage reads")
ARCHIVED = declare("disputes.archived", _("Archive d’une affaire écrite"), "petition", "manifest pieces", personal=True)

# --- what is public of a decision ---
PUBLICATION_PREPARED = declare(
    "disputes.publication_prepared", _("Texte public d’une décision préparé"), "ruling", "version full proposed"
)
REDACTION_ADDED = declare("disputes.redaction_added", _("Passage à occulter ajouté"), "ruling", "version reason places")
REDACTION_DECIDED = declare(
    "disputes.redaction_decided", _("Passage gardé ou occulté"), "ruling", "version redaction decision reason"
)
SUMMARY_KEPT = declare("disputes.summary_kept", _("Résumé d’une décision relu"), "ruling", "version lang reviewed")
PUBLICATION_MOVED = declare(
    "disputes.publication_moved", _("Étape du texte public d’une décision"), "ruling", "version from to public?"
)
PUBLISHED = declare(
    "disputes.published", _("Décision publiée"), "ruling", "version full public pdf xml signed_pdf redactions withdraws?",
    public=True,
)  # fmt: skip
EVIDENCE_LINKED = declare(
    "disputes.evidence_linked", _("Pièce rattachée à un moyen"), "petition", "piece ground stations"
)
EVIDENCE_UNLINKED = declare(
    "disputes.evidence_unlinked", _("Rattachement d’une pièce rayé"), "petition", "piece ground"
)
OFFICER_REPLACED = declare(
    "disputes.officer_replaced",
    _("Membre de bureau remplacé, noté dans une affaire"),
    "petition",
    "station role struck?",
)
COPY_READ = declare("disputes.copy_read", _("Copie d’une partie lue"), "petition", "piece station rank agrees?")

# --- first instance ---
OFFICE_OPENED = declare(
    "disputes.office_opened", _("Greffe d’un organe de première instance ouvert"), "counter", "code key body"
)
FIRST_WRITTEN = declare("disputes.first_written", _("Décision de première instance écrite"), "petition", "of")
FIRST_VOTED = declare("disputes.first_voted", _("Vote sur une décision de première instance"), "petition", "of")
FIRST_ASIDE = declare("disputes.first_aside", _("Déport dans une affaire de première instance"), "petition")
FIRST_SIGNED = declare(
    "disputes.first_signed", _("Décision de première instance signée"), "petition", "number digest"
)
