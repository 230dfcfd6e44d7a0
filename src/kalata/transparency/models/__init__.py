"""What the transparency room keeps: the public log, its checkpoints and its witnesses."""

from .log import Cosignature, LogCheckpoint, LogEntry, Outbox, PublicLog, Witness

__all__ = ["Cosignature", "LogCheckpoint", "LogEntry", "Outbox", "PublicLog", "Witness"]
