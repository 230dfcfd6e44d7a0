"""Persons, the roles they hold, and the decisions that need two of them."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly
from kalata.people.rules.approval import APPROVAL
from kalata.states import states_constraint


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username__iexact=username)


class Person(AbstractBaseUser):
    """One human with one account. Accounts are never shared and never deleted, only closed."""

    username = models.CharField(max_length=40, unique=True)
    full_name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=2, default="fr")
    is_active = models.BooleanField(default=False)
    activation_hash = models.CharField(max_length=64, blank=True)
    activation_expires = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.username

    @property
    def is_staff(self) -> bool:
        return False

    @property
    def is_superuser(self) -> bool:
        return False


class Mandate(models.Model):
    """A role of the pack, held on a territory, perhaps for one contest, between two dates."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField(max_length=40)
    rights = models.JSONField(default=list)
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    contest = models.ForeignKey("country.Contest", null=True, on_delete=models.PROTECT, related_name="+")
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    told = Told(
        "person_id", "role", "rights", "unit_id", "contest_id", "starts", "ends", "asked_by_id", "approved_by_id",
        "revoked_at", again=True,
    )  # fmt: skip

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True) | ~Q(asked_by=F("approved_by")), name="mandate_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


class Approval(models.Model):
    """A critical act asked by one person and decided by another; the database says so too.

    facts: the exact difference it was asked on, element by element; sha256: what the decision is bound to. picture:
    what its asker had before the eyes; signed: what the second person signed (`rules.kept_picture`).
    """

    kind = models.CharField(max_length=60)
    right = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    summary = models.CharField(max_length=400)
    payload = models.JSONField(default=dict)
    reason = models.TextField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=12, default="waiting")
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    picture = models.JSONField(null=True)
    signed = models.JSONField(null=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    update_asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    update_asked_at = models.DateTimeField(null=True)

    told = Told(
        "kind", "right", "subject", "summary", "payload", "reason", "asked_by_id", "asked_at", "facts", "sha256", "state",
        "decided_by_id", "decided_at", "note", again=True,
    )  # fmt: skip
    append_only = AppendOnly(
        "PEO-208",
        mutable=("state", "note", "update_asked_by_id", "update_asked_at"),
        once=("replaces_id", "decided_by_id", "decided_at", "signed"),
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(state="withdrawn") | ~Q(decided_by=F("asked_by")),
                name="approval_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_by__isnull=False), name="approval_decided_by_somebody"
            ),
            models.CheckConstraint(condition=~Q(sha256=""), name="approval_bound_to_facts"),
            states_constraint(APPROVAL),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class ApiToken(models.Model):
    """A key by which a machine acts for a person: with that person's mandates, cut down to `scopes`.

    Only the SHA-256 of the key is kept; the key itself is shown once.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.name}"


class Throttle(models.Model):
    """Wrong tries in a row of one kind, on one account from one device. subject: a keyed hash, never a name."""

    kind = models.CharField(max_length=12)
    subject = models.CharField(max_length=64)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="throttle_one_count")]
        indexes = [models.Index(fields=["last_at"], name="throttle_last")]

    def __str__(self) -> str:
        return f"{self.kind} {self.failures}"


class KnownDevice(models.Model):
    """A browser from which this person completed a sign-in: wrong tries made elsewhere do not slow it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="devices")
    sha256 = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "sha256"], name="device_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.sha256[:8]}"


class Reissue(models.Model):
    """A new activation of an account that has a desk: two sheets, one code in the hands of each of two persons.

    Neither code opens anything alone. Open until used, cancelled by the owner, or past `expires_at`.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reissues")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    factors = models.BooleanField(default=False)
    first_hash = models.CharField(max_length=64, blank=True)
    second_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(asked_by=F("approved_by")), name="reissue_two_persons"),
            models.CheckConstraint(
                condition=~Q(person=F("asked_by")) & ~Q(person=F("approved_by")), name="reissue_never_oneself"
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at__isnull=True), name="reissue_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.asked_by_id}+{self.approved_by_id}"


class SavedView(models.Model):
    """A view of a list that a person keeps under a name: its filters, its order and its columns, as an address says them.

    listing: the list it is of. role: "" for the owner alone; else every holder of that role may open it, and the owner
    alone changes it. opened_by: those for whom the list opens so by itself. It gives no right: what it opens is still
    limited to what its reader may see.
    """

    listing = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1_500)
    role = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_views")
    opened_by: models.ManyToManyField[Person, models.Model] = models.ManyToManyField(Person, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["listing", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "listing", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return f"{self.listing} {self.name}"
