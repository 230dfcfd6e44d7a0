"""What is kept of every act. Rows are only ever added: the database itself refuses the rest."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language

from kalata.ledger.locks import AppendOnly
from kalata.ledger.rules.kinds import KINDS


class Act(models.Model):
    """One act of one person (or of the system): who, when, what, from what, to what, why."""

    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(null=True, db_index=True)
    actor = models.CharField(max_length=80)
    kind = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=120, db_index=True)
    territory = models.CharField(max_length=60, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    address = models.CharField(max_length=45, blank=True)
    personal = models.BooleanField(default=False)
    rows = models.JSONField(null=True)
    mark = models.CharField(max_length=100, null=True, unique=True)
    """The house's own key over the act (`rules.marks`); null in acts from before there was one."""

    append_only = AppendOnly()

    class Meta:
        db_table = "transparency_act"  # the name under which it was first kept
        ordering = ["-pk"]
        indexes = [models.Index(fields=["personal", "-id"])]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.subject}"

    @property
    def title(self) -> str:
        """What kind of act it is, in the reader's language; the code itself of a kind that no room declares any more."""
        known = KINDS.get(self.kind)
        return known.words(get_language() or "fr") if known else self.kind

    def line(self) -> dict[str, object]:
        """The act as it is sealed and exported."""
        said: dict[str, object] = {
            "id": self.pk,
            "at": self.at.isoformat(),
            "actor_id": self.actor_id,
            "actor": self.actor,
            "kind": self.kind,
            "subject": self.subject,
            "territory": self.territory,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
            "address": self.address,
            "personal": self.personal,
        }
        return said if self.rows is None else {**said, "rows": self.rows}


class Seal(models.Model):
    """The hash of a run of acts and of the seal before."""

    first = models.BigIntegerField(unique=True)
    last = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    append_only = AppendOnly()

    class Meta:
        db_table = "transparency_seal"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="seal_order")]

    def __str__(self) -> str:
        return f"{self.first}-{self.last} {self.hash[:12]}"


class Pulse(models.Model):
    """A background loop, `sequencer` or `worker`: which machine runs it, and when it last said that it works (`turns`)."""

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()
    holder = models.CharField(max_length=60, blank=True, default="")
    term = models.PositiveIntegerField(default=0)
    """How many times the loop has changed hands."""

    class Meta:
        db_table = "transparency_pulse"
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


class Machine(models.Model):
    """A machine that serves this database, and what it last said of itself (`machines`)."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()
    since = models.DateTimeField()
    stopped = models.BooleanField(default=False)
    state = models.JSONField(default=dict)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


class Backup(models.Model):
    """A backup that was written, or put back on trial; and what was wrong with it. `wal`: one row an archive, its last pass."""

    class Kind(models.TextChoices):
        COPY = "copy"
        BASE = "base"
        DRILL = "drill"
        WAL = "wal"

    at = models.DateTimeField()
    machine = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    place = models.CharField(max_length=300)
    size = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["kind", "-at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
