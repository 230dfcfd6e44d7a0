"""Station reports in versions, the imports that brought them, and the paper's way through the desks."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Import(models.Model):
    """A file on its way in: uploaded, mapped, checked, then committed whole or refused whole."""

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="imports")
    name = models.CharField(max_length=200)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    header = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    profile = models.JSONField(null=True)
    create = models.CharField(max_length=10, default="none")
    partial = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="uploaded")
    report = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.name}"


class MappingProfile(models.Model):
    """A mapping kept for the next file of the same kind."""

    name = models.CharField(max_length=120, unique=True)
    profile = models.JSONField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StationReport(models.Model):
    """One version of what a station reported. A correction is a new row; the old one stays.

    sheet: int32 little-endian, the contest's boxes then the votes in ballot order, -1 where the
    paper is empty (`results.store` packs and unpacks it; docs/decisions/0004). One current row
    per station, said by the database too.
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="+")
    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True)
    standing = models.PositiveSmallIntegerField(default=0)
    sheet = models.BinaryField()
    source = models.ForeignKey(Import, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "version"], name="report_version"),
            models.UniqueConstraint(fields=["station"], condition=Q(current=True), name="report_one_current"),
        ]
        indexes = [models.Index(fields=["contest", "current", "station"])]

    def __str__(self) -> str:
        return f"{self.station_id} v{self.version}"


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
    database too. attempt: grows each time the paper is typed again from the start.
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
    image = models.CharField(max_length=64, blank=True)
    annulled = models.BooleanField(default=False)
    adjusted = models.BooleanField(default=False)
    last_hash = models.CharField(max_length=64, blank=True)
    since = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["contest", "state", "since"], name="paper_queue")]
        constraints = [
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
    """What one person typed from a paper: kept for ever. rank 1, 2: blind entries; 3: what was decided."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="entries")
    attempt = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField()
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    sheet = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["paper", "attempt", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "attempt", "by"], condition=Q(rank__lt=3), name="entry_two_persons"
            ),
            models.UniqueConstraint(fields=["paper", "attempt", "rank"], condition=Q(rank__lt=3), name="entry_once"),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=3), name="entry_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.attempt}.{self.rank}"


class Passage(models.Model):
    """One change of state of one paper, chained by hash to the one before. Append-only."""

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
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "previous"], name="passage_one_after_another"),
            models.CheckConstraint(condition=Q(other__isnull=True) | ~Q(by=F("other")), name="passage_two_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.start}>{self.to}"
