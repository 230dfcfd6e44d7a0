"""The members of the Court: seats, absences, what they declare of their interests, the keys of their deliberation."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly

INTERESTS = ("kinship", "party", "counsel", "origin", "other")


class BenchMember(models.Model):
    """A member of the bench. code: how the draw and the archives name him; authority: who appoints to the seat.

    until: the last day of function, null while it goes on; left: why it ended, as it was said.
    """

    code = models.CharField(max_length=40, unique=True)
    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="seat")
    authority = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    left = models.CharField(max_length=200, blank=True)
    president = models.BooleanField(default=False)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("code", "person_id", "authority", "since", "until", "left", again=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="bench_until_after_since"),
            models.UniqueConstraint(fields=["president"], condition=Q(president=True), name="bench_one_president"),
        ]

    def __str__(self) -> str:
        return self.code


class Absence(models.Model):
    """Days on which a member cannot sit. last: null until the return is noted."""

    member = models.ForeignKey(BenchMember, on_delete=models.PROTECT, related_name="absences")
    first = models.DateField()
    last = models.DateField(null=True)
    why = models.CharField(max_length=200)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("member_id", "first", "why", "by_id", "at")
    append_only = AppendOnly("DIS-101", once=("last",))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last=None) | Q(last__gte=F("first")), name="absence_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.first}"


class Declaration(models.Model):
    """What a member declares of his interests, standing until it ends: a name, or a place (unit), and of what kind."""

    member = models.ForeignKey(BenchMember, on_delete=models.PROTECT, related_name="declarations")
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("member_id", "kind", "name", "unit_id", "by_id", "at")
    append_only = AppendOnly("DIS-101", once=("withdrawn_at",))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=INTERESTS), name="declaration_kind"),
            models.CheckConstraint(condition=~Q(name="") | Q(unit__isnull=False), name="declaration_names_something"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind}"


class BenchKey(models.Model):
    """The public key of a member; the private one never leaves his machine. Confirmed by another person than himself.

    withdrawn_at: it was lost, or replaced; what was sealed to it is sealed again by two members.
    """

    member = models.ForeignKey(BenchMember, on_delete=models.PROTECT, related_name="keys")
    public = models.CharField(max_length=120, unique=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    told = Told("member_id", "public", "by_id", "confirmed_by_id", "at")
    append_only = AppendOnly("DIS-101", once=("withdrawn_at",))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("confirmed_by")), name="bench_key_by_two"),
            models.UniqueConstraint(fields=["member"], condition=Q(withdrawn_at=None), name="bench_one_key"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.public[:15]}"
