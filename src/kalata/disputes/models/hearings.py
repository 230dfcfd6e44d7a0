"""Hearings: the cause list, who was there, the minutes, the hash of what was recorded."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly


class Hearing(models.Model):
    """A session. closed_why: why the public is not admitted, empty where it is. access: interpreters, ramp, large print.

    listed_at: when the cause list became public. audio: SHA-256 of the recording, which the Court keeps.
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="hearings")
    starts_at = models.DateTimeField(db_index=True)
    place = models.CharField(max_length=120)
    interpreters = models.CharField(max_length=200, blank=True)
    access = models.CharField(max_length=200, blank=True)
    closed_why = models.CharField(max_length=300, blank=True)
    listed_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    minutes = models.TextField(blank=True)
    audio = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told(
        "contest_id", "starts_at", "place", "closed_why", "listed_at", "held_at", "minutes", "audio", "by_id", again=True
    )  # fmt: skip

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(held_at=None) | ~Q(minutes=""), name="hearing_held_has_minutes"),
            models.CheckConstraint(
                condition=Q(held_at=None) | Q(listed_at__isnull=False), name="hearing_held_was_listed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.place}"


class CauseListEntry(models.Model):
    """A case on the list of a hearing, in its order."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="entries")
    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="hearings")
    order = models.PositiveSmallIntegerField()

    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["hearing", "order"]
        constraints = [
            models.UniqueConstraint(fields=["hearing", "order"], name="cause_in_order"),
            models.UniqueConstraint(fields=["hearing", "petition"], name="cause_once"),
        ]

    def __str__(self) -> str:
        return f"{self.hearing_id} {self.order}"


class HearingPresence(models.Model):
    """Who was there: a member of the bench, or a party by itself or by somebody."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="presences")
    member = models.ForeignKey("disputes.BenchMember", null=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("disputes.Party", null=True, on_delete=models.PROTECT, related_name="+")
    by_whom = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["hearing", "member"], name="presence_member_once"),
            models.UniqueConstraint(fields=["hearing", "party"], name="presence_party_once"),
            models.CheckConstraint(
                condition=Q(member__isnull=False, party=None) | Q(member=None, party__isnull=False),
                name="presence_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hearing_id} {self.member_id or self.party_id}"
