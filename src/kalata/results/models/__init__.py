"""What the results room keeps."""

from . import limits as limits
from .lots import Lot, LotAnnouncement, LotUndone
from .publishing import Batch, BatchLine, RecallNotice
from .reports import Import, MappingProfile, StationReport

__all__ = [
    "Batch",
    "BatchLine",
    "Import",
    "Lot",
    "LotAnnouncement",
    "LotUndone",
    "MappingProfile",
    "RecallNotice",
    "StationReport",
]
