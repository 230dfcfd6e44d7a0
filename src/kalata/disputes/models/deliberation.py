"""The deliberation: rounds, and sealed bytes that nothing here can read. No title, no question, no word is kept of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly


class DeliberationRound(models.Model):
    """A round of a case. released_at: from then its texts are handed to their readers.

    silence: why it was released before all had written, one of three words: no free text of a deliberation is in clear.
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    released_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    silence = models.CharField(max_length=8, null=True)  # noqa: DJ001  null: it is not released

    told = Told("petition_id", "number", "by_id", "at")
    append_only = AppendOnly("DIS-101", once=("released_by_id", "released_at", "silence"))

    class Meta:
        ordering = ["petition", "number"]
        constraints = [models.UniqueConstraint(fields=["petition", "number"], name="round_in_order")]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.number}"


class SealedItem(models.Model):
    """A text sealed to the members who sat when it was written. readers: their codes; body: the sealed bytes. Append-only.

    original: the text that two members sealed again; it is handed to nobody until confirmed_by has compared both.
    """

    round = models.ForeignKey(DeliberationRound, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    member = models.ForeignKey("disputes.BenchMember", on_delete=models.PROTECT, related_name="+")
    point = models.PositiveSmallIntegerField(default=0)
    readers = models.JSONField()
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    original = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="resealed")
    resealed_by = models.ForeignKey("disputes.BenchMember", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey("disputes.BenchMember", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("round_id", "number", "member_id", "point", "readers", "sha256", "original_id", "at")
    append_only = AppendOnly("DIS-101", once=("confirmed_by_id",))

    class Meta:
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="sealed_in_order"),
            models.UniqueConstraint(
                fields=["round", "member", "point"], condition=Q(kind="vote", original=None), name="sealed_vote_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=["opinion", "draft", "vote", "note"]), name="sealed_kind"),
            models.CheckConstraint(
                condition=Q(original=None) | Q(resealed_by__isnull=False), name="resealed_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("resealed_by")), name="resealed_by_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.number}"


class BenchVote(models.Model):
    """The vote that closes a deliberation: who sat, and two counts. Who voted what is nowhere. Append-only.

    casting: what the president's prevailing voice said where the counts were equal.
    """

    petition = models.ForeignKey("disputes.Petition", on_delete=models.PROTECT, related_name="bench_votes")
    present = models.JSONField()
    president = models.CharField(max_length=40, blank=True)
    quorum = models.PositiveSmallIntegerField()
    ayes = models.PositiveSmallIntegerField()
    noes = models.PositiveSmallIntegerField()
    casting = models.BooleanField(null=True)
    secret = models.BooleanField(default=False)
    carried = models.BooleanField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("petition_id", "present", "president", "quorum", "ayes", "noes", "casting", "secret", "by_id", "at")
    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.at:%Y-%m-%d}"
