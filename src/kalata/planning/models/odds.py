"""What the draws of a version said: kept with the digest of the content that they were drawn on, never written over."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kalata.planning.models.plans import PlanVersion


class OddsRun(models.Model):
    """One run of draws, asked on a page and made in the background.

    sha256: the content of the version when it was asked; a draft that moves since has other odds. step, done, total: how
    far it is. figures: every figure of it, once it has ended well; figures_sha256 is in the ledger. fault: why it stopped.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="odds")
    sha256 = models.CharField(max_length=64)
    draws = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    step = models.CharField(max_length=20, blank=True)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    figures = models.JSONField(null=True)
    figures_sha256 = models.CharField(max_length=64, blank=True)
    fault = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(ended_at=None), name="odds_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(figures=None, figures_sha256="")
                | (Q(figures__isnull=False, ended_at__isnull=False, stopped_at=None, fault="") & ~Q(figures_sha256="")),
                name="odds_figures_of_a_whole_run",
            ),
            models.CheckConstraint(condition=Q(stopped_at=None) | Q(ended_at__isnull=False), name="odds_stopped_has_ended"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.version}, {self.draws}"
