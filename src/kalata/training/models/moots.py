"""Cases for judges and leaders, their versions; the sittings held on one, with answers, ratings and plans of action.

Nothing here can hold a note on how a person was coached: what is kept of a person is their answers, what two raters gave
and the sheet they wrote to that person, and a plan that this person filed.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly
from kalata.states import states_constraint
from kalata.text import Message
from kalata.training.rules.moot_states import MOOT_SITTING, MOOT_VERSION, Sitting, Version

PERSON = settings.AUTH_USER_MODEL


class MootCase(models.Model):
    """What goes by one code through its versions. sort: moot, ethics, crisis."""

    code = models.CharField(max_length=60, unique=True)
    sort = models.CharField(max_length=10)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class MootVersion(models.Model):
    """One state of a case. computed: the answers that the engines gave when it was approved, by question."""

    case = models.ForeignKey(MootCase, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=Version.DRAFT)
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    title_fr = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    computed = models.JSONField(default=dict)
    authors = models.JSONField(default=list)
    made_at = models.DateTimeField()
    asked_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    told = Told(
        "case_id", "number", "sha256", "asked_by_id", "approved_by_id", "approved_at", when=Q(approved_at__isnull=False)
    )

    class Meta:
        ordering = ["case__code", "-number"]
        constraints = [
            states_constraint(MOOT_VERSION),
            models.UniqueConstraint(fields=["case", "number"], name="moot_version_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="approved"), name="moot_one_approved"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="draft"), name="moot_one_draft"),
            models.CheckConstraint(condition=Q(state__in=("draft", "dropped")) | Q(approved_by__isnull=False, asked_by__isnull=False), name="moot_signed"),
            models.CheckConstraint(condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")), name="moot_two_persons"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case.code} v{self.number}"

    @property
    def state_label(self) -> Message:
        return Message(MOOT_VERSION.labels[Version(self.state)])


class MootSitting(models.Model):
    """A case held for a bench. begun_at starts the facilitator's clock."""

    version = models.ForeignKey(MootVersion, on_delete=models.PROTECT, related_name="sittings")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=Sitting.PREPARED)
    held_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [states_constraint(MOOT_SITTING)]

    def __str__(self) -> str:
        return self.title

    @property
    def state_label(self) -> Message:
        return Message(MOOT_SITTING.labels[Sitting(self.state)])


class MootSeat(models.Model):
    """Who sits, by number. present_at: when this person declared on their honour to be there and to keep the secrecy of it."""

    sitting = models.ForeignKey(MootSitting, on_delete=models.PROTECT, related_name="seats")
    seat = models.PositiveSmallIntegerField()
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="moot_seats")
    part = models.CharField(max_length=12)
    present_at = models.DateTimeField(null=True)

    append_only = AppendOnly("TRN-601", once=("present_at",))

    class Meta:
        ordering = ["sitting", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "seat"], name="moot_seat_once"),
            models.UniqueConstraint(fields=["sitting", "person"], name="moot_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}/{self.seat}"


class MootRater(models.Model):
    sitting = models.ForeignKey(MootSitting, on_delete=models.PROTECT, related_name="raters")
    slot = models.PositiveSmallIntegerField()
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="moot_rated")

    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["sitting", "slot"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "slot"], name="moot_rater_slot"),
            models.UniqueConstraint(fields=["sitting", "person"], name="moot_rater_once"),
            models.CheckConstraint(condition=Q(slot__in=(1, 2)), name="moot_two_raters"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} rater {self.slot}"


class MootOpened(models.Model):
    """A stage, or an inject, opened to the bench. The one before closes then."""

    sitting = models.ForeignKey(MootSitting, on_delete=models.PROTECT, related_name="opened")
    stage = models.PositiveSmallIntegerField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["sitting", "stage"]
        constraints = [models.UniqueConstraint(fields=["sitting", "stage"], name="moot_stage_once")]

    def __str__(self) -> str:
        return f"{self.sitting_id} stage {self.stage}"


class MootAnswer(models.Model):
    """What one who sits answered; the last one before the stage closed counts. at: when it was given; entry: of a page without network."""

    seat = models.ForeignKey(MootSeat, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=60)
    value = models.TextField()
    route = models.CharField(max_length=8)
    entry = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(route__in=("screen", "paper", "offline")), name="moot_answer_route"),
            models.UniqueConstraint(fields=["seat", "entry"], condition=~Q(entry=""), name="moot_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.question}"


class MootOwned(models.Model):
    """Its author says that an answer which another hand wrote down, from paper or from a page without network, is theirs: until
    then it counts for nothing."""

    answer = models.OneToOneField(MootAnswer, on_delete=models.PROTECT, related_name="owned")
    at = models.DateTimeField()

    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.answer_id}"


class MootSheet(models.Model):
    """What one rater gave one person: a level a criterion, and the sheet of feedback written to that person."""

    seat = models.ForeignKey(MootSeat, on_delete=models.PROTECT, related_name="sheets")
    rater = models.ForeignKey(MootRater, on_delete=models.PROTECT, related_name="sheets")
    levels = models.JSONField()
    feedback = models.TextField()
    at = models.DateTimeField()

    append_only = AppendOnly("TRN-601")
    told = Told("seat_id", "rater_id", "levels", "feedback", "at")

    class Meta:
        ordering = ["seat", "rater"]
        constraints = [models.UniqueConstraint(fields=["seat", "rater"], name="moot_sheet_once")]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.rater_id}"


class MootAgreed(models.Model):
    """A level on which a rater agrees after discussion of a wide difference, with why; it stands once both give the same."""

    seat = models.ForeignKey(MootSeat, on_delete=models.PROTECT, related_name="agreed")
    rater = models.ForeignKey(MootRater, on_delete=models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=400)
    at = models.DateTimeField()

    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.criterion}"


class ActionPlan(models.Model):
    """What somebody who sat undertakes, filed by that person alone; followed at 30 and 90 days."""

    seat = models.OneToOneField(MootSeat, on_delete=models.PROTECT, related_name="plan")
    actions = models.JSONField()
    at = models.DateTimeField()

    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"plan {self.pk}"


class ActionFollowed(models.Model):
    """What became of each action: a code each, no words."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="followed")
    days = models.PositiveSmallIntegerField()
    outcomes = models.JSONField()
    at = models.DateTimeField()

    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["plan", "days"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "days"], name="action_followed_once"),
            models.CheckConstraint(condition=Q(days__in=(30, 90)), name="action_followed_when"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.days}"
