"""What the Court's room keeps: one subject a file."""

from . import limits as limits
from .cases import Ground, GroundTarget, Party, Petition, PetitionStep, Strike
from .counters import Bundle, Counter, PetitionReceipt, Roll
from .exhibits import CustodyEvent, CustodyRoot, Exhibit
from .twins import Twin

__all__ = [
    "Bundle",
    "Counter",
    "CustodyEvent",
    "CustodyRoot",
    "Exhibit",
    "Ground",
    "GroundTarget",
    "Party",
    "Petition",
    "PetitionReceipt",
    "PetitionStep",
    "Roll",
    "Strike",
    "Twin",
]
