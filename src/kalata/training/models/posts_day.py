"""The day of the vote: codes of stations, calls, replacements, reserves."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly

PERSON = settings.AUTH_USER_MODEL


class StationCode(models.Model):
    """Six digits under the flap of a station's sheet, kept as a keyed digest. It serves once; wrong ones are counted."""

    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="+")
    sealed = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["station"], condition=Q(used_at=None), name="stationcode_one_alive")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.station_id}"


class PresenceCall(models.Model):
    """Who was at a station at an hour, as it told by telephone or message."""

    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    present = models.JSONField(default=list)
    absent = models.JSONField(default=list)
    teller = models.CharField(max_length=200)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    append_only = AppendOnly()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(teller=""), name="call_by_somebody")]

    def __str__(self) -> str:
        return f"{self.station_id} {self.at}"


class PostReplacement(models.Model):
    """Who took a post on the day: the voter of that station, the hour, who decided by which rule, the oath and its witness.

    out: whoever held the post, None where nobody did. moved_from: the post of the member who takes the chair: then no number of a voter. listed: the newcomer was on an act of appointment. paper: SHA-256 of
    the act on paper, "" where the station's code was dictated.
    """

    post = models.ForeignKey("training.Post", on_delete=models.PROTECT, related_name="replacements")
    out = models.ForeignKey("training.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey("training.Agent", on_delete=models.PROTECT, related_name="replacements")
    roll_number = models.PositiveIntegerField(null=True)
    moved_from = models.ForeignKey("training.Post", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.CharField(max_length=200)
    rule = models.CharField(max_length=60)
    witness = models.CharField(max_length=200)
    route = models.CharField(max_length=8)
    code = models.ForeignKey(StationCode, null=True, on_delete=models.PROTECT, related_name="+")
    paper = models.CharField(max_length=64, blank=True)
    listed = models.BooleanField()
    trained = models.BooleanField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    told = Told(
        "post_id", "out_id", "agent_id", "roll_number", "moved_from_id", "at", "decided_by", "rule", "witness", "route", "paper", "listed", "trained",
        "by_id", "noted_at", station="post__station_id",
    )  # fmt: skip
    append_only = AppendOnly()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(route="code", code__isnull=False, paper="") | (Q(route="paper", code=None) & ~Q(paper="")), name="replacement_by_code_or_paper"),
            models.CheckConstraint(condition=Q(out=None) | ~Q(out=F("agent")), name="replacement_another_person"),
            models.CheckConstraint(condition=~Q(decided_by="") & ~Q(rule="") & ~Q(witness=""), name="replacement_whole"),
            models.CheckConstraint(condition=Q(roll_number__gte=1, moved_from=None) | Q(roll_number=None, moved_from__isnull=False), name="replacement_on_the_roll"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.post_id} {self.at}"


class Reserve(models.Model):
    """A trained person without a post, who may be called on the day. reply: what the last call gave."""

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey("training.Agent", on_delete=models.PROTECT, related_name="reserves")
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    reply = models.CharField(max_length=8, blank=True)
    called_for = models.ForeignKey("training.Post", null=True, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField(null=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "agent"], name="reserve_once"),
            models.CheckConstraint(condition=Q(reply__in=("", "coming", "refused", "silent")), name="reserve_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id}"
