"""What the results room keeps."""

from . import limits as limits
from .commission import Attendance, Explained, Member, Minute, Recap, Sitting
from .custody import Bag, BagItem, Handover
from .lots import Lot, LotAnnouncement, LotUndone
from .papers import Draft, Entry, Hand, Paper, Passage, Replacement
from .publishing import Batch, BatchLine, Copy, RecallNotice
from .reports import Import, MappingProfile, StationReport
from .scans import Scan, ScanBatch

__all__ = [
    "Attendance",
    "Bag",
    "BagItem",
    "Batch",
    "BatchLine",
    "Copy",
    "Draft",
    "Entry",
    "Explained",
    "Hand",
    "Handover",
    "Import",
    "Lot",
    "LotAnnouncement",
    "LotUndone",
    "MappingProfile",
    "Member",
    "Minute",
    "Paper",
    "Passage",
    "RecallNotice",
    "Recap",
    "Replacement",
    "Scan",
    "ScanBatch",
    "Sitting",
    "StationReport",
]
