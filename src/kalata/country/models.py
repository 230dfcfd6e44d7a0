"""Places, contests and the packs they are bound to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.fields.json import KeyTransform
from django.db.models.query_utils import DeferredAttribute

from kalata import codes
from kalata.country.rules import lineage
from kalata.country.rules.pack import Pack, pack_from
from kalata.ledger.bonds import Told


class Undecoded(str):
    """A JSON document as it is stored, not looked at yet."""


class DecodedWhenAsked(DeferredAttribute):
    """The value of an `Unhurried` field: decoded the first time that somebody looks at it."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Undecoded):
            value = instance.__dict__[self.field.attname] = json.loads(value)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class Unhurried(models.JSONField):
    """A large JSON document that most readers of its row never look at: decoding the pack of Mali takes milliseconds,
    and its row comes with nearly every contest that a page or an act reads."""

    descriptor_class = DecodedWhenAsked

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        whole = isinstance(value, str) and not isinstance(expression, KeyTransform)
        return Undecoded(value) if whole else super().from_db_value(value, expression, connection)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs  # the table is the same


class PackVersion(models.Model):
    """One version of a country's facts, kept whole. Never changed once a contest is bound to it."""

    code = models.CharField(max_length=20)
    version = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, unique=True)
    content = Unhurried()
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @property
    def pack(self) -> Pack:
        """The facts; kept in memory by fingerprint, because a version never changes."""
        if self.sha256 not in _packs:
            if len(_packs) > 16:
                _packs.clear()
            _packs[self.sha256] = pack_from(self.content)
        return _packs[self.sha256]


_packs: dict[str, Pack] = {}


class Geography(models.Model):
    """A dated division of the territory. Two may be valid at once."""

    code = models.CharField(max_length=60, unique=True)
    name_fr = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    legal_basis = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    levels = models.JSONField(default=list)
    source = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=60, blank=True)
    outlines = models.JSONField(null=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "geographies"

    def __str__(self) -> str:
        return self.code


class Units(models.QuerySet["Unit"]):
    """Units are made with the line of those above them, whichever way they are made."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        made = list(objs)
        parents = {u.parent_id for u in made if u.parent_id}
        lines = dict(self.model._default_manager.filter(pk__in=parents).values_list("pk", "above"))
        for unit in made:
            unit.above = lineage.below(lines[unit.parent_id], unit.parent_id) if unit.parent_id else ""
        return super().bulk_create(made, *args, **kwargs)

    def inside(self, unit: Unit) -> Units:
        """A unit and all that lies in it, at any depth."""
        first, last = lineage.bounds(unit.above, unit.pk)
        return self.filter(models.Q(pk=unit.pk) | models.Q(above__gte=first, above__lt=last))


class Unit(models.Model):
    """A place of one geography: region, cercle, commune... The key is (geography, code)."""

    geography = models.ForeignKey(Geography, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=120)
    level = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    above = models.CharField(max_length=lineage.LONGEST, blank=True, default="", db_index=True, editable=False)
    """The ids of the units that it lies in, from the top (`rules/lineage.py`); "" at the top."""
    aliases = models.JSONField(default=list)
    outline = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=60, blank=True)

    objects = Units.as_manager()

    class Meta:
        ordering = ["level", "sort_name"]
        constraints = [models.UniqueConstraint(fields=["geography", "code"], name="unit_key")]
        indexes = [models.Index(fields=["geography", "level"])]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.above = lineage.below(self.parent.above, self.parent.pk) if self.parent else ""
        super().save(*args, **kwargs)

    @property
    def path(self) -> tuple[int, ...]:
        """The ids from the top of the geography down to this unit."""
        return (*lineage.ids(self.above), self.pk)


class Crosswalk(models.Model):
    """What part of a unit of one geography lies in a unit of another."""

    origin = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="goes_to")
    target = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="comes_from")
    share = models.CharField(max_length=40, default="1")
    method = models.CharField(max_length=120)
    source = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "target"], name="crosswalk_pair")]

    def __str__(self) -> str:
        return f"{self.origin_id}>{self.target_id}"


class Election(models.Model):
    """A consultation of the voters: one or more contests, bound to one pack version."""

    code = models.SlugField(max_length=60, unique=True)
    name_fr = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    pack = models.ForeignKey(PackVersion, on_delete=models.PROTECT)
    geography = models.ForeignKey(Geography, on_delete=models.PROTECT)
    polling_day = models.DateField(null=True)
    exercise = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-polling_day", "-pk"]

    def __str__(self) -> str:
        return self.code


class Contest(models.Model):
    """One thing to decide in one round, under one system. Rounds are contests that follow each other.

    previous: the first round of a second one; place: the constituency of it that votes again, "" for the whole of it.
    """

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="contests")
    code = models.SlugField(max_length=80, unique=True)
    name_fr = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="following")
    place = models.CharField(max_length=120, blank=True)
    system = models.JSONField()
    boxes = models.JSONField(default=list)
    constituency_level = models.PositiveSmallIntegerField(null=True)
    polling_day = models.DateField(null=True)
    expected_stations = models.PositiveIntegerField(null=True)
    annulled_keeps = models.JSONField(default=list)
    absent = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=0)
    register_revision = models.PositiveIntegerField(default=0)
    as_of = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    told = Told(
        "election_id", "code", "name_fr", "name_en", "round", "previous_id", "system", "boxes", "constituency_level",
        "annulled_keeps", "published_at", again=True,
    )  # fmt: skip

    class Meta:
        ordering = ["-polling_day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["previous", "place"],
                condition=models.Q(previous__isnull=False),
                name="contest_one_second_round",
            )
        ]

    def __str__(self) -> str:
        return self.code


class Option(models.Model):
    """A candidate, a list or an answer, in ballot order."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="options")
    rank = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    emblem = models.CharField(max_length=20, blank=True)
    withdrawn = models.BooleanField(default=False)

    told = Told("contest_id", "rank", "code", "name", "emblem", "withdrawn", again=True)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "rank"], name="option_rank"),
            models.UniqueConstraint(fields=["contest", "code"], name="option_code"),
        ]

    def __str__(self) -> str:
        return self.name


class Constituency(models.Model):
    """A set of stations that elects together, with its seats. Never a node of the folder tree."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="constituencies")
    code = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    seats = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=300, blank=True)
    confidence = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "constituencies"
        constraints = [models.UniqueConstraint(fields=["contest", "code"], name="constituency_code")]

    def __str__(self) -> str:
        return self.name


class KeyField(models.CharField):
    """The key (`codes.key`) of the code beside it, made anew at every write, one by one or in bulk."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        made = codes.key(str(model_instance.code))  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, made)
        return made


class Station(models.Model):
    """A polling station expected in a contest: its place, its list, its constituency.

    part: of the contest it votes in (general, advance, diaspora: `report_forms` of the pack); a place
    that votes twice, in advance and on the day, is two stations with two codes.
    """

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="stations")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=250)
    code_key = KeyField(max_length=250, editable=False)
    name = models.CharField(max_length=250, blank=True)
    centre = models.CharField(max_length=250, blank=True)
    registered = models.PositiveIntegerField(null=True)
    part = models.CharField(max_length=20, default="general")
    constituency = models.ForeignKey(Constituency, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "code"], name="station_code"),
            models.UniqueConstraint(fields=["contest", "code_key"], name="station_code_key"),
        ]

    def __str__(self) -> str:
        return self.code
