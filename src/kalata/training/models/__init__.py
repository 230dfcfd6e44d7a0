"""What is kept of training and of posts, and what the database refuses. One module a vertical."""

from kalata.training.models.posts import Agent, Appointment, Oath, Post, PostBook, Proposal
from kalata.training.models.posts_day import PostReplacement, PresenceCall, Reserve, StationCode
from kalata.training.models.posts_register import Declaration, IndependenceEntry, PostDraw
from kalata.training.models.procedures import ManualSource, Procedure, ProcedureComment, ProcedureVersion

__all__ = [
    "Agent",
    "Appointment",
    "Declaration",
    "IndependenceEntry",
    "ManualSource",
    "Oath",
    "Post",
    "PostBook",
    "PostDraw",
    "PostReplacement",
    "PresenceCall",
    "Procedure",
    "ProcedureComment",
    "ProcedureVersion",
    "Proposal",
    "Reserve",
    "StationCode",
]  # fmt: skip
