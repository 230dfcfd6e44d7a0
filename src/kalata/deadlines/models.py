"""What is kept of legal time: calendars, recorded events, derogations, assumptions.

Nothing is overwritten: a corrected event or derogation is a new row that points at the old one.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Calendar(models.Model):
    """The legal calendar of one family of contests of an election (both rounds)."""

    election = models.ForeignKey("country.Election", on_delete=models.PROTECT, related_name="calendars")
    code = models.SlugField(max_length=100, unique=True)
    family = models.CharField(max_length=40)
    rounds = models.PositiveSmallIntegerField(default=1)
    law_date = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-election__polling_day", "code"]
        constraints = [models.UniqueConstraint(fields=["election", "family"], name="calendar_of_family")]

    def __str__(self) -> str:
        return self.code


class Fact(models.Model):
    """An event: planned, or seen with its evidence. `current` facts are those nothing replaces."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="facts")
    type = models.CharField(max_length=60)
    round = models.PositiveSmallIntegerField(default=0)
    party = models.CharField(max_length=120, blank=True)
    standing = models.CharField(max_length=8)
    day = models.DateField()
    at = models.DateTimeField(null=True)
    document = models.CharField(max_length=300, blank=True)
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(standing__in=["planned", "actual"]), name="fact_standing"),
            models.CheckConstraint(
                condition=Q(withdrawn=True) | Q(standing="planned") | ~Q(document=""), name="fact_has_evidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.round} {self.day}"


class Override(models.Model):
    """An act that derogates from a norm, asked by one person and approved by another."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="overrides")
    norm = models.CharField(max_length=120)
    round = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=10)
    authority = models.CharField(max_length=200)
    document = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)
    decided = models.DateField()
    reason = models.CharField(max_length=400)
    value = models.CharField(max_length=20, blank=True)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["decided", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(asked_by=F("approved_by")), name="override_two_persons"),
            models.CheckConstraint(
                condition=~Q(authority="") & ~Q(document="") & ~Q(reason=""), name="override_has_basis"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.norm} {self.kind} {self.value}"


class Assumption(models.Model):
    """A working length between two events that no text gives: for feasibility only, never a duty."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="assumptions")
    start = models.CharField(max_length=70)
    end = models.CharField(max_length=70)
    least = models.IntegerField(null=True)
    most = models.IntegerField(null=True)
    reason = models.CharField(max_length=400)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.start} > {self.end}"


class Following(models.Model):
    """A person who wants the alerts of a calendar, perhaps for one actor only."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="followers")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    actor = models.CharField(max_length=120, blank=True)
    by_mail = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "person"], name="following_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.calendar_id}"


class FeedEntry(models.Model):
    """What the subscribed feed last said of a line: its UID never changes, its sequence grows."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="feed")
    line = models.CharField(max_length=200)
    sequence = models.PositiveIntegerField(default=0)
    said = models.JSONField()
    cancelled = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["calendar", "line"], name="feed_line")]

    def __str__(self) -> str:
        return self.line
