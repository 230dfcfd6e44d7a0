"""What is kept of a plan, and what the database refuses."""

from kalata.planning.models.buying import ProcurementItem, ProcurementStep
from kalata.planning.models.calendars import CalendarDay
from kalata.planning.models.content import Activity, Driver, Link, Modification
from kalata.planning.models.money import Account, Funder, Imputation, Movement, Payment, Pledge
from kalata.planning.models.odds import OddsRun
from kalata.planning.models.plans import ChangeRequest, Plan, PlanVersion
from kalata.planning.models.publishing import Publication
from kalata.planning.models.readiness import ReadyDecision, ReadyPoint
from kalata.planning.models.resources import Capacity, LevelChoice, LevelRun, Pool
from kalata.planning.models.sizing import OfferChoice
from kalata.planning.models.work import Comment, Progress
from kalata.planning.models.works import WorkCalendar

__all__ = [
    "Account",
    "Activity",
    "CalendarDay",
    "Capacity",
    "ChangeRequest",
    "Comment",
    "Driver",
    "Funder",
    "Imputation",
    "LevelChoice",
    "LevelRun",
    "Link",
    "Modification",
    "Movement",
    "OddsRun",
    "OfferChoice",
    "Payment",
    "Plan",
    "PlanVersion",
    "Pledge",
    "Pool",
    "ProcurementItem",
    "ProcurementStep",
    "Progress",
    "Publication",
    "ReadyDecision",
    "ReadyPoint",
    "WorkCalendar",
]
