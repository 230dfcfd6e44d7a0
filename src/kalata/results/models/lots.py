"""Lots drawn between equals: what was announced before, what was drawn, what a new act undid. All append-only."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kalata.ledger.locks import AppendOnly
from kalata.results.rules import lots


class LotAnnouncement(models.Model):
    """The hash of a secret, announced before the draw, for one tie of one constituency ("" for the whole).

    options: the tied, in ballot order; lists: their numbers on the ballot. votes: what each of them had. seats:
    places or seats in play.
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="lot_announcements")
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=120, blank=True)
    options = models.JSONField()
    lists = models.JSONField()
    votes = models.JSONField()
    seats = models.PositiveIntegerField()
    promise = models.CharField(max_length=64)
    source = models.CharField(max_length=300)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("RES-400")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["contest", "number"], name="lot_number")]

    def __str__(self) -> str:
        return f"{self.contest_id} n° {self.number}"

    def pairs(self) -> list[tuple[str, int]]:
        """The tied with their numbers on the ballot."""
        return list(zip(self.options, self.lists, strict=True))


class Lot(models.Model):
    """The draw: the secret opened, the number from outside, the order that follows. Two persons."""

    announcement = models.OneToOneField(LotAnnouncement, on_delete=models.PROTECT, related_name="lot")
    secret = models.CharField(max_length=300)
    public_number = models.CharField(max_length=100)
    order = models.JSONField()
    document = models.CharField(max_length=300)
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("RES-400")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(asked_by=F("approved_by")), name="lot_two_persons")]

    def __str__(self) -> str:
        return f"{self.announcement_id}"

    def redo(self) -> list[str]:
        return lots.redo(self.secret, self.public_number, self.announcement.lists)


class LotUndone(models.Model):
    """A draw, or a promise whose secret was not opened, that a new act sets aside. Two persons.

    It stays readable, and no longer breaks the tie.
    """

    announcement = models.OneToOneField(LotAnnouncement, on_delete=models.PROTECT, related_name="undone")
    reason = models.CharField(max_length=400)
    document = models.CharField(max_length=300)
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("RES-400")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(asked_by=F("approved_by")), name="lot_undone_two_persons")]

    def __str__(self) -> str:
        return f"{self.announcement_id}"
