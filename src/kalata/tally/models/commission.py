"""Sittings of the collation commissions: members, minutes, recaps compared with the reports."""

from __future__ import annotations

from django.db import models

from kalata.ledger.locks import AppendOnly
from kalata.states import states_constraint
from kalata.tally.rules.sittings import SITTING


class Sitting(models.Model):
    """A sitting of a collation commission. unit: its territory, null for the national one."""

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="sittings")
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default="created")
    quorum = models.PositiveSmallIntegerField(default=0)
    purpose = models.CharField(max_length=400, blank=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "results_sitting"
        ordering = ["-pk"]
        constraints = [states_constraint(SITTING)]

    def __str__(self) -> str:
        return self.title


class Member(models.Model):
    """A seat of a sitting: who holds it, for which body, present or not, and how the recap was signed.

    signed_on: the hash of the very recap that was signed, or refused; void once another is typed.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="members")
    name = models.CharField(max_length=120)
    body = models.CharField(max_length=120, blank=True)
    chair = models.BooleanField(default=False)
    present = models.BooleanField(default=False)
    signature = models.CharField(max_length=12, blank=True)
    signed_on = models.CharField(max_length=64, null=True)  # noqa: DJ001  null: nothing is signed
    reservation = models.TextField(blank=True)

    class Meta:
        db_table = "results_member"
        ordering = ["-chair", "pk"]

    def __str__(self) -> str:
        return self.name


class Attendance(models.Model):
    """A person with a mandate in the commission has noted, from their own account, that they sit. Append-only."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("RES-400")

    class Meta:
        db_table = "results_attendance"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sitting", "person"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.person_id}"


class Minute(models.Model):
    """One line of the minutes of a sitting, in order: opened, suspended, decided, reserved, closed. Append-only."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="minutes")
    kind = models.CharField(max_length=12)
    text = models.TextField()
    votes_for = models.PositiveSmallIntegerField(null=True)
    votes_against = models.PositiveSmallIntegerField(null=True)
    abstained = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("RES-400")

    class Meta:
        db_table = "results_minute"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.kind}"


class Recap(models.Model):
    """What the paper recap of a commission says, typed once and compared line by line with the reports (E15, E16).

    apart: lines that differ, {line: [on paper, sum]}; empty: it agrees. Every version stays. sha256: of the sitting,
    the number of the version, the stations and the figures: what its signatures are bound to. Append-only.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="recaps")
    sheet = models.BinaryField()
    stations = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()
    apart = models.JSONField(default=dict)
    revision = models.PositiveIntegerField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, null=True)  # noqa: DJ001

    append_only = AppendOnly("RES-400")

    class Meta:
        db_table = "results_recap"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.pk}"


class Explained(models.Model):
    """A line of a recap that differs from the sum of the reports, with the line of the minutes that explains it.

    on_paper, summed: the very difference explained; another difference on the same line is not. Append-only.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="explained")
    line = models.CharField(max_length=40)
    on_paper = models.BigIntegerField(null=True)
    summed = models.BigIntegerField()
    minute = models.ForeignKey(Minute, on_delete=models.PROTECT, related_name="explains")

    append_only = AppendOnly("RES-400")

    class Meta:
        db_table = "results_explained"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.line}"
