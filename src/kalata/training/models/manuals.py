"""The pieces of a role in a language as they were made: asked by a person, made by the worker, kept by their hash."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.ledger.locks import AppendOnly

PERSON = settings.AUTH_USER_MODEL


class ManualBuild(models.Model):
    """One making of every piece. digest: of the procedures it is made from, as they stood when it was asked.

    pages: each page with its hash, once it is whole; done of total: pieces made. fault: what stopped it.
    """

    source = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    language = models.CharField(max_length=30)
    draft = models.BooleanField()
    digest = models.CharField(max_length=64)
    pages = models.JSONField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    append_only = AppendOnly("TRN-601", mutable=("total", "done"), once=("pages", "fault", "ended_at", "stopped_at"))

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "role", "language", "draft"], condition=Q(ended_at=None), name="manual_one_making"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="manual_making_counts"),
            models.CheckConstraint(
                condition=Q(pages__isnull=True) | Q(ended_at__isnull=False, done=F("total"), fault=""), name="manual_made_whole"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.role} {self.language} {self.digest[:8]}"

    @property
    def whole(self) -> bool:
        return self.pages is not None

    @property
    def state(self) -> str:
        """One word: making, made, stopped, failed."""
        if self.ended_at is None:
            return "making"
        return "made" if self.whole else "stopped" if self.stopped_at else "failed"


class ManualFile(models.Model):
    """One piece, in the store of evidence under its hash."""

    build = models.ForeignKey(ManualBuild, on_delete=models.PROTECT, related_name="files")
    path = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()

    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["build", "path"], name="manual_file_once")]

    def __str__(self) -> str:
        return self.path
