"""First instance: the office of a body in a territory, its decisions, the votes on them, and who stepped aside."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kalata.disputes.rules.offices import OUTCOMES
from kalata.ledger.bonds import Told
from kalata.ledger.limits import Limit, declare
from kalata.ledger.locks import AppendOnly


class Office(models.Model):
    """A body of the pack (`body`) where it sits: over a territory, or the whole country. counter: with its key, where it receives."""

    body = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    counter = models.OneToOneField("disputes.Counter", on_delete=models.PROTECT, related_name="office")
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("body", "name", "unit_id", "counter_id", "by_id", "at")
    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["body", "unit"], name="office_once"),
            models.UniqueConstraint(fields=["body"], condition=Q(unit=None), name="office_once_national"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        return self.counter.code


class FirstRuling(models.Model):
    """What an office decides of one case. of: the digest of the text, to which votes are bound; number, digest: once signed.

    order: what is ordered, by code, with its words; reasons: ground -> words; breach: why it comes after its limit; copy:
    the exemplar signed by hand, as it was scanned; verdict: what the gate said at signature.
    """

    petition = models.OneToOneField("disputes.Petition", on_delete=models.PROTECT, related_name="first_ruling")
    outcome = models.CharField(max_length=16)
    order = models.CharField(max_length=16, blank=True)
    words = models.TextField(blank=True)
    reasons = models.JSONField(default=dict)
    articles = models.JSONField(default=list)
    breach = models.CharField(max_length=400, blank=True)
    of = models.CharField(max_length=64)
    drafted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001  null: not signed
    digest = models.CharField(max_length=64, blank=True)
    verdict = models.JSONField(null=True)
    copy = models.ForeignKey("disputes.Exhibit", null=True, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    told = Told(
        "petition_id", "outcome", "order", "words", "reasons", "articles", "breach", "of", "drafted_by_id", "number", "digest",
        "verdict", "copy_id", "signed_by_id", "signed_at", again=True,
    )  # fmt: skip

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=list(OUTCOMES)), name="first_ruling_outcome"),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("drafted_by")), name="first_ruling_another_hand"
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, number=None, digest="", copy=None)
                | (Q(signed_at__isnull=False, number__isnull=False, copy__isnull=False, signed_by__isnull=False) & ~Q(digest="")),
                name="first_ruling_signed_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number or f"{self.petition_id}"


class FirstVote(models.Model):
    """How a member voted on one text (of). Append-only."""

    ruling = models.ForeignKey(FirstRuling, on_delete=models.PROTECT, related_name="votes")
    of = models.CharField(max_length=64)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    aye = models.BooleanField()
    head = models.BooleanField(default=False)
    at = models.DateTimeField()

    told = Told("ruling_id", "of", "by_id", "aye", "head", "at")
    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["ruling", "of", "by"], name="first_vote_once")]

    def __str__(self) -> str:
        return f"{self.ruling_id} {self.by_id}"


class FirstAside(models.Model):
    """A member, or a clerk, who takes no part in a case, and why. Append-only."""

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="asides")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=400)
    at = models.DateTimeField()

    told = Told("petition_id", "by_id", "why", "at")
    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["petition", "by"], name="first_aside_once")]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.by_id}"


KEPT = (
    "petition_id", "outcome", "order", "words", "reasons", "articles", "breach", "of", "number", "digest", "verdict", "copy_id",
    "signed_by_id", "signed_at",
)  # fmt: skip
CHANGED = " or ".join(f'new."{c}" is distinct from old."{c}"' for c in KEPT)

declare(
    Limit("disputes_firstruling", "signed_kept", "update of " + ", ".join(f'"{c}"' for c in KEPT),
          f"old.signed_at is not null and ({CHANGED})", "DIS-301 a signed decision is kept as it was signed"),
    Limit("disputes_firstruling", "kept", "delete", "old.signed_at is not null", "DIS-301 a signed decision is kept"),
)  # fmt: skip
