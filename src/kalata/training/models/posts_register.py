"""What is declared, what is drawn, and the register of independence."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly
from kalata.training.rules.independence import SORTS
from kalata.training.rules.interests import INTERESTS

PERSON = settings.AUTH_USER_MODEL


class Declaration(models.Model):
    """An interest that an agent declares. It stands until it is lifted, with the reason."""

    agent = models.ForeignKey("training.Agent", on_delete=models.PROTECT, related_name="declarations")
    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    about = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_why = models.CharField(max_length=300, blank=True)

    told = Told("agent_id", "contest_id", "kind", "about", "by_id", "at")
    append_only = AppendOnly(once=("lifted_at", "lifted_by_id", "lifted_why"))

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(INTERESTS)), name="interest_kind"),
            models.CheckConstraint(condition=Q(kind="none") | ~Q(about=""), name="interest_of_something"),
            models.CheckConstraint(condition=Q(lifted_at=None) | ~Q(lifted_why=""), name="interest_lifted_for_a_reason"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agent_id} {self.kind}"


class PostDraw(models.Model):
    """Places given by lot: the seed is promised by its SHA-256, the list of names is closed, then the seed is published.

    salt: drawn by the house once promise and names are there, so that who knows the seed cannot fit names to it.
    Anybody draws again: the places go, in order, to the smallest SHA-256 of "seed|salt|number|name".
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="+")
    record = models.CharField(max_length=60)
    side = models.CharField(max_length=20)
    promise = models.CharField(max_length=64)
    names = models.JSONField(default=list)
    salt = models.CharField(max_length=32, blank=True)
    seed = models.CharField(max_length=512, blank=True)
    drawn = models.JSONField(default=list)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    opened_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)

    append_only = AppendOnly(once=("seed", "opened_at", "opened_by_id"), mutable=("drawn",))

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["contest", "record", "side"], name="post_draw_once")]

    def __str__(self) -> str:
        return f"{self.record} {self.side}"


class IndependenceEntry(models.Model):
    """An instruction from outside, a pressure, a request refused: sealed as it is written, counted in public by its sort.

    text: to the keeper of the register alone. sha256: of the text with its salt, given back to who wrote it.
    """

    sort = models.CharField(max_length=16)
    happened_on = models.DateField()
    text = models.TextField()
    salt = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    told = Told("sort", "happened_on", "sha256", "at")
    append_only = AppendOnly()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(sort__in=list(SORTS)), name="independence_sort"),
            models.CheckConstraint(condition=~Q(text=""), name="independence_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.happened_on}"
