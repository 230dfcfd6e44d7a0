"""What was told, to whom, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

EACH, DAILY, NEVER = "each", "daily", "never"
MAIL = (EACH, DAILY, NEVER)


class Notice(models.Model):
    """One thing told. once: its key, under which it is told a single time. subject: the record, as the ledger names it.

    right, place, contest: the desk it is addressed to; no right: to persons by name.
    """

    topic = models.CharField(max_length=60)
    once = models.CharField(max_length=300, unique=True)
    subject = models.CharField(max_length=250, db_index=True)
    href = models.CharField(max_length=400)
    text_fr = models.CharField(max_length=500)
    text_en = models.CharField(max_length=500)
    at = models.DateTimeField()
    due = models.DateTimeField(null=True)
    right = models.CharField(max_length=60, blank=True)
    place = models.JSONField(default=list)
    contest = models.ForeignKey("country.Contest", null=True, on_delete=models.CASCADE, related_name="+")
    escalate_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(done_by=None) | Q(done_at__isnull=False), name="notices_done_when"),
        ]
        indexes = [
            models.Index(fields=["escalate_at"], condition=Q(done_at=None, escalated_at=None), name="notices_going_up"),
            models.Index(fields=["right"], condition=Q(done_at=None) & ~Q(right=""), name="notices_open_desks"),
        ]

    def __str__(self) -> str:
        return self.once


class Receipt(models.Model):
    """One notice in the hands of one person. why: by name, as holder of the desk, as one who stands above it."""

    NAMED, DESK, ABOVE = "named", "desk", "above"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="receipts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    why = models.CharField(max_length=6)
    by_mail = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "person"], name="receipt_once"),
            models.CheckConstraint(condition=Q(why__in=["named", "desk", "above"]), name="receipt_why"),
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="receipt_list"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="receipt_unread"),
            models.Index(fields=["at"], condition=Q(mailed_at=None, by_mail=True), name="receipt_to_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.person_id}"


class Preference(models.Model):
    """How a person takes notices by mail: each at once, one letter a day, never."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preference")
    mail = models.CharField(max_length=6, default=EACH)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(mail__in=list(MAIL)), name="preference_mail")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.mail}"
