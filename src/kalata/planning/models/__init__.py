"""What is kept of a plan, and what the database refuses."""

from kalata.planning.models.content import Activity, Driver, Link, Modification
from kalata.planning.models.odds import OddsRun
from kalata.planning.models.plans import ChangeRequest, Plan, PlanVersion
from kalata.planning.models.work import Comment, Progress

__all__ = [
    "Activity",
    "ChangeRequest",
    "Comment",
    "Driver",
    "Link",
    "Modification",
    "OddsRun",
    "Plan",
    "PlanVersion",
    "Progress",
]
