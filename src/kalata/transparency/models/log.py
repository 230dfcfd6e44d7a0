"""The public log as the sequencer keeps it. Entries, checkpoints and cosignatures are only ever added."""

from __future__ import annotations

from django.db import models

from kalata.ledger.locks import AppendOnly


class PublicLog(models.Model):
    """One log per contest and round. origin: the name in its checkpoints, "<house>/<contest code>".

    halted: why the sequencer refuses to sign, empty while it does not. alarm: where the database was last
    found to say something else than the log, at checked_at.
    """

    name = models.SlugField(max_length=80, unique=True)
    origin = models.CharField(max_length=200, unique=True)
    halted = models.JSONField(null=True)
    alarm = models.JSONField(null=True)
    checked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.origin


class Outbox(models.Model):
    """What a room wants in the log, written in the transaction of the act itself. done: the sequencer has read it.

    body: the entry without its common fields and without indices, which the sequencer gives. rests_on: the record of the
    house that the entry tells, "batch:12", so that its link is written with it; empty: none.
    """

    log = models.ForeignKey(PublicLog, on_delete=models.PROTECT, related_name="outbox")
    kind = models.CharField(max_length=20)
    body = models.JSONField()
    rests_on = models.CharField(max_length=60, blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)
    done = models.BooleanField(default=False)
    refused = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["log", "done", "id"], name="outbox_waiting")]
        verbose_name_plural = "outbox"

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class LogEntry(models.Model):
    """One entry: the exact bytes that were hashed."""

    log = models.ForeignKey(PublicLog, on_delete=models.PROTECT, related_name="entries")
    index = models.PositiveBigIntegerField()
    data = models.BinaryField()
    leaf = models.BinaryField()
    outbox = models.OneToOneField(Outbox, null=True, on_delete=models.PROTECT, related_name="entry")
    at = models.DateTimeField()

    append_only = AppendOnly()

    class Meta:
        ordering = ["log", "index"]
        constraints = [models.UniqueConstraint(fields=["log", "index"], name="log_index")]
        verbose_name_plural = "log entries"

    def __str__(self) -> str:
        return f"{self.log_id} {self.index}"


class LogCheckpoint(models.Model):
    """A state of the log that was signed. note: as signed by the log, without cosignatures."""

    log = models.ForeignKey(PublicLog, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    note = models.TextField()
    at = models.DateTimeField()

    append_only = AppendOnly()

    class Meta:
        ordering = ["log", "-size"]
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="log_size_once")]

    def __str__(self) -> str:
        return f"{self.log_id} {self.size}"


class Witness(models.Model):
    """A party's or observer's machine that cosigns what it has checked. url: empty for one that comes by USB.

    vkey_pq: its ML-DSA-44 key, empty for one that has Ed25519 alone.
    """

    name = models.SlugField(max_length=60, unique=True)
    vkey = models.CharField(max_length=300, unique=True)
    vkey_pq = models.CharField(max_length=2000, blank=True)
    url = models.URLField(max_length=300, blank=True)
    active = models.BooleanField(default=True)
    seen = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "witnesses"

    def __str__(self) -> str:
        return self.name


class Cosignature(models.Model):
    """A witness's lines under a checkpoint (one a key), checked before they were kept. seconds: POSIX time it gave."""

    checkpoint = models.ForeignKey(LogCheckpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.ForeignKey(Witness, on_delete=models.PROTECT, related_name="cosignatures")
    line = models.TextField()
    seconds = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    append_only = AppendOnly()

    class Meta:
        ordering = ["witness__name"]
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="cosigned_once")]

    def __str__(self) -> str:
        return f"{self.checkpoint_id} {self.witness_id}"
