"""Bags and envelopes, what is in them, and through whose hands they went."""

from __future__ import annotations

from django.db import models

from kalata.ledger.locks import AppendOnly
from kalata.states import states_constraint
from kalata.tally.rules.bags import BAG

from .papers import Paper


class Bag(models.Model):
    """A bag or envelope in which papers travel, with the numbers of its seals as they were put on."""

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="bags")
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, default="envelope")
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    inside = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="holds")
    seals = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="sealed")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "results_bag"
        ordering = ["-pk"]
        constraints = [
            states_constraint(BAG),
            models.UniqueConstraint(fields=["contest", "code"], name="bag_code"),
        ]

    def __str__(self) -> str:
        return self.code


class BagItem(models.Model):
    """A paper said to be in a bag. found: null until the bag is opened."""

    bag = models.ForeignKey(Bag, on_delete=models.PROTECT, related_name="items")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="bag_items")
    found = models.BooleanField(null=True)

    class Meta:
        db_table = "results_bagitem"
        ordering = ["paper__station__code"]
        constraints = [models.UniqueConstraint(fields=["bag", "paper"], name="bag_item_once")]

    def __str__(self) -> str:
        return f"{self.bag_id} {self.paper_id}"


class Handover(models.Model):
    """One moment in the custody of a bag: sealed, handed over, opened. Append-only.

    seals: the numbers read at that moment; intact: they are the ones put on, unbroken.
    """

    bag = models.ForeignKey(Bag, on_delete=models.PROTECT, related_name="handovers")
    kind = models.CharField(max_length=12)
    giver = models.CharField(max_length=120, blank=True)
    receiver = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=120, blank=True)
    seals = models.JSONField(default=list)
    intact = models.BooleanField(default=True)
    condition = models.CharField(max_length=300, blank=True)
    expected = models.PositiveIntegerField(null=True)
    received = models.PositiveIntegerField(null=True)
    photo = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    witness = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    append_only = AppendOnly("RES-400")

    class Meta:
        db_table = "results_handover"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.bag_id} {self.kind}"
