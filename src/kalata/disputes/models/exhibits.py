"""The pieces of a case and their custody: every step and every reading of a sealed one, chained."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly


class Exhibit(models.Model):
    """A piece of a case: the content kept by `kalata.evidence`, what it is, who offered it, how it was obtained.

    access: public, parties (of this case), bench, sealed. received_at: when it reached the counter. grounds: the keys of
    the grounds it supports. pages: 0 where pages have no meaning (a photograph, a sound).
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="exhibits")
    number = models.PositiveSmallIntegerField()
    piece = models.ForeignKey("evidence.Content", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=200)
    pages = models.PositiveIntegerField(default=0)
    station = models.ForeignKey("country.Station", null=True, on_delete=models.PROTECT, related_name="+")
    access = models.CharField(max_length=8, default="parties")
    party = models.ForeignKey("disputes.Party", null=True, on_delete=models.PROTECT, related_name="exhibits")
    obtained = models.CharField(max_length=300, blank=True)
    captured_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=200, blank=True)
    originals_at = models.CharField(max_length=200, blank=True)
    grounds = models.JSONField(default=list)
    received_at = models.DateTimeField()
    struck = models.BooleanField(default=False)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    told = Told(
        "petition_id", "number", "piece_id", "kind", "name", "pages", "station_id", "access", "party_id", "obtained",
        "captured_at", "device", "place", "originals_at", "grounds", "received_at", "struck", "by_id",
        again=True, when=Q(petition__received_at__isnull=False),
    )  # fmt: skip

    class Meta:
        ordering = ["petition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "number"], name="exhibit_number"),
            models.CheckConstraint(
                condition=Q(access__in=["public", "parties", "bench", "sealed"]), name="exhibit_access"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} P{self.number}"


class CustodyEvent(models.Model):
    """One line of the custody of a case, as `rules.custody` writes it, chained by hash to the one before. Append-only.

    kind: received, read, moved, opened, sealed, copied, struck, faulty. actor: a role and a number, never a name.
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="custody")
    exhibit = models.ForeignKey(Exhibit, null=True, on_delete=models.PROTECT, related_name="custody")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=24)
    sha256 = models.CharField(max_length=64, blank=True)
    why = models.CharField(max_length=300, blank=True)
    giver = models.CharField(max_length=120, blank=True)
    receiver = models.CharField(max_length=120, blank=True)
    actor = models.CharField(max_length=81)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["petition", "sequence"]
        constraints = [models.UniqueConstraint(fields=["petition", "sequence"], name="custody_in_order")]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.sequence} {self.kind}"


class CustodyRoot(models.Model):
    """The root of a day: the Merkle root of the last hash of the chain of every case, and its time-stamp. Append-only."""

    day = models.DateField(unique=True)
    root = models.CharField(max_length=64)
    petitions = models.PositiveIntegerField()
    heads = models.JSONField(default=dict)
    token = models.BinaryField(null=True)
    at = models.DateTimeField()

    append_only = AppendOnly("DIS-101", once=("token",))

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.root[:12]}"
