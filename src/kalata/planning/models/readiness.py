"""Is a place ready: what its coordination says of each point before polling day, and the decision that two persons sign."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.planning.models.plans import Plan
from kalata.planning.rules.ready_steps import ANSWERS, FURTHEST, READY, Ready
from kalata.states import states_constraint
from kalata.text import Message

PERSON = settings.AUTH_USER_MODEL


class ReadyPoint(models.Model):
    """What one person says of one point of a place, so many days before polling day. Rows are only added: the last counts."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="ready_points")
    unit = models.ForeignKey("country.Unit", on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    answer = models.CharField(max_length=8)
    evidence = models.CharField(max_length=300, blank=True)
    piece = models.CharField(max_length=64, blank=True)
    """SHA-256 of the file that proves it, kept by the store of evidence."""
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["plan", "days", "unit"], name="ready_by_place")]
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=FURTHEST), name="ready_point_days"),
            models.CheckConstraint(condition=Q(answer__in=list(ANSWERS)), name="ready_point_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.answer}"


class ReadyDecision(models.Model):
    """Go or no-go of a place, so many days before: proposed by its coordination, signed by another person on what was shown.

    shown: the digest of the answers it was proposed on; an answer that changes takes the proposal back.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="ready_decisions")
    unit = models.ForeignKey("country.Unit", on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default=Ready.OPEN)
    go = models.BooleanField(null=True)
    reason = models.CharField(max_length=400, blank=True)
    shown = models.CharField(max_length=64, blank=True)
    proposed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            states_constraint(READY),
            models.UniqueConstraint(fields=["plan", "unit", "days"], name="ready_decided_once"),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=FURTHEST), name="ready_decision_days"),
            models.CheckConstraint(
                condition=Q(signed_by=None) | (Q(proposed_by__isnull=False) & ~Q(signed_by=F("proposed_by"))),
                name="ready_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_by__isnull=False, go__isnull=False), name="ready_signed_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} J-{self.days}"

    @property
    def state_label(self) -> Message:
        return Message(READY.labels[Ready(self.state)])
