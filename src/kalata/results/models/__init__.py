"""What the results room keeps."""

from . import limits as limits
from .drafts import ContestDraft
from .lots import Lot, LotAnnouncement, LotUndone
from .publishing import Batch, BatchLine, RecallNotice
from .reports import Import, MappingProfile, StationReport
from .rulings import Contestation, Decision, DecisionEffect, DecisionLine, Proclamation

__all__ = [
    "Batch",
    "BatchLine",
    "ContestDraft",
    "Contestation",
    "Decision",
    "DecisionEffect",
    "DecisionLine",
    "Import",
    "Lot",
    "LotAnnouncement",
    "LotUndone",
    "MappingProfile",
    "Proclamation",
    "RecallNotice",
    "StationReport",
]
