"""A plan, its versions, and the change asked of an approved one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.planning.rules.steps import CHANGE, VERSION, Change, State
from kalata.states import states_constraint
from kalata.text import Message

PERSON = settings.AUTH_USER_MODEL


class Plan(models.Model):
    """One election to prepare. `election`: its pack dates the law; the plan itself begins at T0.

    Pools, money, purchases and the readiness of places are the plan's, not a version's: what is there, not what is proposed.
    """

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    family = models.CharField(max_length=40)
    election = models.ForeignKey("country.Election", on_delete=models.PROTECT, related_name="+")
    rounds = models.PositiveSmallIntegerField(default=2)
    calendar = models.CharField(max_length=40, default="ml")
    opened_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(rounds__gte=1, rounds__lte=2), name="plan_rounds_one_or_two"),
        ]

    def __str__(self) -> str:
        return self.name


class PlanVersion(models.Model):
    """A whole plan. j2 follows from j1 by the law (`norms`, as they were when it was set); it is typed nowhere.

    base: the approved version that it changes. sha256: of the whole content, written when it is submitted.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=14, default=State.DRAFT)
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="changes")
    t0 = models.DateField()
    j1 = models.DateField()
    j2 = models.DateField(null=True)
    legal = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    endorsed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-plan_id", "-number"]
        constraints = [
            states_constraint(VERSION),
            models.UniqueConstraint(fields=["plan", "number"], name="version_numbered_once"),
            models.UniqueConstraint(fields=["plan"], condition=Q(state="approved"), name="version_one_approved"),
            models.CheckConstraint(condition=Q(t0__lte=F("j1")), name="version_begins_before_j1"),
            models.CheckConstraint(condition=Q(j2=None) | Q(j2__gt=F("j1")), name="version_j2_after_j1"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "under_review"))
                | Q(approved_by__isnull=False, endorsed_by__isnull=False, submitted_by__isnull=False),
                name="version_approved_by_named",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | (~Q(approved_by=F("endorsed_by")) & ~Q(approved_by=F("submitted_by")) & ~Q(endorsed_by=F("submitted_by"))),
                name="version_three_persons",
            ),
            models.CheckConstraint(condition=Q(state="draft") | ~Q(sha256=""), name="version_hashed"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.plan.name}, version {self.number}"

    @property
    def state_label(self) -> Message:
        return Message(VERSION.labels[State(self.state)])


class ChangeRequest(models.Model):
    """What a draft would change in the approved version: the exact difference, its hash, its effect as it was assessed."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="requests")
    base = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=Change.OPEN)
    reason = models.TextField()
    difference = models.JSONField()
    sha256 = models.CharField(max_length=64)
    effect = models.JSONField()
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    assessed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            states_constraint(CHANGE),
            models.UniqueConstraint(
                fields=["version"], condition=Q(state__in=("open", "assessed")), name="change_one_alive"
            ),
            models.CheckConstraint(
                condition=Q(assessed_by=None) | ~Q(assessed_by=F("asked_by")), name="change_assessed_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} : {self.reason[:60]}"
