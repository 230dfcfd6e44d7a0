"""The register of issued papers: every version ever handed out, never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly


class DocumentSeries(models.Model):
    """The last number given in one series and year; its row is held while a number is given."""

    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "document series"
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="document_series")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


class IssuedDocument(models.Model):
    """One version of one paper. kind: the key of its declaration; subject: the record it is of, as the ledger names it.

    content: fingerprint of what it says; digest: of that with its reference, version and hour, as printed; sha256: of
    its file in the store of evidence. superseded_by: the version that took its place, once there is one.
    """

    reference = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, db_index=True)
    lang = models.CharField(max_length=2)
    title = models.CharField(max_length=300)
    content = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    pages = models.PositiveIntegerField()
    software = models.CharField(max_length=40)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    superseded_by = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="supersedes")

    append_only = AppendOnly(code="DOC-001", once=("superseded_by_id",))
    told = Told(
        "reference", "version", "kind", "subject", "lang", "title", "content", "digest", "sha256", "pages", "software",
        "by_id", "at",
    )  # fmt: skip

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference", "version"], name="issued_version"),
            models.UniqueConstraint(fields=["kind", "subject", "lang", "version"], name="issued_record_version"),
            models.CheckConstraint(condition=Q(version__gte=1) & Q(pages__gte=1), name="issued_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} v{self.version}"


class DocumentBatch(models.Model):
    """Papers asked for together: how many there are, how many are made, and the one file of them all.

    kind: the declared batch (`batches.BATCHES`); args: what it is asked with, plain values. done: papers made and issued,
    which stay issued if it is cancelled. sha256: the file of them all, once each is made. fault: the code or the words
    of what stopped it.
    """

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, db_index=True)
    args = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    fault = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "document batches"
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=models.F("total")), name="document_batch_counts"),
            models.CheckConstraint(
                condition=Q(sha256="") | Q(done=models.F("total"), ended_at__isnull=False), name="document_batch_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.done}/{self.total}"

    @property
    def running(self) -> bool:
        return self.ended_at is None
