"""What a class leaves: test papers and their readings, the money paid for it, certificates; and the manuals that went out."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly
from kalata.states import states_constraint
from kalata.text import Message
from kalata.training.models.cascade import Enrolment, TrainingClass
from kalata.training.rules.classes_states import BADGE, REASONS, Badge

PERSON = settings.AUTH_USER_MODEL


class TestForm(models.Model):
    """A paper of questions with bubbles. mark: the hash that its sheets bear; rows: number, item, letters, right, critical.

    certificate: the role it leads to. closed: it leaked; no sheet of it is read any more.
    """

    __test__ = False
    mark = models.CharField(max_length=12, unique=True)
    letter = models.CharField(max_length=1)
    role = models.CharField(max_length=40)
    certificate = models.CharField(max_length=40)
    language = models.CharField(max_length=30)
    version = models.CharField(max_length=20)
    rows = models.JSONField()
    digest = models.CharField(max_length=64)
    draft = models.BooleanField(default=False)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    closed_why = models.CharField(max_length=300, blank=True)

    append_only = AppendOnly("TRN-601", once=("closed_at", "closed_by_id", "closed_why"))

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.role} {self.letter} {self.mark}"


class SheetReading(models.Model):
    """What the reader saw on a photographed sheet. doubtful: questions that a person must look at."""

    seat = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="readings")
    form = models.ForeignKey(TestForm, on_delete=models.PROTECT, related_name="+")
    image = models.CharField(max_length=64)
    answers = models.JSONField()
    doubtful = models.JSONField(default=list)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    append_only = AppendOnly("TRN-601", once=("done_at",))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["seat", "image"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.image[:8]}"


class AnswerPaper(models.Model):
    """The answers that count, of a person at a try. route: typed, read, or read and looked at by somebody (settled_by)."""

    seat = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="papers")
    attempt = models.PositiveSmallIntegerField()
    form = models.ForeignKey(TestForm, on_delete=models.PROTECT, related_name="papers")
    answers = models.JSONField()
    route = models.CharField(max_length=8)
    reading = models.ForeignKey(SheetReading, null=True, on_delete=models.PROTECT, related_name="+")
    right = models.PositiveSmallIntegerField()
    out_of = models.PositiveSmallIntegerField()
    missed = models.JSONField(default=list)
    passed = models.BooleanField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("seat_id", "attempt", "form_id", "answers", "right", "out_of", "missed", "passed", "by_id", "at")
    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["seat", "attempt"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "attempt"], name="paper_once"),
            models.CheckConstraint(condition=Q(attempt__in=(1, 2)), name="paper_one_retake"),
            models.CheckConstraint(condition=Q(route="typed", reading=None) | Q(route__in=("read", "seen"), reading__isnull=False), name="paper_route"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.seat_id} {self.attempt}"


class PaymentList(models.Model):
    """Who is paid for classes held: signed by another person than who asked it, on each name and franc."""

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    count = models.PositiveIntegerField()
    total = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("contest_id", "number", "count", "total", "sha256", "asked_by_id", "by_id", "at")
    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="payment_numbered_once"),
            models.CheckConstraint(condition=~Q(by=F("asked_by")), name="payment_two_persons"),
        ]

    def __str__(self) -> str:
        return self.number


class PaymentLine(models.Model):
    """A person, a class, whole francs, and the telephone as it was signed ("": at the cash desk): an attendance is paid once."""

    payment = models.ForeignKey(PaymentList, on_delete=models.PROTECT, related_name="lines")
    seat = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="payment")
    agent = models.ForeignKey("training.Agent", on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveIntegerField()
    phone = models.CharField(max_length=30, blank=True)

    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.amount}"


class Certificate(models.Model):
    """What a person may show: role, version, day, place, end; never a mark. token: the signed badge."""

    number = models.CharField(max_length=40, unique=True)
    seat = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="certificate")
    agent = models.ForeignKey("training.Agent", on_delete=models.PROTECT, related_name="certificates")
    role = models.CharField(max_length=40)
    level = models.CharField(max_length=20, default="L4")
    version = models.CharField(max_length=20)
    awarded_on = models.DateField()
    expires_on = models.DateField(null=True)
    place = models.CharField(max_length=200)
    status_index = models.PositiveIntegerField(unique=True)
    token = models.TextField()
    state = models.CharField(max_length=8, default=Badge.VALID)
    reason = models.CharField(max_length=40, blank=True)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("number", "seat_id", "agent_id", "role", "level", "version", "awarded_on", "expires_on", "place", "status_index", "token", "asked_by_id", "by_id", "at")  # fmt: skip
    append_only = AppendOnly("TRN-601", mutable=("state", "reason"))

    class Meta:
        ordering = ["-pk"]
        constraints = [
            states_constraint(BADGE),
            models.CheckConstraint(condition=~Q(by=F("asked_by")), name="certificate_two_persons"),
            models.CheckConstraint(condition=~Q(state="revoked") | Q(reason__in=tuple(REASONS)), name="certificate_coded_reason"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def state_label(self) -> Message:
        return Message(BADGE.labels[Badge(self.state)])


class UpdateAsked(models.Model):
    """A decisive step changed after a certificate was given: which version asks for the page of refresher."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="updates")
    version = models.ForeignKey("training.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["certificate", "version"], name="update_asked_once")]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.version_id}"


class Refresher(models.Model):
    """The one page and its questions, done after a decisive step changed: by paper or telephone, noted by a trainer; or
    answered on the page itself, by whoever holds the number of the certificate (by: nobody)."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="refreshers")
    version = models.ForeignKey("training.ProcedureVersion", null=True, on_delete=models.PROTECT, related_name="+")
    right = models.PositiveSmallIntegerField()
    out_of = models.PositiveSmallIntegerField()
    route = models.CharField(max_length=8)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(right__lte=F("out_of"), out_of__gte=1), name="refresher_marked"),
            models.CheckConstraint(condition=Q(route="page", by=None) | Q(route__in=("paper", "phone"), by__isnull=False), name="refresher_noted_by"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.right}/{self.out_of}"


class PrintRun(models.Model):
    """A print run of a manual: its pages by their hash, how many copies. digest: of the source it was made from."""

    number = models.CharField(max_length=60, unique=True)
    source = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    language = models.CharField(max_length=30)
    kind = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    file = models.CharField(max_length=64)
    pages = models.JSONField()
    copies = models.PositiveIntegerField()
    draft = models.BooleanField(default=False)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("number", "source", "role", "language", "kind", "digest", "file", "pages", "copies", "by_id", "at")
    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class ManualHandover(models.Model):
    """Copies of a print run that went out: to a class, with the trainer who took them."""

    run = models.ForeignKey(PrintRun, on_delete=models.PROTECT, related_name="handovers")
    training_class = models.ForeignKey(TrainingClass, on_delete=models.PROTECT, related_name="handovers")
    taken_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    copies = models.PositiveIntegerField()
    on = models.DateField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("TRN-601")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(copies__gte=1), name="handover_something")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.training_class_id}"
