"""Persons heard in a case: their place in it in clear, who they are sealed to the Court's key of persons."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly


class HeardPerson(models.Model):
    """One person heard: T1, T2… kind: what they are in the case; exhibit: the piece that keeps their words. sealed: name,
    contact, address and note (`rules.heard`), which nothing here opens; sha256: of the sealed bytes. Append-only.
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="heard")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    exhibit = models.ForeignKey("disputes.Exhibit", null=True, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    struck_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(null=True)

    told = Told("petition_id", "number", "kind", "exhibit_id", "sha256", "by_id", "at")
    append_only = AppendOnly("DIS-101", once=("struck_by_id", "struck_at"))

    class Meta:
        ordering = ["petition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "number"], name="heard_number"),
            models.CheckConstraint(
                condition=Q(kind__in=["witness", "elector", "officer", "informant", "expert", "counsel"]), name="heard_kind"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.petition_id} T{self.number}"
