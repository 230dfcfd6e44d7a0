"""The report of a reporting judge, in versions: words written by a person, the rest taken from the case at that instant."""

from __future__ import annotations

from django.db import models

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly


class CaseReport(models.Model):
    """One version of the report of a case. said: facts, proposal options and words by ground as they were written, and
    the simulations put in it with their digests. reference, sha256: of the paper that was issued. Append-only."""

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveSmallIntegerField()
    said = models.JSONField()
    reference = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("petition_id", "version", "said", "reference", "sha256", "by_id", "at")
    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["petition", "-version"]
        constraints = [models.UniqueConstraint(fields=["petition", "version"], name="case_report_version")]

    def __str__(self) -> str:
        return f"{self.petition_id} v{self.version}"
