"""What a plan buys: each item with the activities that make its delay, its states with their papers, its reserve stock."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kalata.planning.models.plans import Plan
from kalata.planning.rules.buying_steps import BUYING, Bought
from kalata.states import states_constraint
from kalata.text import Message

PERSON = settings.AUTH_USER_MODEL


class ProcurementItem(models.Model):
    """One purchase. tender, making, delivering: activities of the plan whose durations make its delay; needed: the one it serves.

    fails_percent: how likely the tender fails, as people assume it. legal_days: the shortest publication, with its source;
    none: it is not known here, and nothing is refused on it.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="purchases")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    method = models.CharField(max_length=60)
    lots = models.PositiveSmallIntegerField(default=1)
    sensitive = models.BooleanField(default=False)
    tender = models.CharField(max_length=64)
    making = models.CharField(max_length=64, blank=True)
    delivering = models.CharField(max_length=64, blank=True)
    needed = models.CharField(max_length=64)
    quantity = models.PositiveBigIntegerField(null=True)
    reserve_percent = models.PositiveSmallIntegerField(null=True)
    fails_percent = models.PositiveSmallIntegerField(null=True)
    legal_days = models.PositiveSmallIntegerField(null=True)
    legal_source = models.CharField(max_length=300, blank=True)
    supplier = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=14, default=Bought.PLANNED)
    author = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    deliverer = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            states_constraint(BUYING),
            models.UniqueConstraint(fields=["plan", "code"], name="purchase_once"),
            models.CheckConstraint(condition=Q(reserve_percent=None) | Q(reserve_percent__lte=100), name="purchase_reserve_share"),
            models.CheckConstraint(condition=Q(fails_percent=None) | Q(fails_percent__lte=100), name="purchase_fails_share"),
            models.CheckConstraint(condition=Q(legal_days=None) | ~Q(legal_source=""), name="purchase_law_named"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def state_label(self) -> Message:
        return Message(BUYING.labels[Bought(self.state)])


class ProcurementStep(models.Model):
    """A state an item reached on a day, with its paper. Rows are only added."""

    item = models.ForeignKey(ProcurementItem, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=14)
    on = models.DateField()
    document = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.state} {self.on}"


