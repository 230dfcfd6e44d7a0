"""What is known of each kept content, and its custody: every step, never changed."""

from __future__ import annotations

from django.db import models

from kalata.evidence.rules.access import Access, Step
from kalata.ledger.locks import AppendOnly


class Content(models.Model):
    """One content. media: its real type. ours: written by the house from what it read (an image from its pixels).

    place: where it lies below the folder of files when an older version kept it; empty: in the store.
    checked_at, fault: the last time it was read again whole, and what was then wrong (missing, altered).
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    media = models.CharField(max_length=100)
    ours = models.BooleanField(default=False)
    place = models.CharField(max_length=200, blank=True)
    kept_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, db_index=True)
    fault = models.CharField(max_length=12, blank=True, db_index=True)
    fault_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    pages = 0
    """Of a file just kept, as its reader counted them: whoever joins it to a record notes it there. Never read back."""

    append_only = AppendOnly(code="EVD-001", mutable=("checked_at", "fault", "fault_at", "destroyed_at"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(fault__in=["", "missing", "altered"]), name="content_fault"),
            models.CheckConstraint(condition=models.Q(size__gte=0), name="content_size"),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.media}"


class Custody(models.Model):
    """One step of a content in one record: the last one of a (content, subject) is in force.

    subject: the record, as the ledger names it ("calendar:x"); empty: received, not joined to anything yet. name: the
    name the file had where it came from. origin: the content it was drawn from. until, rule: how long it is kept.
    """

    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="custody")
    step = models.CharField(max_length=10)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    access = models.CharField(max_length=10)
    name = models.CharField(max_length=200, blank=True)
    origin = models.ForeignKey(Content, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=400, blank=True)
    rule = models.CharField(max_length=200, blank=True)
    until = models.DateField(null=True)

    append_only = AppendOnly(code="EVD-001")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "custody"
        indexes = [models.Index(fields=["content", "subject", "-id"], name="custody_in_force")]
        constraints = [
            models.CheckConstraint(condition=models.Q(step__in=[s.value for s in Step]), name="custody_step"),
            models.CheckConstraint(condition=models.Q(access__in=[a.value for a in Access]), name="custody_access"),
            models.CheckConstraint(
                condition=~models.Q(step__in=["reclassed", "ended"]) | ~models.Q(reason=""), name="custody_by_an_act"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content_id} {self.step} {self.subject}"
