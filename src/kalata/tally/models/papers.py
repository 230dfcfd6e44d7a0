"""The paper of a station on its way through the desks: who has had it in hand, what each one typed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly
from kalata.states import states_constraint
from kalata.tally.rules.lifecycle import REPORT


def other_than(part: str, *others: str) -> Q:
    """Nobody, or another person than each of `others`."""
    apart = Q(**{f"{part}__isnull": True})
    both = Q()
    for other in others:
        both &= Q(**{f"{other}__isnull": True}) | ~Q(**{part: F(other)})
    return apart | both


class Paper(models.Model):
    """Where the paper of one station stands (`rules.lifecycle`), and who has had it in hand.

    Only `tally.move` writes a state. That no person looks twice at the same paper is said by the
    database too. attempt: grows each time the paper is typed again from the start. answered: findings of its
    settled figures that review has answered.
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="papers")
    station = models.OneToOneField("country.Station", on_delete=models.PROTECT, related_name="paper")
    state = models.CharField(max_length=16, default="expected")
    version = models.PositiveSmallIntegerField(default=1)
    attempt = models.PositiveSmallIntegerField(default=1)
    serial = models.PositiveSmallIntegerField(default=1)
    first = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    arbiter = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    visa = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    held_until = models.DateTimeField(null=True)
    free = models.JSONField(default=list)
    approved = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    answered = models.JSONField(null=True)
    image = models.CharField(max_length=64, blank=True)
    annulled = models.BooleanField(default=False)
    adjusted = models.BooleanField(default=False)
    last_hash = models.CharField(max_length=64, blank=True)
    since = models.DateTimeField(null=True)

    class Meta:
        db_table = "results_paper"
        ordering = ["pk"]
        indexes = [models.Index(fields=["contest", "state", "since", "id"], name="paper_queue_in_turn")]
        constraints = [
            states_constraint(REPORT),
            models.CheckConstraint(condition=other_than("second", "first"), name="paper_second_entry"),
            models.CheckConstraint(condition=other_than("arbiter", "first", "second"), name="paper_arbiter"),
            models.CheckConstraint(condition=other_than("visa", "first", "second", "arbiter"), name="paper_visa"),
            models.CheckConstraint(
                condition=other_than("reviewer", "first", "second", "arbiter", "visa"), name="paper_reviewer"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["first_entry", "second_entry", "arbitration"]) | Q(holder__isnull=False),
                name="paper_claimed_is_held",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.state}"


class Entry(models.Model):
    """What one person typed from a paper: kept for ever. rank 1, 2: blind entries; 3: what was decided; 4: the figures
    of a court's decision, under who signed it.

    machine: it came through the API; never both of them (RES-433).
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="entries")
    attempt = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    sheet = models.BinaryField()
    machine = models.BooleanField(default=False)
    at = models.DateTimeField()

    told = Told("paper_id", "attempt", "rank", "by_id", "sheet", "machine", "at", station="paper__station")
    append_only = AppendOnly("RES-400")

    class Meta:
        db_table = "results_entry"
        ordering = ["paper", "attempt", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "attempt", "by"], condition=Q(rank__lt=3), name="entry_two_persons"
            ),
            models.UniqueConstraint(fields=["paper", "attempt", "rank"], condition=Q(rank__lt=3), name="entry_once"),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=4), name="entry_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.attempt}.{self.rank}"


class Passage(models.Model):
    """One change of state of one paper, chained by hash to the one before. Append-only.

    figures: SHA-256 of the settled sheet, once there is one (`rules.entry.sheet_digest`): the chain holds it.
    sitting: the sitting of the commission in which it was done; the database wants one for its acts.
    salt: chance that the hash covers and that no page, file or key gives: who sees a hash tries no figure on it.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="passages")
    version = models.PositiveSmallIntegerField()
    start = models.CharField(max_length=16)
    to = models.CharField(max_length=16)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    right = models.CharField(max_length=40)
    at = models.DateTimeField()
    reason = models.CharField(max_length=400, blank=True)
    document = models.CharField(max_length=300, blank=True)
    figures = models.CharField(max_length=64, blank=True)
    sitting = models.ForeignKey("tally.Sitting", null=True, on_delete=models.PROTECT, related_name="passages")
    previous = models.CharField(max_length=64, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    hash = models.CharField(max_length=64)

    told = Told(
        "paper_id", "version", "start", "to", "by_id", "other_id", "right", "at", "reason", "document", "figures",
        "sitting_id", "previous", "hash", station="paper__station",
    )  # fmt: skip
    append_only = AppendOnly("RES-400")

    class Meta:
        db_table = "results_passage"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "previous"], name="passage_one_after_another"),
            models.CheckConstraint(condition=Q(other__isnull=True) | ~Q(by=F("other")), name="passage_two_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.start}>{self.to}"


class Hand(models.Model):
    """A person who has seen or touched the figures of a paper, and as what (`rules.hands`). Append-only, for ever.

    The database refuses a second desk to the same person on the same paper, and a second entry.
    """

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="past_hands")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=12)
    desk = models.CharField(max_length=12)
    at = models.DateTimeField()

    told = Told("paper_id", "person_id", "part", "desk", "at", station="paper__station")
    append_only = AppendOnly("RES-400")

    class Meta:
        db_table = "results_hand"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["paper", "person", "part"], name="hand_once")]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.person_id} {self.part}"


class Draft(models.Model):
    """What a clerk has typed and not yet submitted: theirs alone, gone once submitted. values: line -> text."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="drafts")
    by = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    values = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "results_draft"
        constraints = [models.UniqueConstraint(fields=["paper", "by"], name="draft_one_each")]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.by_id}"


class Replacement(models.Model):
    """A blank form printed anew: the serial grows, the old one is refused from then on."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="replacements")
    serial = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=400)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "results_replacement"
        ordering = ["serial"]
        constraints = [models.UniqueConstraint(fields=["paper", "serial"], name="replacement_once")]

    def __str__(self) -> str:
        return f"{self.paper_id} n° {self.serial}"
