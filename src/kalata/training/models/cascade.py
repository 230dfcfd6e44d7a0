"""A cascade that is kept: what it was made from, its answer, who signed it; its classes and who is enrolled in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.ledger.bonds import Told
from kalata.states import states_constraint
from kalata.text import Message
from kalata.training.rules.classes_states import CASCADE, CLASS, SEAT, Held, Kept, Seat

PERSON = settings.AUTH_USER_MODEL


class Cascade(models.Model):
    """A plan of classes for the posts of a contest. content: venues, pairs, window, terms; people: posts by "area|language";
    answer: classes and what clashes; sha256: of all three, what two persons sign. base: the plan that it repairs."""

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=Kept.DRAFT)
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repairs")
    content = models.JSONField()
    people = models.JSONField()
    answer = models.JSONField()
    sha256 = models.CharField(max_length=64)
    list_sha256 = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)

    told = Told(
        "contest_id", "number", "sha256", "base_id", "asked_by_id", "published_by_id", "published_at",
        when=Q(published_at__isnull=False),
    )  # fmt: skip

    class Meta:
        ordering = ["-pk"]
        constraints = [
            states_constraint(CASCADE),
            models.UniqueConstraint(fields=["contest", "number"], name="cascade_numbered_once"),
            models.UniqueConstraint(fields=["contest"], condition=Q(state="published"), name="cascade_one_published"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "dropped")) | Q(published_by__isnull=False, asked_by__isnull=False), name="cascade_signed"
            ),
            models.CheckConstraint(condition=Q(published_by=None) | ~Q(published_by=F("asked_by")), name="cascade_two_persons"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def state_label(self) -> Message:
        return Message(CASCADE.labels[Kept(self.state)])


class TrainingClass(models.Model):
    """One class of a published cascade: a pair, a room, whole teaching days running."""

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="+")
    cascade = models.ForeignKey(Cascade, on_delete=models.PROTECT, related_name="classes")
    code = models.CharField(max_length=20)
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=60)
    language = models.CharField(max_length=30)
    venue = models.CharField(max_length=200)
    room = models.PositiveIntegerField()
    pair = models.CharField(max_length=60)
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=10, default=Held.PLANNED)
    sheet = models.CharField(max_length=64, blank=True)
    """SHA-256 of the signed attendance sheet, photographed."""
    held_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["first", "code"]
        constraints = [
            states_constraint(CLASS),
            models.UniqueConstraint(fields=["contest", "code"], name="training_class_once"),
            models.CheckConstraint(condition=Q(state__in=("planned", "cancelled")) | (Q(held_by__isnull=False) & ~Q(sheet="")), name="training_class_held_by"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["contest", "state"])]

    def __str__(self) -> str:
        return self.code

    @property
    def state_label(self) -> Message:
        return Message(CLASS.labels[Held(self.state)])


class ClassTrainer(models.Model):
    """Who teaches a class: the account of one of its pair."""

    training_class = models.ForeignKey(TrainingClass, on_delete=models.PROTECT, related_name="trainers")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["training_class", "person"], name="class_trainer_once")]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.person_id}"


class Enrolment(models.Model):
    """A place of a class: of a post (its holder may be to be named), or of the reserve (post None).

    agent: who came, told when the attendance is noted. sheet, code: the two proofs; code_route: by telephone or written.
    """

    training_class = models.ForeignKey(TrainingClass, on_delete=models.PROTECT, related_name="seats")
    seat = models.PositiveIntegerField()
    post = models.ForeignKey("training.Post", null=True, on_delete=models.PROTECT, related_name="enrolments")
    agent = models.ForeignKey("training.Agent", null=True, on_delete=models.PROTECT, related_name="enrolments")
    role = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default=Seat.ENROLLED)
    sheet = models.BooleanField(default=False)
    code = models.BooleanField(default=False)
    code_route = models.CharField(max_length=8, blank=True)
    entry = models.CharField(max_length=40, blank=True)
    """The mark of the offline entry that noted it: the same file sent again changes nothing."""

    class Meta:
        ordering = ["training_class", "seat"]
        constraints = [
            states_constraint(SEAT),
            models.UniqueConstraint(fields=["training_class", "seat"], name="enrolment_seat_once"),
            models.UniqueConstraint(fields=["training_class", "agent"], condition=Q(agent__isnull=False), name="enrolment_one_seat_a_person"),
            models.CheckConstraint(
                condition=Q(state__in=("enrolled", "absent")) | Q(sheet=True, code=True, agent__isnull=False), name="enrolment_two_proofs"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.training_class_id}/{self.seat}"

    @property
    def state_label(self) -> Message:
        return Message(SEAT.labels[Seat(self.state)])
