"""What the transparency room keeps: the internal ledger, and the public log."""

from .ledger import Act, Pulse, Seal
from .log import Cosignature, LogCheckpoint, LogEntry, Outbox, PublicLog, Witness

__all__ = ["Act", "Cosignature", "LogCheckpoint", "LogEntry", "Outbox", "PublicLog", "Pulse", "Seal", "Witness"]
