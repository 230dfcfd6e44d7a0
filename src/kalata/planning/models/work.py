"""What is said of a plan while it is made and while it is done."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.planning.models.plans import Plan, PlanVersion


class Comment(models.Model):
    """A remark on a version, or on one of its activities. It is answered once, and stays."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="comments")
    code = models.CharField(max_length=64, blank=True)
    text = models.CharField(max_length=2_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reply = models.CharField(max_length=2_000, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None) | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_resolved_by_somebody",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text[:60]


class Progress(models.Model):
    """What one person says of an activity on a day, in a territory (none: the whole country). Rows are only added."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="progress")
    code = models.CharField(max_length=64)
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    percent = models.PositiveSmallIntegerField()
    started = models.DateField(null=True)
    finished = models.DateField(null=True)
    blocked = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=600, blank=True)
    evidence = models.CharField(max_length=600, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    page = models.CharField(max_length=16, blank=True)
    brought = models.CharField(max_length=64, blank=True)
    """Where a file without network brought it: the mark of its page, and the digest of its line, which counts once."""

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["plan", "code"], name="progress_by_activity")]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="progress_percent"),
            models.UniqueConstraint(fields=["plan", "brought"], condition=~Q(brought=""), name="progress_brought_once"),
            models.CheckConstraint(condition=Q(finished=None) | Q(percent=100), name="progress_finished_is_whole"),
            models.CheckConstraint(
                condition=Q(finished=None) | Q(finished__lte=F("on")), name="progress_not_in_the_future"
            ),
            models.CheckConstraint(
                condition=Q(started=None) | Q(finished=None) | Q(started__lte=F("finished")), name="progress_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.percent} %"
