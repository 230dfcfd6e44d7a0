"""What a search looks into, and the links that are no foreign key."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kalata.chain.rules.verbs import Verb
from kalata.ledger.locks import AppendOnly


class IndexEntry(models.Model):
    """One record as a search finds it. key: its number, or its name in a pack; number: the first, or what its readers are
    asked by. words: folded (`rules.words.indexed`). name: its French title folded, for the order of what is found.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    number = models.BigIntegerField(null=True)
    identifier = models.CharField(max_length=170, unique=True)
    title_fr = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    name = models.CharField(max_length=300)
    words = models.TextField()
    href = models.CharField(max_length=400, blank=True)
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="chain_entry_once")]
        indexes = [models.Index(fields=["kind", "number"], name="chain_entry_number")]

    def __str__(self) -> str:
        return self.identifier


class Edge(models.Model):
    """A record rests on another: who, by which verb, on what. Written once, by the service that makes it. Append-only."""

    source_kind = models.CharField(max_length=40)
    source_key = models.CharField(max_length=160)
    source_number = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=20)
    target_kind = models.CharField(max_length=40)
    target_key = models.CharField(max_length=160)
    target_number = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    append_only = AppendOnly()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_key", "verb", "target_kind", "target_key"], name="chain_edge_once"
            ),
            models.CheckConstraint(condition=Q(verb__in=[v.value for v in Verb]), name="chain_edge_verb"),
        ]
        indexes = [models.Index(fields=["target_kind", "target_key", "verb"], name="chain_edge_back")]

    def __str__(self) -> str:
        return f"{self.source_kind}:{self.source_key} {self.verb} {self.target_kind}:{self.target_key}"
