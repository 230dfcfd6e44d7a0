"""The days off of a version beside those of its pack: a feast that a decree has fixed, a day that nobody works."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kalata.planning.models.plans import PlanVersion
from kalata.planning.rules.days import DayKind


class CalendarDay(models.Model):
    """One day of a version's calendar, with what it rests on. name: of the feast that it fixes, or why nobody works."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    kind = models.CharField(max_length=6)
    name = models.CharField(max_length=120)
    flag = models.CharField(max_length=1)
    source = models.CharField(max_length=600, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["version", "day"], name="calendar_day_once"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in DayKind]), name="calendar_day_kind_known"),
            models.CheckConstraint(condition=Q(flag__in=("S", "A")), name="calendar_day_flag_known"),
            models.CheckConstraint(condition=~Q(flag="S") | ~Q(source=""), name="calendar_day_source_named"),
            models.CheckConstraint(condition=~Q(kind="decree") | Q(flag="S"), name="calendar_day_decree_named"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
