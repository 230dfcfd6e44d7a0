"""What people made of the figures that another room offered to a plan."""

from django.conf import settings
from django.db import models

from kalata.planning.models.plans import PlanVersion


class OfferChoice(models.Model):
    """One line of an offer accepted or discarded. mark: the digest of what it was computed from. Rows are only added."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="offers")
    mark = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    accepted = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(mark=""), name="offer_choice_of_something")]

    def __str__(self) -> str:
        return f"{self.code} {self.accepted}"
