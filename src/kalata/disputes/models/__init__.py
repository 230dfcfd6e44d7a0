"""What the Court's room keeps: one subject a file."""

from . import limits as limits
from .assigning import Conflict, Draw, DrawLine, Recusal
from .bench import Absence, BenchKey, BenchMember, Declaration
from .cases import Ground, GroundTarget, Party, Petition, PetitionStep, Strike
from .counters import Bundle, Counter, PetitionReceipt, Roll
from .deliberation import BenchVote, DeliberationRound, SealedItem
from .exhibits import CustodyEvent, CustodyRoot, Exhibit
from .hearings import CauseListEntry, Hearing, HearingPresence
from .twins import Twin

__all__ = [
    "Absence",
    "BenchKey",
    "BenchMember",
    "BenchVote",
    "Bundle",
    "CauseListEntry",
    "Conflict",
    "Counter",
    "CustodyEvent",
    "CustodyRoot",
    "Declaration",
    "DeliberationRound",
    "Draw",
    "DrawLine",
    "Exhibit",
    "Ground",
    "GroundTarget",
    "Hearing",
    "HearingPresence",
    "Party",
    "Petition",
    "PetitionReceipt",
    "PetitionStep",
    "Recusal",
    "Roll",
    "SealedItem",
    "Strike",
    "Twin",
]
