"""The money of a plan: its accounts, who funds it, what was promised and came, what is paid. Sums are whole francs."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.planning.models.plans import Plan
from kalata.planning.rules.money_steps import KINDS, PAYMENT, PLEDGE, STAGES, Paid, Pledged
from kalata.states import states_constraint
from kalata.text import Message

PERSON = settings.AUTH_USER_MODEL


class Account(models.Model):
    """An account of the house's own chart. parent: the code of the account it is part of; "": the top."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="accounts")
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    parent = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="account_once"),
            models.CheckConstraint(condition=~Q(parent=F("code")), name="account_in_another"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class Imputation(models.Model):
    """The account that a line of the budget is booked to. It is no part of the version: it changes no date and no franc."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="imputations")
    line = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="imputations")

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["plan", "line"], name="imputation_once")]

    def __str__(self) -> str:
        return f"{self.line} → {self.account_id}"


class Funder(models.Model):
    """Who brings money. word: what the lines of the plan call it (Etat, Partenaire). readers: who reads its own money."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="funders")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    word = models.CharField(max_length=60, blank=True)
    readers: models.ManyToManyField[models.Model, models.Model] = models.ManyToManyField(PERSON, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="funder_once"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="funder_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Pledge(models.Model):
    """A promise of money. announced: what was said; what became of it are its movements. expected: when the rest should come."""

    funder = models.ForeignKey(Funder, on_delete=models.PROTECT, related_name="pledges")
    label = models.CharField(max_length=200)
    announced = models.PositiveBigIntegerField()
    on = models.DateField()
    expected = models.DateField(null=True)
    state = models.CharField(max_length=12, default=Pledged.ANNOUNCED)
    document = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            states_constraint(PLEDGE),
            models.CheckConstraint(condition=Q(announced__gt=0), name="pledge_of_something"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def state_label(self) -> Message:
        return Message(PLEDGE.labels[Pledged(self.state)])


class Movement(models.Model):
    """Money agreed, called or received on a day, with its paper. corrects: the movement that this one takes back, whole.

    Rows are only added: a wrong sum is taken back by another row, with a reason.
    """

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="movements")
    stage = models.CharField(max_length=12)
    on = models.DateField()
    amount = models.BigIntegerField()
    document = models.CharField(max_length=300)
    reason = models.CharField(max_length=400, blank=True)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=list(STAGES)), name="movement_stage_known"),
            models.CheckConstraint(
                condition=Q(corrects=None, amount__gt=0) | (Q(corrects__isnull=False, amount__lt=0) & ~Q(reason="")),
                name="movement_signed",
            ),
            models.CheckConstraint(condition=~Q(document=""), name="movement_has_paper"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.amount}"


class Payment(models.Model):
    """One payment of a line of the budget: committed, verified, ordered, paid. due: when it falls. Money leaves by two persons."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="payments")
    line = models.CharField(max_length=64)
    funder = models.ForeignKey(Funder, on_delete=models.PROTECT, related_name="payments")
    label = models.CharField(max_length=200)
    payee = models.CharField(max_length=200)
    amount = models.PositiveBigIntegerField()
    due = models.DateField()
    state = models.CharField(max_length=12, default=Paid.COMMITTED)
    committed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    committed_on = models.DateField()
    verified_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    verified_on = models.DateField(null=True)
    verified_document = models.CharField(max_length=300, blank=True)
    ordered_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    ordered_on = models.DateField(null=True)
    paid_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    paid_on = models.DateField(null=True)
    paid_document = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due", "pk"]
        indexes = [models.Index(fields=["plan", "line"], name="payment_by_line")]
        constraints = [
            states_constraint(PAYMENT),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("committed_by")), name="payment_verified_by_another"
            ),
            models.CheckConstraint(
                condition=Q(ordered_by=None) | (~Q(ordered_by=F("committed_by")) & ~Q(ordered_by=F("verified_by"))),
                name="payment_ordered_by_another",
            ),
            models.CheckConstraint(
                condition=Q(paid_by=None) | ~Q(paid_by=F("ordered_by")), name="payment_paid_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid")
                | (Q(paid_by__isnull=False, ordered_by__isnull=False, paid_on__isnull=False) & ~Q(paid_document="")),
                name="payment_paid_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="ordered") | Q(ordered_by__isnull=False, verified_by__isnull=False),
                name="payment_ordered_is_verified",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.label}"

    @property
    def state_label(self) -> Message:
        return Message(PAYMENT.labels[Paid(self.state)])
