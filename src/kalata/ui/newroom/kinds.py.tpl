"""What the ledger keeps of this room, and what it tells."""

from kalata.ledger.rules.kinds import declare
from kalata.notices.rules.topics import topic
from kalata.text import gettext_noop as _

ADDED = declare("toy.added", _("Fiche de Toy ajoutée"), "toy", "title")
CLOSED = declare("toy.closed", _("Fiche de Toy close"), "toy")
TOLD = topic("toy.closed", _("Fiche de Toy close"), icon="doc")
