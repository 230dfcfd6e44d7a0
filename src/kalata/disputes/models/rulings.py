"""Decisions of the Court (arrêts): acts, the print made from them, what the gate said, the signed papers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kalata.disputes.rules.rulings import RULING
from kalata.ledger.bonds import Told
from kalata.ledger.limits import Limit, declare
from kalata.ledger.locks import AppendOnly
from kalata.states import states_constraint


class Ruling(models.Model):
    """A decision. written: section -> its words now (`rules.reasons`); acts: as they were chosen; print: the text by part, figures and annexes printed from them; printed_of:
    the fingerprint of what they were printed from. digest: SHA-256 of the decision as it was signed (`decision`).

    breach: why it comes after its limit, as the decision prints it. verdict: the gate's answer at signature. pdf, xml: SHA-256 of the signed papers.
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="rulings")
    number = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=12, default="draft", db_index=True)
    acts = models.JSONField(default=list)
    articles = models.JSONField(default=list)
    own_motion = models.TextField(blank=True)
    written = models.JSONField(default=dict)
    words = models.CharField(max_length=400)
    breach = models.CharField(max_length=400, blank=True)
    print = models.JSONField(default=dict)
    printed_of = models.CharField(max_length=64, blank=True)
    decision = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    verdict = models.JSONField(null=True)
    pdf = models.CharField(max_length=64, blank=True)
    xml = models.CharField(max_length=64, blank=True)
    drafted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    passed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    told = Told(
        "contest_id", "number", "state", "acts", "decision", "digest", "verdict", "pdf", "xml", "drafted_by_id",
        "signed_by_id", "signed_at", again=True,
    )  # fmt: skip

    class Meta:
        ordering = ["-pk"]
        constraints = [
            states_constraint(RULING),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "gate"]) | (~Q(digest="") & ~Q(pdf="") & Q(signed_by__isnull=False)),
                name="ruling_signed_has_its_papers",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("drafted_by")), name="ruling_another_hand"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RulingOutcome(models.Model):
    """What a decision makes of one petition: its outcome; for each of its grounds a reason, and what becomes of it."""

    ruling = models.ForeignKey(Ruling, on_delete=models.CASCADE, related_name="outcomes")
    petition = models.OneToOneField("disputes.Petition", on_delete=models.PROTECT, related_name="outcome")
    outcome = models.CharField(max_length=20)
    reasons = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)

    class Meta:
        ordering = ["petition__roll", "pk"]

    def __str__(self) -> str:
        return f"{self.ruling_id} {self.petition_id}"


class RulingOverride(models.Model):
    """A member of the bench who signs although the gate refuses, with reasons: two, published with the decision."""

    ruling = models.ForeignKey(Ruling, on_delete=models.PROTECT, related_name="overrides")
    of = models.CharField(max_length=64)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    reasons = models.CharField(max_length=2_000)
    at = models.DateTimeField()

    append_only = AppendOnly("DIS-301")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ruling", "of", "by"], name="ruling_override_once"),
            models.CheckConstraint(condition=~Q(reasons=""), name="ruling_override_has_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.ruling_id} {self.by_id}"


class RulingCorrection(models.Model):
    """A clerical error corrected in the text of a signed decision: the passage as it was, and as it is to be read."""

    ruling = models.ForeignKey(Ruling, on_delete=models.PROTECT, related_name="corrections")
    passage = models.CharField(max_length=2_000)
    reads = models.CharField(max_length=2_000)
    why = models.CharField(max_length=400)
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = AppendOnly("DIS-301")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.ruling_id}"


SIGNED = "old.state not in ('draft', 'gate')"
KEPT = (
    "number",
    "contest_id",
    "acts",
    "decision",
    "digest",
    "verdict",
    "pdf",
    "xml",
    "print",
    "written",
    "articles",
    "own_motion",
    "words",
    "breach",
    "signed_by_id",
    "signed_at",
)
CHANGED = " or ".join(f'new."{c}" is distinct from old."{c}"' for c in KEPT)
OUTCOME = ("ruling_id", "petition_id", "outcome", "reasons", "answers")
OF_SIGNED = "(select r.state from disputes_ruling r where r.id = old.ruling_id) not in ('draft', 'gate')"
OUTCOME_CHANGED = " or ".join(f'new."{c}" is distinct from old."{c}"' for c in OUTCOME)

declare(
    Limit("disputes_ruling", "signed_kept", "update of " + ", ".join(f'"{c}"' for c in KEPT), f"{SIGNED} and ({CHANGED})",
          "DIS-301 a signed decision is kept as it was signed"),
    Limit("disputes_rulingoutcome", "signed_kept", "update of " + ", ".join(OUTCOME), f"{OF_SIGNED} and ({OUTCOME_CHANGED})",
          "DIS-301 what a signed decision says of a petition is kept", reads=("disputes_ruling",)),
    Limit("disputes_rulingoutcome", "kept", "delete", OF_SIGNED, "DIS-301 what a signed decision says of a petition is kept",
          reads=("disputes_ruling",)),
    Limit("disputes_ruling", "kept", "delete", "old.digest <> ''", "DIS-301 a signed decision is kept"),
)  # fmt: skip
