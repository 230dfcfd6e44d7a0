"""A contest that somebody is setting up: answers kept at each step, for that person alone, until it is created."""

from __future__ import annotations

from django.db import models


class ContestDraft(models.Model):
    """Answers so far (`rules.contest_draft`). step: the furthest one answered. Nothing of it counts."""

    by = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)
    step = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pk}"
