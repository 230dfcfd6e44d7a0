"""What a plan has to work with: pools, how much of each on which days, and what a levelling proposed and became."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.planning.models.plans import Plan, PlanVersion

PERSON = settings.AUTH_USER_MODEL


class Pool(models.Model):
    """A reserve of a plan: teams, vehicles, rooms. unit: the territory that it serves; none: the whole country."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="pools")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    measure = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    flag = models.CharField(max_length=1)
    source = models.CharField(max_length=600, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="pool_once"),
            models.CheckConstraint(condition=Q(flag__in=("S", "A")), name="pool_flag_known"),
            models.CheckConstraint(condition=~Q(flag="S") | ~Q(source=""), name="pool_source_named"),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class Capacity(models.Model):
    """How much a pool holds on each day from first to last (none: without end). A day that no row covers holds nothing."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="periods")
    first = models.DateField()
    last = models.DateField(null=True)
    amount = models.PositiveIntegerField()

    class Meta:
        ordering = ["first"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "first"], name="capacity_once"),
            models.CheckConstraint(condition=Q(last=None) | Q(last__gte=F("first")), name="capacity_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} {self.amount}"


class LevelRun(models.Model):
    """One levelling, asked on a page and made in the background.

    sha256: the content of the version; pools_sha256: the pools it was made with. answer: bound, gap and lines, once it has
    ended well; answer_sha256 is in the ledger. done: seconds of `limit` that have passed.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="levellings")
    sha256 = models.CharField(max_length=64)
    pools_sha256 = models.CharField(max_length=64)
    limit = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    done = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    answer_sha256 = models.CharField(max_length=64, blank=True)
    fault = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(ended_at=None), name="level_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(answer=None, answer_sha256="")
                | (Q(answer__isnull=False, ended_at__isnull=False, fault="") & ~Q(answer_sha256="")),
                name="level_answer_of_an_ended_run",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, {self.limit} s"


class LevelChoice(models.Model):
    """What a person made of one line of a levelling. Rows are only added, once each line."""

    run = models.ForeignKey(LevelRun, on_delete=models.PROTECT, related_name="choices")
    code = models.CharField(max_length=64)
    accepted = models.BooleanField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "code"], name="level_choice_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.accepted}"
