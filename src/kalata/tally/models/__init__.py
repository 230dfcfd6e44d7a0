"""What the tally centre keeps: papers, who had them in hand, bags, scans, sittings, copies.

Tables keep the names they had when they were in `results`: no row moves.
"""

from . import limits as limits
from .commission import Attendance, Explained, Member, Minute, Recap, Sitting
from .copies import Copy
from .custody import Bag, BagItem, Handover
from .papers import Draft, Entry, Hand, Paper, Passage, Replacement
from .scans import Scan, ScanBatch

__all__ = [
    "Attendance",
    "Bag",
    "BagItem",
    "Copy",
    "Draft",
    "Entry",
    "Explained",
    "Hand",
    "Handover",
    "Member",
    "Minute",
    "Paper",
    "Passage",
    "Recap",
    "Replacement",
    "Scan",
    "ScanBatch",
    "Sitting",
]
