"""Petitions that look alike: told to the registry, never merged by themselves."""

from __future__ import annotations

from django.db import models

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly


class Twin(models.Model):
    """Two petitions that look like one. kind: hash (the same piece), same (petitioner, target and grounds), text (near).

    answer: what the registry made of it, once: apart, joined, duplicate (for the bench to strike). why: the reason.
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="twins")
    other = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4)
    score = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    answer = models.CharField(max_length=12, null=True)  # noqa: DJ001  null: nobody has answered yet
    answered_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=400, blank=True)

    told = Told(
        "petition_id", "other_id", "kind", "score", "at", "answer", "answered_by_id", "answered_at", "why", again=True
    )
    append_only = AppendOnly("DIS-101", once=("answer", "answered_by_id", "answered_at", "why"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "other", "kind"], name="twin_once"),
            models.CheckConstraint(condition=models.Q(kind__in=["hash", "same", "text"]), name="twin_kind"),
            models.CheckConstraint(condition=~models.Q(petition=models.F("other")), name="twin_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id}~{self.other_id} {self.kind}"
