"""The acts of this room that the ledger keeps."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

PAPERS_EXPECTED = declare("papers.expected", _("Procès-verbaux attendus"), "contest", "added")
SCANS_GIVEN = declare("scans.given", _("Images déposées"), "contest", "sha256 pages")
SCANS_FAILED = declare("scans.failed", _("Page d’image illisible"), "contest", "sha256 page why")
SCAN_SETTLED = declare("scan.settled", _("Image rattachée à son procès-verbal"), "station", "sha256 was")
SCAN_DISCARDED = declare("scan.discarded", _("Page numérisée écartée"), "contest", "sha256 was")
SCAN_RESTORED = declare("scan.restored", _("Page numérisée reprise"), "contest", "sha256 was")
SCAN_TURNED = declare(
    "scan.turned", _("Page numérisée redressée : nouvelle image, l’ancienne reste"), "contest", "sha256 was"
)
COPY_GIVEN = declare("copy.given", _("Copie de délégué saisie"), "station", "source status")
COPY_ANSWERED = declare("copy.answered", _("Copie de délégué : réponse donnée"), "station", "answer")
FORM_REPLACED = declare("form.replaced", _("Formulaire remplacé"), "station", "serial")
BATCH_PUBLISHED = declare("batch.published", _("Lot publié"), "contest", "number reports digest", public=True)
BAG = "seals? place? giver? receiver? intact? condition? photo? witness? expected? received?"
BAG_SEALED = declare("bag.sealed", _("Sac ou enveloppe scellé"), "bag", BAG)
BAG_HANDOVER = declare("bag.handover", _("Sac ou enveloppe remis"), "bag", BAG)
BAG_OPENED = declare("bag.opened", _("Sac ou enveloppe ouvert"), "bag", BAG)
BAGS = {"sealed": BAG_SEALED, "handover": BAG_HANDOVER, "opened": BAG_OPENED}
SITTING_CONVENED = declare("sitting.convened", _("Séance convoquée"), "sitting", "members quorum")
SITTINGS = {
    kind: declare(f"sitting.{kind}", title, "sitting", "text votes")
    for kind, title in {
        "opened": _("Séance ouverte"),
        "suspended": _("Séance suspendue"),
        "resumed": _("Séance reprise"),
        "closed": _("Séance close"),
        "present": _("Présence notée en séance"),
        "decision": _("Décision de la commission"),
        "reservation": _("Réserve d’un membre de la commission"),
        "finding": _("Constat en séance"),
        "recap": _("Récapitulatif saisi en séance"),
        "validated": _("Procès-verbaux validés en séance"),
    }.items()
}
PAPER_PASSED = declare("paper.passed", _("Procès-verbal passé d’un état à un autre"), "station", "from to hash")
PAPER_FREED = declare("paper.freed", _("Procès-verbal repris à qui le tenait"), "station", "from holder")
ENTRY_KEPT = declare("entry.kept", _("Saisie d’un procès-verbal gardée"), "station", "attempt rank")
HAND_COUNTED = declare("hand.counted", _("Personne comptée parmi celles qui ont vu les chiffres"), "station", "part")
DESK_CALLED = declare("desk.called", _("Personne appelée à un poste"), "person", "contest right")
