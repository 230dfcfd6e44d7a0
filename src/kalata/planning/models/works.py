"""The named calendars of a version: of a kind of activity, a region, a supplier; with what slows or stops them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kalata.planning.models.plans import PlanVersion
from kalata.planning.rules.spells import CalendarKind


class WorkCalendar(models.Model):
    """country: whose days off it takes (ISO code; "": those of the plan). rest: weekdays of rest as `5;6`; `-` none, "" the plan's.

    spells: seasons and closures, each the cells that `rules.spells.spell_of` reads, with its flag, source and confidence.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="works")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=8)
    name_fr = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    rest = models.CharField(max_length=13, blank=True)
    territories = models.CharField(max_length=600, blank=True)
    flag = models.CharField(max_length=1)
    source = models.CharField(max_length=600, blank=True)
    confidence = models.CharField(max_length=80, blank=True)
    spells = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="work_calendar_once"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in CalendarKind]), name="work_calendar_kind_known"),
            models.CheckConstraint(condition=Q(flag__in=("S", "A")), name="work_calendar_flag_known"),
            models.CheckConstraint(condition=~Q(flag="S") | ~Q(source=""), name="work_calendar_source_named"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_fr}"
