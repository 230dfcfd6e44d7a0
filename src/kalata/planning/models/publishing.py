"""What of a plan is everybody's: the dates of a version as two persons published them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.ledger.locks import AppendOnly
from kalata.planning.models.plans import Plan, PlanVersion

PERSON = settings.AUTH_USER_MODEL


class Publication(models.Model):
    """One publication of a version. rows, phases: what is shown, as it was shown to who decided. Rows are only added.

    number: counts the publications of a plan; a calendar that follows it reads there that a date has moved.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="publications")
    version = models.OneToOneField(PlanVersion, on_delete=models.PROTECT, related_name="publication")
    number = models.PositiveIntegerField()
    rows = models.JSONField()
    phases = models.JSONField()
    sha256 = models.CharField(max_length=64)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_publication_numbered_once"),
            models.CheckConstraint(condition=~Q(asked_by=F("approved_by")), name="plan_publication_two_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.number})"
