"""What the Court's room keeps: one subject a file."""

from . import limits as limits
from .assigning import Conflict, Draw, DrawLine, Recusal
from .bench import Absence, BenchKey, BenchMember, Declaration
from .cases import Ground, GroundTarget, Party, Petition, PetitionStep, Strike
from .clocks import Clock
from .count import CourtCount, CourtEntry, CourtExplained, CourtSheet
from .counters import Bundle, Counter, PetitionReceipt, Roll
from .deliberation import BenchVote, DeliberationRound, SealedItem
from .docket import CaseSheet, Checklist, Dissolution, Measure, Representation
from .drafting import Clause, RulingRemark, RulingScratch, RulingText
from .evidence import CopyReading, EvidenceLink, OfficerReplaced
from .exhibits import CustodyEvent, CustodyRoot, Exhibit
from .heard import HeardPerson
from .hearings import CauseListEntry, Hearing, HearingPresence
from .offices import FirstAside, FirstRuling, FirstVote, Office
from .precedents import Precedent
from .publication import PlainSummary, Publication, Redaction
from .reports import CaseReport
from .rulings import Ruling, RulingCorrection, RulingOutcome, RulingOverride
from .service import Filing, Service, ServiceAttempt
from .twins import Twin
from .whatif import WhatIf

__all__ = [
    "Absence",
    "BenchKey",
    "BenchMember",
    "BenchVote",
    "Bundle",
    "CaseReport",
    "CaseSheet",
    "CauseListEntry",
    "Checklist",
    "Clause",
    "Clock",
    "Conflict",
    "CopyReading",
    "Counter",
    "CourtCount",
    "CourtEntry",
    "CourtExplained",
    "CourtSheet",
    "CustodyEvent",
    "CustodyRoot",
    "Declaration",
    "DeliberationRound",
    "Dissolution",
    "Draw",
    "DrawLine",
    "EvidenceLink",
    "Exhibit",
    "Filing",
    "FirstAside",
    "FirstRuling",
    "FirstVote",
    "Ground",
    "GroundTarget",
    "HeardPerson",
    "Hearing",
    "HearingPresence",
    "Measure",
    "Office",
    "OfficerReplaced",
    "Party",
    "Petition",
    "PetitionReceipt",
    "PetitionStep",
    "PlainSummary",
    "Precedent",
    "Publication",
    "Recusal",
    "Redaction",
    "Representation",
    "Roll",
    "Ruling",
    "RulingCorrection",
    "RulingOutcome",
    "RulingOverride",
    "RulingRemark",
    "RulingScratch",
    "RulingText",
    "SealedItem",
    "Service",
    "ServiceAttempt",
    "Strike",
    "Twin",
    "WhatIf",
]
