"""What a reporting judge tried on a case and kept under a name: a simulation, never a fact of the case."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kalata.ledger.limits import Limit, declare


class WhatIf(models.Model):
    """A simulation. case: the document that was weighed (contested stations, acts, irregular ballots); told: what it
    gave, the two documents of the commands and the sentences; digest, recomputed: theirs; revision: of the figures it
    rests on, so that it is said to be stale when they have moved.

    It is told to no ledger, no search and no page but those of the case; its author deletes it, nobody else.
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="whatifs")
    name = models.CharField(max_length=120)
    case = models.JSONField()
    told = models.JSONField()
    digest = models.CharField(max_length=64)
    recomputed = models.CharField(max_length=64, blank=True)
    revision = models.CharField(max_length=80)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "name"], name="whatif_name"),
            models.CheckConstraint(condition=~Q(name=""), name="whatif_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.pk}"


KEPT = ("petition_id", "name", "digest", "recomputed", "revision", "by_id", "at")
MOVED = " or ".join(f"new.{column} is distinct from old.{column}" for column in KEPT)

declare(
    Limit("disputes_whatif", "kept", f"update of {', '.join(KEPT)}", MOVED, "DIS-804 a simulation is kept as it was computed"),
)  # fmt: skip
