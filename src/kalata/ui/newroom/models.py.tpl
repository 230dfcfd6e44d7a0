"""What is kept, and what the database refuses."""

from django.conf import settings
from django.db import models

from kalata.states import states_constraint
from PACKAGE.rules.steps import LIFE, State


class Record(models.Model):
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default=State.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [states_constraint(LIFE)]

    def __str__(self) -> str:
        return self.title
