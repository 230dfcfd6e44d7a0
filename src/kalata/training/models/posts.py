"""Posts of a contest, the people who hold them, proposals, acts of appointment and oaths."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly
from kalata.states import states_constraint
from kalata.text import Message, fold
from kalata.training.rules.posts import LABELS, POST, SIDES, State

PERSON = settings.AUTH_USER_MODEL


class PostBook(models.Model):
    """The posts of a contest were opened. versions: the procedure versions that a certificate may be of, by role.

    appointed_by: the last day of the law for an appointment; None where no calendar gives it: late acts are not told.
    """

    contest = models.OneToOneField("country.Contest", on_delete=models.PROTECT, related_name="posts_book")
    versions = models.JSONField(default=dict)
    threshold = models.PositiveSmallIntegerField(default=95)
    hour = models.TimeField(default="07:00")
    appointed_by = models.DateField(null=True)
    opened_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(threshold__gte=1, threshold__lte=100), name="postbook_threshold")
        ]

    def __str__(self) -> str:
        return f"postes {self.contest_id}"


class Agent(models.Model):
    """A person who may hold a post: not an account. Told apart by the number of the service, or by name and birth.

    certificate_*, payment: as the last list or room of training said. barred: the interest that keeps them from a post.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_index=True, editable=False)
    sex = models.CharField(max_length=1, blank=True)
    born = models.DateField(null=True)
    phone = models.CharField(max_length=30, blank=True)
    languages = models.JSONField(default=list)
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    certificate_role = models.CharField(max_length=40, blank=True)
    certificate_version = models.CharField(max_length=20, blank=True)
    certificate_expires = models.DateField(null=True)
    payment = models.BooleanField(default=False)
    barred = models.CharField(max_length=12, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name_key", "code"]
        constraints = [models.CheckConstraint(condition=Q(sex__in=("", "f", "m")), name="agent_sex")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.name_key = fold(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Appointment(models.Model):
    """An act of appointment, signed by a second person: which posts, whose names, its number and the paper that tells it."""

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    reference = models.CharField(max_length=40, blank=True)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("contest_id", "number", "on", "count", "sha256", "asked_by_id", "by_id", "at")
    append_only = AppendOnly("POS-001", once=("reference",))

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="appointment_numbered_once"),
            models.CheckConstraint(condition=~Q(by=models.F("asked_by")), name="appointment_two_persons"),
            models.CheckConstraint(condition=~Q(number=""), name="appointment_numbered"),
        ]

    def __str__(self) -> str:
        return self.number


class Post(models.Model):
    """One place in one body. body: the code of the station, or the institution and its place; side: who may propose for it."""

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="posts")
    station = models.ForeignKey("country.Station", null=True, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    body = models.CharField(max_length=250)
    position = models.CharField(max_length=60)
    record = models.CharField(max_length=60)
    side = models.CharField(max_length=20, blank=True)
    head = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default=State.VACANT)
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="posts")
    appointment = models.ForeignKey(Appointment, null=True, on_delete=models.PROTECT, related_name="posts")
    suspended = models.BooleanField(default=False)
    """Its holder is away by a signed act, which a call of the day does not undo."""
    seen_at = models.DateTimeField(null=True)
    """When whoever sits there on the day was noted present."""

    class Meta:
        ordering = ["body", "-head", "position"]
        constraints = [
            states_constraint(POST),
            models.UniqueConstraint(fields=["contest", "body", "position"], name="post_once"),
            models.UniqueConstraint(fields=["contest", "agent"], condition=Q(agent__isnull=False), name="post_one_a_person"),
            models.CheckConstraint(
                condition=Q(agent__isnull=False) | Q(state__in=("vacant", "absent")), name="post_held_by_somebody"
            ),
            models.CheckConstraint(condition=~Q(state="vacant") | Q(agent=None), name="post_vacant_is_empty"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["contest", "state"])]

    def __str__(self) -> str:
        return f"{self.body} {self.position}"

    @property
    def state_label(self) -> Message:
        return Message(LABELS[State(self.state)])

    @property
    def side_label(self) -> Message:
        return Message(SIDES.get(self.side, SIDES[""]))


class Proposal(models.Model):
    """A body entitled to it proposes a person for a post, by a list or a letter."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="proposals")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="proposals")
    side = models.CharField(max_length=20, blank=True)
    document = models.CharField(max_length=200)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    dropped_why = models.CharField(max_length=200, blank=True)

    append_only = AppendOnly("POS-001", once=("dropped_at", "dropped_by_id", "dropped_why"))

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["post"], condition=Q(dropped_at=None), name="proposal_one_alive"),
            models.CheckConstraint(condition=~Q(document=""), name="proposal_by_a_document"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.agent_id}"


class Oath(models.Model):
    """An oath sworn for a post: where, when and before whom."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="oaths")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="oaths")
    at = models.DateTimeField()
    place = models.CharField(max_length=200)
    witness = models.CharField(max_length=200)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    told = Told("post_id", "agent_id", "at", "place", "witness", "by_id", "noted_at")
    append_only = AppendOnly("POS-001")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "agent"], name="oath_once"),
            models.CheckConstraint(condition=~Q(place="") & ~Q(witness=""), name="oath_witnessed"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.agent_id}"
