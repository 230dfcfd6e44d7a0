"""What is public of a decision: each version of its text, the passages taken out of it, its summary in plain words."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kalata.disputes.rules.publications import PUBLICATION
from kalata.disputes.rules.redaction import OPEN, REASONS
from kalata.ledger.bonds import Told
from kalata.ledger.limits import Limit, declare
from kalata.states import states_constraint


class Publication(models.Model):
    """One version of the public text of a decision; `public` is what everybody reads, and null before it is published.

    full_digest: SHA-256 of the salt and the full text (a guess of what was taken out cannot be tried against it);
    salt: given to who may read the full text. public_digest: SHA-256 of the public text. figures: what the
    recomputation gives for the summary. pdf, xml: SHA-256 of the public papers, sealed apart from the full ones.
    why: of a version after the first; withdraws: the version it replaces is not served any more, its line stays.
    """

    ruling = models.ForeignKey("disputes.Ruling", on_delete=models.PROTECT, related_name="publications")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, default="draft", db_index=True)
    why = models.CharField(max_length=400, blank=True)
    withdraws = models.BooleanField(default=False)
    salt = models.CharField(max_length=64)
    full_digest = models.CharField(max_length=64)
    public_digest = models.CharField(max_length=64, blank=True)
    public = models.JSONField(null=True)
    figures = models.JSONField(default=dict)
    pdf = models.CharField(max_length=64, blank=True)
    xml = models.CharField(max_length=64, blank=True)
    prepared_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, db_index=True)
    ended_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    told = Told(
        "ruling_id", "version", "state", "why", "withdraws", "salt", "full_digest", "public_digest", "public", "pdf", "xml",
        "proposed_by_id", "decided_by_id", "published_at", "ended_at", again=True,
    )  # fmt: skip

    class Meta:
        ordering = ["-version"]
        constraints = [
            states_constraint(PUBLICATION),
            models.UniqueConstraint(fields=["ruling", "version"], name="publication_version"),
            models.UniqueConstraint(
                fields=["ruling"], condition=Q(state__in=["draft", "proposed"]), name="publication_one_prepared"
            ),
            models.UniqueConstraint(fields=["ruling"], condition=Q(state="published"), name="publication_one_in_force"),
            models.CheckConstraint(condition=Q(version=1) | ~Q(why=""), name="publication_other_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="draft") | (~Q(public_digest="") & Q(proposed_by__isnull=False)),
                name="publication_proposed_has_its_text",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed"])
                | (Q(public__isnull=False, decided_by__isnull=False, published_at__isnull=False) & ~Q(pdf="") & ~Q(xml="")),
                name="publication_out_has_its_papers",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="publication_two_persons"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.ruling_id} v{self.version}"


class Redaction(models.Model):
    """A passage of the full text, by its place, with the answer it was given. Its words are read from the decision alone.

    rule: what proposed it ("record", a pattern), "" a person. decision: "" not yet, hide, keep. note: in the words of
    who decided, never shown to the public.
    """

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="redactions")
    section = models.CharField(max_length=12)
    paragraph = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    reason = models.CharField(max_length=20)
    rule = models.CharField(max_length=12, blank=True)
    added_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=4, blank=True)
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    told = Told(
        "publication_id",
        "section",
        "paragraph",
        "start",
        "end",
        "reason",
        "rule",
        "decision",
        "decided_by_id",
        again=True,
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "section", "paragraph", "start", "end"], name="redaction_once"),
            models.CheckConstraint(condition=Q(section__in=OPEN), name="redaction_never_of_the_operative_part"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="redaction_is_a_span"),
            models.CheckConstraint(condition=Q(reason__in=list(REASONS)), name="redaction_reason_listed"),
            models.CheckConstraint(
                condition=Q(decision="", decided_by=None) | Q(decision__in=["hide", "keep"], decided_by__isnull=False),
                name="redaction_decided_by_somebody",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.publication_id} {self.section}:{self.paragraph}"


class PlainSummary(models.Model):
    """What a decision says in plain words, in one language: a paragraph a line, its figures as {names} and never typed.

    edited_by: null, as it was generated. reviewed_by: who read it over in its language; null, it says that nobody did.
    """

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="summaries")
    lang = models.CharField(max_length=2)
    decided = models.TextField()
    why = models.TextField(blank=True)
    after = models.TextField(blank=True)
    edited_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "plain summaries"
        constraints = [
            models.UniqueConstraint(fields=["publication", "lang"], name="summary_language"),
            models.CheckConstraint(condition=Q(lang__in=["fr", "en", "bm"]), name="summary_language_listed"),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.lang}"


ONCE = (
    "ruling_id", "version", "why", "withdraws", "salt", "full_digest", "public_digest", "pdf", "xml", "proposed_by_id",
    "decided_by_id", "published_at",
)  # fmt: skip
CHANGED = " or ".join(f'new."{c}" is distinct from old."{c}"' for c in ONCE)


def state_of(side: str) -> str:
    return f"(select p.state from disputes_publication p where p.id = {side}.publication_id)"


def frozen(table: str, until: str) -> tuple[Limit, ...]:
    """Rows of a version that are written while it is prepared, and never after it was submitted."""
    reads = ("disputes_publication",)
    says = "DIS-851 what was submitted is not changed"
    return (
        Limit(table, "prepared", "insert", f"{state_of('new')} <> 'draft'", says, reads),
        Limit(table, "decided", "update", f"{state_of('new')} not in ({until})", says, reads),
        Limit(table, "kept", "delete", f"{state_of('old')} <> 'draft'", says, reads),
    )


declare(
    Limit("disputes_publication", "once", f"update of {', '.join(ONCE)}",
          f"old.state not in ('draft', 'proposed') and ({CHANGED})", "DIS-851 a published text is kept as it was published"),
    Limit("disputes_publication", "kept", "delete", "old.state <> 'draft'", "DIS-851 a published text is kept"),
    *frozen("disputes_redaction", "'draft'"),
    *frozen("disputes_plainsummary", "'draft', 'proposed'"),
)  # fmt: skip
