"""Station reports in versions, and the imports that brought them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kalata.ledger.bonds import Told
from kalata.ledger.locks import AppendOnly
from kalata.results.rules.imports import IMPORT
from kalata.states import states_constraint


class Import(models.Model):
    """A file on its way in: uploaded, mapped, checked, then committed whole or refused whole.

    difference: SHA-256 of the exact difference that was shown and that is written (`results.differences`).
    written: SHA-256 of the versions it wrote (`results.authority.digest_of`).
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="imports")
    name = models.CharField(max_length=200)
    file = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    header = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    survey = models.JSONField(default=dict)  # what is seen of every column (rules.seen)
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    profile = models.JSONField(null=True)
    create = models.CharField(max_length=10, default="none")
    partial = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="uploaded")
    report = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True)
    difference = models.CharField(max_length=64, blank=True)
    written = models.CharField(max_length=64, blank=True)

    told = Told(
        "contest_id", "name", "sha256", "create", "state", "reason", "by_id", "committed_at", "difference", "written",
        again=True, when=Q(state="committed"),
    )  # fmt: skip

    class Meta:
        ordering = ["-pk"]
        constraints = [states_constraint(IMPORT)]

    def __str__(self) -> str:
        return f"{self.pk} {self.name}"


class MappingProfile(models.Model):
    """A mapping kept for the next file of the same kind. unit: the territory it serves; null: the nation."""

    name = models.CharField(max_length=120, unique=True)
    unit = models.ForeignKey("country.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    profile = models.JSONField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


AUTHORITY = """
(new.authority = 'paper' and exists (
  select 1 from results_passage g join results_paper p on p.id = g.paper_id
  where g.id = new.passage_id and g.hash = new.proof and p.station_id = new.station_id))
or (new.authority = 'import'
  and not exists (select 1 from results_paper p where p.station_id = new.station_id)
  and not exists (
    select 1 from results_stationreport o where o.station_id = new.station_id and o.version = new.version - 1
    and (o.authority = 'ruling' or (o.authority = 'decision' and o.standing <> new.standing)))
  and exists (
  select 1 from results_import i join country_contest c on c.id = i.contest_id
  where i.id = new.source_id and i.contest_id = new.contest_id and i.difference = new.proof and (
    (c.published_at is null and not exists (
      select 1 from people_approval w where w.state = 'approved'
      and w.kind in ('results.publication', 'results.batch') and w.subject = 'contest:' || c.code)
     and (new.version > 1 or new.standing <> 1)
     and not exists (
      select 1 from results_stationreport o where o.station_id = new.station_id and o.version = new.version - 1
      and (o.standing <> new.standing or o.authority = 'decision')))
    or exists (
      select 1 from people_approval a where a.id = new.approval_id and a.state = 'approved'
      and a.decided_by_id <> a.asked_by_id and a.kind = 'results.correction'
      and cast(a.payload ->> 'import' as bigint) = new.source_id))))
or (new.authority = 'ruling' and exists (
  select 1 from results_decision d join results_decisionline l on l.decision_id = d.id
  where d.contest_id = new.contest_id and d.digest = new.proof and l.station_id = new.station_id
  and l.before = new.version - 1 and l.standing = new.standing and l.sheet = new.sheet))
"""
"""What the database asks of every version: the paper's passage; the difference, approved where anything is public, where
a record changes its state or comes in annulled, and where a decision put it there, whose state it keeps; or the decision
of the Court, under its hash, on this very station, state, version and figures."""


class StationReport(models.Model):
    """One version of what a station reported. A correction is a new row; the old one stays.

    sheet: int32 little-endian, the contest's boxes then the votes in ballot order, -1 where the
    paper is empty (`results.store` packs and unpacks it; docs/decisions/0004). One current row
    per station, said by the database too.

    authority: what this version rests on. paper: the passage that made it count, which holds the hash of the
    settled figures; import: a file whose exact difference was shown, by two persons where anything is public;
    ruling: a signed decision of the Court. proof: the hash of that authority. decision: an approved act of two persons,
    earlier: written before authorities were kept; no new version can say so any more. Only `results.authority.write` makes a row, nothing changes one.
    """

    contest = models.ForeignKey("country.Contest", on_delete=models.PROTECT, related_name="+")
    station = models.ForeignKey("country.Station", on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True)
    standing = models.PositiveSmallIntegerField(default=0)
    sheet = models.BinaryField()
    authority = models.CharField(max_length=10)
    proof = models.CharField(max_length=64)
    passage_id = models.BigIntegerField(null=True, db_index=True)
    source = models.ForeignKey(Import, null=True, on_delete=models.PROTECT, related_name="+")
    approval = models.ForeignKey("people.Approval", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    told = Told(
        "contest_id", "station_id", "version", "standing", "sheet", "authority", "proof", "passage_id", "source_id",
        "approval_id", "reason", "at", station="station",
    )  # fmt: skip
    append_only = AppendOnly("RES-400", mutable=("current",), requires=("RES-310", " ".join(AUTHORITY.split())))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(authority__in=["paper", "import", "ruling", "decision", "earlier"]), name="report_authority"
            ),
            models.UniqueConstraint(fields=["station", "version"], name="report_version"),
            models.UniqueConstraint(fields=["station"], condition=Q(current=True), name="report_one_current"),
        ]
        indexes = [models.Index(fields=["contest", "current", "station"])]

    def __str__(self) -> str:
        return f"{self.station_id} v{self.version}"
