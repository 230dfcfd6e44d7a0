"""A petition, its parties, its grounds with the stations they aim at, and each step it took."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kalata.disputes.rules.steps import CASE, State
from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly
from kalata.states import states_constraint

DRAFT = State.DRAFT.value


class OfTheCourt(models.Manager["Petition"]):
    """The cases of the Court: those of an office of first instance are its own, and `Petition.every` has both."""

    def get_queryset(self) -> models.QuerySet[Petition]:
        return super().get_queryset().filter(office=None)


class Petition(models.Model):
    """One case. The receipt number, its counter and the instant of receipt are written once (`limits`), the roll too.

    kind: the remedy of the pack; about: the act attacked (operations, results…), with its words; capacity: as what the
    petitioner acts. lead: the case it is joined to. channel: how it came. text: its words, for what reads alike.
    owner: the account that drafts it online. said: the filing as it was given, whole, as plain values. office: the office of
    first instance that has it, null: the Court; appeal_of: the case whose decision it attacks.
    """

    number = models.CharField(max_length=32, unique=True, null=True)  # noqa: DJ001  null: a draft has none
    sequence = models.PositiveIntegerField(null=True)
    roll = models.PositiveIntegerField(null=True)
    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="petitions")
    counter = models.ForeignKey("disputes.Counter", null=True, on_delete=models.PROTECT, related_name="petitions")
    state = models.CharField(max_length=16, default="draft", db_index=True)
    received_at = models.DateTimeField(null=True, db_index=True)
    channel = models.CharField(max_length=8, default="counter")
    kind = models.CharField(max_length=60, blank=True)
    about = models.CharField(max_length=40, blank=True)
    about_words = models.CharField(max_length=400, blank=True)
    capacity = models.CharField(max_length=40, blank=True)
    relief = models.CharField(max_length=400, blank=True)
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    said = models.JSONField(default=dict)
    signed = models.BooleanField(default=False)
    signed_on = models.DateField(null=True)
    lead = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")
    owner = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="petitions")
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey("disputes.Office", null=True, on_delete=models.PROTECT, related_name="petitions")
    appeal_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="appeals")
    at = models.DateTimeField()

    objects = OfTheCourt()
    every = models.Manager()  # noqa: DJ012  the fields stand above both

    class Meta:
        ordering = ["-received_at", "-pk"]
        default_manager_name = "every"
        constraints = [
            states_constraint(CASE),
            models.UniqueConstraint(fields=["contest", "roll"], condition=Q(office=None), name="petition_roll"),
            models.UniqueConstraint(fields=["office", "roll"], condition=Q(office__isnull=False), name="petition_office_roll"),
            models.UniqueConstraint(fields=["contest", "counter", "sequence"], name="petition_sequence"),
            models.CheckConstraint(
                condition=Q(state=DRAFT, number=None, received_at=None, counter=None, sequence=None)
                | (~Q(state=DRAFT) & Q(number__isnull=False, received_at__isnull=False, counter__isnull=False, sequence__isnull=False)),
                name="petition_received_or_draft",
            ),
            models.CheckConstraint(condition=~Q(lead=models.F("id")), name="petition_not_its_own_lead"),
            models.CheckConstraint(condition=Q(channel__in=["counter", "web", "mail", "phone", "field"]), name="petition_channel"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number or f"brouillon {self.pk}"


class Party(models.Model):
    """Somebody in a case: role (petitioner, respondent, intervener, counsel, authority), kind (candidate, list, voter…).

    account: who reads and files for them online, mandate: what proves it. elected: the address chosen for service.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, blank=True)
    account = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    mandate = models.CharField(max_length=200, blank=True)
    represents = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="counsel")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=300, blank=True)
    elected = models.CharField(max_length=300, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    struck = models.BooleanField(default=False)
    at = models.DateTimeField()

    told = Told(
        "petition_id", "role", "name", "kind", "account_id", "mandate", "represents_id", "elected", "struck", "at",
        again=True, when=Q(petition__received_at__isnull=False),
    )  # fmt: skip

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "parties"
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["petitioner", "respondent", "intervener", "counsel", "authority"]), name="party_role"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.petition_id} {self.role}"


class Ground(models.Model):
    """A ground (moyen): its key in the case (g1), its code in the catalogue, what it aims at (operations, results), its article."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="grounds")
    key = models.CharField(max_length=6)
    code = models.CharField(max_length=40)
    about = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    article = models.CharField(max_length=120, blank=True)
    relief = models.CharField(max_length=400, blank=True)
    struck = models.BooleanField(default=False)

    told = Told(
        "petition_id", "key", "code", "about", "text", "article", "relief", "struck", again=True, when=Q(petition__received_at__isnull=False),
    )  # fmt: skip

    class Meta:
        ordering = ["petition", "pk"]
        constraints = [models.UniqueConstraint(fields=["petition", "key"], name="ground_key")]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.key}"


class GroundTarget(models.Model):
    """What a ground aims at: a station of the contest, or words that no station answers to; the words are always kept."""

    ground = models.ForeignKey(Ground, on_delete=models.CASCADE, related_name="targets")
    station = models.ForeignKey("country.Station", null=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=250)
    resolved_at = models.DateTimeField(null=True)
    struck = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ground", "station"], condition=Q(station__isnull=False), name="ground_station_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ground_id} {self.words}"


class PetitionStep(models.Model):
    """One step of a case, as it was taken: from, to, by whom, when, by which act, why. Append-only."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="steps")
    start = models.CharField(max_length=16)
    to = models.CharField(max_length=16)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    right = models.CharField(max_length=40, blank=True)
    act = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=2_000, blank=True)
    body = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    told = Told("petition_id", "start", "to", "by_id", "right", "act", "why", "body", "at")
    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.start}>{self.to}"


class Strike(models.Model):
    """A mistake struck out, which stays legible: of what (party, ground, target, exhibit), why, by whom. Append-only."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="strikes")
    what = models.CharField(max_length=12)
    row = models.BigIntegerField()
    words = models.CharField(max_length=250)
    why = models.CharField(max_length=400)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("petition_id", "what", "row", "words", "why", "by_id", "at")
    append_only = AppendOnly("DIS-101")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["what", "row"], name="strike_once"),
            models.CheckConstraint(condition=~Q(why=""), name="strike_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.what} {self.row}"
