"""What this room tells."""

from __future__ import annotations

from datetime import timedelta

from kalata.notices.rules.topics import topic
from kalata.text import gettext_noop as _

NEAR = topic("disputes.near", _("Échéance d’une affaire"), icon="clock")
LATE = topic("disputes.late", _("Échéance d’une affaire passée"), icon="late", tone="bad", task=True, settles=True)
SILENT = topic(
    "disputes.silent", _("Affaire sans acte"), icon="warn", tone="warn", task=True, settles=True,
    after=timedelta(hours=12), above="disputes.preside",
)  # fmt: skip
MEASURE = topic("disputes.measure", _("Mesure d’instruction demandée"), icon="doc", task=True, settles=True)
PARTY = topic("disputes.party", _("Affaire devant la Cour"), icon="gavel")
DAMAGED = topic(
    "disputes.damaged",
    _("Pièce ou chaîne qui n’est plus ce qu’elle était"),
    icon="bad",
    tone="bad",
    task=True,
    settles=True,
)
ROOT = topic("disputes.root", _("Racine du jour non horodatée"), icon="late", tone="bad", task=True, settles=True)
