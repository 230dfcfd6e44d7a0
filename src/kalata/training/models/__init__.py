"""What is kept of training and of posts, and what the database refuses. One module a vertical."""

from kalata.training.models.cascade import Cascade, ClassTrainer, Enrolment, TrainingClass
from kalata.training.models.classes import (
    AnswerPaper,
    Certificate,
    ManualHandover,
    PaymentLine,
    PaymentList,
    PrintRun,
    Refresher,
    SheetReading,
    TestForm,
    UpdateAsked,
)
from kalata.training.models.manuals import ManualBuild, ManualFile
from kalata.training.models.posts import Agent, Appointment, Oath, Post, PostBook, Proposal
from kalata.training.models.posts_day import PostReplacement, PresenceCall, Reserve, StationCode
from kalata.training.models.posts_register import Declaration, IndependenceEntry, PostDraw
from kalata.training.models.procedures import ManualSource, Procedure, ProcedureComment, ProcedureVersion

__all__ = [
    "Agent",
    "AnswerPaper",
    "Appointment",
    "Cascade",
    "Certificate",
    "ClassTrainer",
    "Declaration",
    "Enrolment",
    "IndependenceEntry",
    "ManualBuild",
    "ManualFile",
    "ManualHandover",
    "ManualSource",
    "Oath",
    "PaymentLine",
    "PaymentList",
    "Post",
    "PostBook",
    "PostDraw",
    "PostReplacement",
    "PresenceCall",
    "PrintRun",
    "Procedure",
    "ProcedureComment",
    "ProcedureVersion",
    "Proposal",
    "Refresher",
    "Reserve",
    "SheetReading",
    "StationCode",
    "TestForm",
    "TrainingClass",
    "UpdateAsked",
]  # fmt: skip
