"""What a version holds: activities, the links between them, the drivers of cost; and each modification, so that it is undone."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.planning.models.plans import PlanVersion
from kalata.planning.rules.plan import LagUnit, LinkType, Type, Unit


class Activity(models.Model):
    """An activity as its version says it. Each of the three points may have its reason; flag S: said by a source, A: assumed."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="activities")
    code = models.CharField(max_length=64)
    place = models.PositiveIntegerField()
    phase = models.CharField(max_length=120, blank=True)
    name_fr = models.CharField(max_length=300, blank=True)
    name_en = models.CharField(max_length=300, blank=True)
    type = models.CharField(max_length=16, default=Type.TASK)
    optimistic = models.PositiveIntegerField()
    likely = models.PositiveIntegerField()
    pessimistic = models.PositiveIntegerField()
    unit = models.CharField(max_length=2)
    why_optimistic = models.CharField(max_length=300, blank=True)
    why_likely = models.CharField(max_length=300, blank=True)
    why_pessimistic = models.CharField(max_length=300, blank=True)
    anchor = models.CharField(max_length=60, blank=True)
    norm = models.CharField(max_length=80, blank=True)
    calendar = models.CharField(max_length=40, blank=True)
    territory = models.CharField(max_length=120, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    support = models.CharField(max_length=300, blank=True)
    flag = models.CharField(max_length=1, blank=True)
    source = models.CharField(max_length=600, blank=True)
    evidence_required = models.BooleanField(default=False)
    cells = models.JSONField(default=dict)
    """Its other columns, as written: drivers, quantities, prices with their flag and source, funder, resources."""

    class Meta:
        ordering = ["place", "code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="activity_once"),
            models.CheckConstraint(
                condition=Q(optimistic__lte=F("likely")) & Q(likely__lte=F("pessimistic")),
                name="activity_three_in_order",
            ),
            models.CheckConstraint(condition=Q(unit__in=[u.value for u in Unit]), name="activity_unit_known"),
            models.CheckConstraint(condition=Q(type__in=[t.value for t in Type]), name="activity_type_known"),
            models.CheckConstraint(condition=Q(flag__in=("", "S", "A")), name="activity_flag_known"),
            models.CheckConstraint(condition=~Q(flag="S") | ~Q(source=""), name="activity_source_named"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_fr}"


class Link(models.Model):
    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="links")
    pred = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="followers")
    succ = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="links")
    place = models.PositiveSmallIntegerField(default=0)
    type = models.CharField(max_length=2, default=LinkType.FS)
    lag = models.IntegerField(default=0)
    lag_unit = models.CharField(max_length=2, default=LagUnit.CALENDAR)

    class Meta:
        ordering = ["succ_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["pred", "succ", "type"], name="link_once"),
            models.CheckConstraint(condition=~Q(pred=F("succ")), name="link_to_another"),
            models.CheckConstraint(condition=Q(type__in=[t.value for t in LinkType]), name="link_type_known"),
            models.CheckConstraint(condition=Q(lag_unit__in=[u.value for u in LagUnit]), name="link_unit_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pred_id} {self.type} {self.succ_id}"


class Driver(models.Model):
    """A driver of cost in a version, with its date, source and flag."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="drivers")
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=30)
    flag = models.CharField(max_length=1)
    source = models.CharField(max_length=600, blank=True)
    dated = models.DateField(null=True)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="driver_once"),
            models.CheckConstraint(condition=Q(flag__in=("S", "A")), name="driver_flag_known"),
            models.CheckConstraint(condition=~Q(flag="S") | ~Q(source=""), name="driver_source_named"),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"


class Modification(models.Model):
    """What one act changed in a draft: each activity before and after. Undone and redone by who made it."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="modifications")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=20)
    codes = models.CharField(max_length=200, blank=True)
    delta = models.JSONField()
    undone = models.BooleanField(default=False)
    gone = models.BooleanField(default=False)
    """Undone, and something else was done since: it is no longer redone."""

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(gone=False) | Q(undone=True), name="modification_gone_is_undone")
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.codes}"
