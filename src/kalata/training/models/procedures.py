"""Procedures: their source, their versions, what people remark of them, and what a new article version opens."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kalata.states import states_constraint
from kalata.text import Message
from kalata.training.rules.procedures import PROCEDURE, State

PERSON = settings.AUTH_USER_MODEL


class ManualSource(models.Model):
    """What procedures share: the pack whose law they cite, the day they are read on, parameters, pictures by name."""

    code = models.CharField(max_length=80, unique=True)
    head = models.JSONField()
    pictograms = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Procedure(models.Model):
    """One act of one role. file: the name of its file in the source."""

    source = models.ForeignKey(ManualSource, on_delete=models.PROTECT, related_name="procedures")
    code = models.CharField(max_length=80)
    file = models.CharField(max_length=120)

    class Meta:
        ordering = ["file"]
        constraints = [
            models.UniqueConstraint(fields=["source", "code"], name="procedure_once"),
            models.UniqueConstraint(fields=["source", "file"], name="procedure_file_once"),
        ]

    def __str__(self) -> str:
        return self.code


class ProcedureVersion(models.Model):
    """A whole procedure. content: as its file says it, without number and state; sha256: of it; titles, phase, roles: from it,
    to be found by. authors: every person who wrote in it."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=State.DRAFT)
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    title_fr = models.CharField(max_length=300, blank=True)
    title_en = models.CharField(max_length=300, blank=True)
    phase = models.CharField(max_length=40, blank=True)
    roles = models.CharField(max_length=600)
    authors = models.JSONField(default=list)
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    reviewed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    tested_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    tested_note = models.TextField(blank=True)
    approved_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["procedure__file", "-number"]
        constraints = [
            states_constraint(PROCEDURE),
            models.UniqueConstraint(fields=["procedure", "number"], name="procedure_numbered_once"),
            models.UniqueConstraint(fields=["procedure"], condition=Q(state="approved"), name="procedure_one_approved"),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(state__in=("draft", "legal_ok", "tested")), name="procedure_one_alive"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "retired")) | Q(reviewed_by__isnull=False), name="procedure_reviewed"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(reviewed_by__isnull=False, tested_by__isnull=False, approved_by__isnull=False),
                name="procedure_approved_by_named",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("tested_by")), name="procedure_two_persons"
            ),
            models.CheckConstraint(condition=~Q(sha256=""), name="procedure_hashed"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.procedure.code}, version {self.number}"

    @property
    def state_label(self) -> Message:
        return Message(PROCEDURE.labels[State(self.state)])


class ProcedureComment(models.Model):
    """A remark on a version, or on one element of it; it waits for an answer."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="comments")
    element = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reply = models.TextField(blank=True)
    resolved_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None, reply="")
                | (Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(reply="")),
                name="procedure_comment_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} : {self.text[:60]}"
