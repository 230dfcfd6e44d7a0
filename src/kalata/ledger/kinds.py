"""The ledger's own acts."""

from __future__ import annotations

from kalata.ledger.rules.kinds import declare
from kalata.text import gettext_noop as _

GUARDS_SET = declare("ledger.guards_set", _("Verrous de la base remis en place"), "database", "tables")
READ_LEDGER = declare("read.ledger", _("Journal des actes lu"), "ledger", personal=True)
READ_LEDGER_EXPORT = declare("read.ledger.export", _("Journal des actes exporté"), "ledger", personal=True)
BASELINE = declare("ledger.baseline", _("Lignes d’avant : état repris tel quel"), "database", "acts tables sha256")
COPY_WRITTEN = declare("copy.written", _("Copie de la maison écrite et relue"), "house", "bytes files")
REHEARSED = declare("night.rehearsed", _("Nuit de centralisation répétée sans écart"), "house", "papers clerks kills")
MOVED = declare("ledger.moved", _("Base déménagée de SQLite à PostgreSQL"), "database", "tables rows sha256")
COPY_RESTORED = declare("copy.restored", _("Copie remise en place ; les journaux publics attendent"), "house", "base until held")
