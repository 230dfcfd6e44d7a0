"""How a decision is written: each version of each section, what is typed and not yet kept, remarks, clauses, precedents."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kalata.ledger.locks import AppendOnly


class RulingText(models.Model):
    """One version of one section of the reasons. key: `rules.reasons`; number: from 1, by section. Versions are kept."""

    ruling = models.ForeignKey("disputes.Ruling", on_delete=models.PROTECT, related_name="texts")
    key = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("DIS-301")

    class Meta:
        ordering = ["ruling", "key", "number"]
        constraints = [models.UniqueConstraint(fields=["ruling", "key", "number"], name="ruling_text_version")]

    def __str__(self) -> str:
        return f"{self.ruling_id} {self.key} {self.number}"


class RulingScratch(models.Model):
    """What one person typed in a section and has not kept as a version: read by nobody else. base: the version it began from."""

    ruling = models.ForeignKey("disputes.Ruling", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    by = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    base = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ruling", "key", "by"], name="ruling_scratch_one")]

    def __str__(self) -> str:
        return f"{self.ruling_id} {self.key}"


class RulingRemark(models.Model):
    """A remark of the bench on a section; it stays, resolved or not."""

    ruling = models.ForeignKey("disputes.Ruling", on_delete=models.PROTECT, related_name="remarks")
    key = models.CharField(max_length=80)
    words = models.CharField(max_length=2_000)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resolved_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    append_only = AppendOnly("DIS-301", once=("resolved_by_id", "resolved_at"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="ruling_remark_says"),
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None) | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="ruling_remark_resolved_by_somebody",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.ruling_id} {self.key}"


class Clause(models.Model):
    """One version of a clause of the Court: words that its decisions use again. part: the kind of section it is for."""

    code = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    part = models.CharField(max_length=20)
    text = models.TextField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("DIS-301")

    class Meta:
        ordering = ["code", "number"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="clause_version"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(title=""), name="clause_says"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"
