"""Counters, the roll of a contest, what a counter gave for a petition, and the bundles it was merged from."""

from __future__ import annotations

from django.db import models

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly


class Roll(models.Model):
    """The roll (rôle) of a contest: its short name on receipts, and the last number given.

    Roll numbers are given by the central registry alone, in order of the receipt instant within each merge; a late
    arrival takes the next one and renumbers nobody. kept_here: this house is that registry; false on the laptop of a
    counter, which gives receipt numbers and no roll number.
    """

    contest = models.OneToOneField("country.Contest", on_delete=models.PROTECT, related_name="roll")
    short = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)
    kept_here = models.BooleanField(default=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["year", "short"]
        constraints = [models.UniqueConstraint(fields=["year", "short"], name="roll_short")]

    def __str__(self) -> str:
        return f"{self.year}-{self.short}"


class OfTheCourt(models.Manager["Counter"]):
    """The counters of the Court; `Counter.every` has those of first instance too."""

    def get_queryset(self) -> models.QuerySet[Counter]:
        return super().get_queryset().filter(first=False)


class Counter(models.Model):
    """A counter of the Court: an office with its own sequence of numbers and its own Ed25519 key.

    key: the public half, hex. here: its receipts are made by this house; else they come in signed bundles. online: it
    receives by itself what parties file from their own account; one counter at most. seals_to: the Court's public line, to
    which the bundles of a counter of another machine than the Court's are sealed. first: of an office of first instance.
    """

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=200)
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    seals_to = models.CharField(max_length=120, blank=True)
    here = models.BooleanField(default=True)
    online = models.BooleanField(default=False)
    first = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfTheCourt()
    every = models.Manager()  # noqa: DJ012  the fields stand above both

    class Meta:
        ordering = ["code"]
        default_manager_name = "every"
        constraints = [
            models.UniqueConstraint(fields=["online"], condition=models.Q(online=True), name="counter_one_online")
        ]

    def __str__(self) -> str:
        return self.code


class PetitionReceipt(models.Model):
    """What the counter gave for a petition: the very text that its key signed. Append-only.

    body: canonical JSON of number, instant, pieces and root; clock, drift: where the instant came from and how far the
    clock of the counter stood from the Court's, in milliseconds (positive: ahead; null: not measured). readings: what
    the engine of deadlines said, every reading. token: RFC 3161, where there is an authority. since: in the queue, or in
    the mailbox, since; bundle: the one it came in.
    """

    petition = models.OneToOneField("disputes.Petition", on_delete=models.PROTECT, related_name="receipt")
    body = models.TextField()
    root = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    key = models.CharField(max_length=64)
    clock = models.CharField(max_length=40)
    drift_ms = models.BigIntegerField(null=True)
    ticket = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(null=True)
    bundle = models.ForeignKey("disputes.Bundle", null=True, on_delete=models.PROTECT, related_name="receipts")
    readings = models.JSONField(default=list)
    token = models.BinaryField(null=True)
    clerk = models.CharField(max_length=40)
    made_in_ms = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    told = Told(
        "petition_id", "body", "root", "signature", "key", "clock", "drift_ms", "ticket", "since", "clerk", "at"
    )
    append_only = AppendOnly("DIS-101", once=("token",))

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.root[:12]}"


class Bundle(models.Model):
    """A signed bundle of a counter, merged here once: by its content, whatever its file. Append-only.

    drift_ms: clock of the counter less the Court's, as measured at the merge. first, last: sequence numbers in it.
    sealed: it came encrypted to the Court's key; one from before that may come in clear, which is said.
    """

    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, related_name="bundles")
    sha256 = models.CharField(max_length=64, unique=True)
    petitions = models.PositiveIntegerField()
    fresh = models.PositiveIntegerField()
    drift_ms = models.BigIntegerField(null=True)
    sealed = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.sha256[:12]}"
