"""Storing a checked file: one transaction, everything or nothing; two persons where anything is public."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from kalata import lifecycle, states
from kalata.country import freezing
from kalata.country.models import Contest, Option, Unit
from kalata.ledger.services import record
from kalata.people import queries as people_queries
from kalata.people.models import Approval, Person
from kalata.people.services import approvable, ask_approval
from kalata.refusals import Forbidden, Refused
from kalata.results import import_limits, kinds, papers
from kalata.results.models import Import, StationReport
from kalata.results.numeric import reading
from kalata.results.numeric.station_keys import SEP
from kalata.results.queries import differences, pictures, published
from kalata.results.rules.imports import IMPORT, RIGHT, State
from kalata.results.rules.imports import TwoPersons as TwoPersons
from kalata.results.services import announcing, authority, importing
from kalata.results.services import contests as services
from kalata.results.services.importing import (
    Plan,
    WrongState,
    as_ruled,
    prepare,
    progress,
    progress_path,
    require_somewhere,
    tried,
)
from kalata.results.services.registering import create_stations
from kalata.text import gettext_noop as _


class OutsideTerritory(Refused):
    code = "IMP-303"
    says = _("Le bureau « %(station)s » (ligne %(row)d) est hors de votre territoire.")
    remedy = _("Importez seulement les bureaux de votre zone, ou demandez au superviseur national.")
    status = 403


class StaleDryRun(Refused):
    code = "IMP-305"
    says = _("Depuis l’essai à blanc, ce que ce fichier changerait n’est plus la différence montrée.")
    remedy = _("Refaites l’essai à blanc et relisez-le. Rien n’a été enregistré.")


class RegisterByTwo(TwoPersons):
    """Stations added to a register whose papers are already being counted: each is a paper more to expect, and votes."""

    code = "IMP-311"
    says = _(
        "Les procès-verbaux de ce scrutin sont déjà saisis : y ajouter %(n)d {n:bureau|bureaux} demande une seconde personne."
    )
    remedy = _("Demandez l’approbation depuis la page de l’import. Rien n’a été enregistré.")


# --- commit ------------------------------------------------------------------------------
def was_public(contest: Contest) -> bool:
    """True where anything of the contest is public, or has been: what was withdrawn stays in the public log."""
    return published.first_public(contest) is not None


def needs_two(one: Import) -> bool:
    """True where the file changes what a record is worth, or anything at all while something is or was public."""
    counts = (one.report or {}).get("counts", {})
    if import_limits.changes_standing(one.report) or (counts.get("created") and register_in_use(one.contest)):
        return True
    return any(counts.get(k) for k in ("new", "changed", "created")) and was_public(one.contest)


def register_in_use(contest: Contest) -> bool:
    """True where a contest is counted from its papers and has figures of them."""
    return papers.followed_by().exist(contest) and freezing.freeze_of(contest) is not None


def ask_or_commit(*, one: Import, reason: str, by: Person) -> Import | Approval:
    """Commit, or ask a second person where anything of the contest is public."""
    require_somewhere(by, one.contest)
    if one.state != State.CHECKED:
        raise WrongState(state=one.state)
    one.contest.refresh_from_db(fields=["published_at"])
    if needs_two(one):
        return ask(one=one, reason=reason, by=by)
    one.reason = reason
    one.save(update_fields=["reason"])
    return commit(one, by=by)


def send(one: Import, reason: str, by: Person) -> None:
    """Leave the storing of a checked file to the worker, in the name of this person."""
    states.write(
        one, IMPORT, State.COMMITTING, lifecycle.Act(by=by.pk, right=RIGHT), reason=reason,
        tells=lambda: record(
            by=by, kind=kinds.IMPORT_SENT, subject=f"import:{one.pk}", reason=reason, after={"difference": one.difference}
        ),
    )  # fmt: skip


@transaction.atomic
def ask(*, one: Import, reason: str, by: Person) -> Approval:
    """Ask a second person to store exactly the difference that the dry run showed."""
    if people_queries.reach(by, "results.import", contest=one.contest_id) != [()]:
        check_reach(prepare(one), by)
    counts = (one.report or {}).get("counts", {})
    n = sum(counts.get(k, 0) for k in ("new", "changed")) or counts.get("created", 0)
    return states.write(
        one, IMPORT, State.WAITING, lifecycle.Act(by=by.pk, right=RIGHT),
        tells=lambda: ask_approval(
            kind="results.correction",
            subject=f"import:{one.pk}",
            summary=f"{n} bureaux changent — {one.contest.name_fr} ({one.name})",
            payload={"import": one.pk, "sha256": one.sha256, "difference": one.difference},
            reason=reason,
            by=by,
            contest=one.contest_id,
        ),
    )  # fmt: skip


def let_go(approval: Approval) -> None:
    """A request refused or withdrawn: the file is where the dry run left it."""
    one = Import.objects.get(pk=approval.payload["import"])
    if one.state == State.WAITING:
        states.derive(one, IMPORT, State.CHECKED)


def ask_again(old: Approval, by: Person) -> Approval:
    """The same file over the records as they are now: a new dry run, a new difference."""
    one = importing.dry_run(Import.objects.select_related("contest").get(pk=old.payload["import"]))
    if one.state != State.CHECKED:
        raise StaleDryRun
    return ask(one=one, reason=old.reason, by=by)


def may_bring(approval: Approval, by: Person) -> None:
    """Who brings a file holds the right somewhere; `commit` asks it of every station."""
    require_somewhere(by, Contest.objects.get(pk=approval.payload["scope"]["contest"]))


@approvable(
    "results.correction", "results.publish", pictures.of_import, title=_("Enregistrement d’un fichier sur des chiffres publics"),
    about="import contest", let_go=let_go, again=ask_again, asks=may_bring,
)  # fmt: skip
def corrected(approval: Approval, by: Person) -> None:
    one = Import.objects.select_related("contest").get(pk=approval.payload["import"])
    if (one.state, one.sha256, one.difference) != (
        State.WAITING,
        approval.payload["sha256"],
        approval.payload["difference"],
    ):
        raise StaleDryRun
    one.reason = approval.reason
    commit(one, by=approval.asked_by, approval=approval)


def commit(one: Import, *, by: Person | None, approval: Approval | None = None) -> Import:
    """Store a checked file: everything in one transaction, or nothing.

    What is written is the difference that was shown, to the byte (IMP-305); where anything of the contest is
    public, only an approved request stores it (IMP-306).
    """
    second = approval.decided_by_id if approval else None
    act = lifecycle.Act(by=by.pk if by else 0, right=RIGHT, other=second)
    lifecycle.apply(IMPORT, as_ruled(one), State.COMMITTED, act)
    try:
        with transaction.atomic():
            one.contest = (
                Contest.objects.select_for_update(of=("self",)).select_related("election").get(pk=one.contest_id)
            )
            plan = prepare(one, one.by)
            if plan.problem_count:
                raise reading.BadFile(plan.problems, plan.problem_count, one.name)
            if by is not None:
                check_reach(plan, by)
            if not import_limits.sets_up(by, plan) and import_limits.setup_given(plan):
                raise Forbidden(right="results.setup")
            if differences.digest_of(plan) != one.difference:
                raise StaleDryRun
            if approval is None and (plan.todo or plan.fresh) and was_public(one.contest):
                raise TwoPersons
            if approval is None and (alone := import_limits.by_two(plan)):
                raise alone
            if approval is None and plan.fresh and register_in_use(one.contest):
                raise RegisterByTwo(n=len(plan.fresh))
            report = plan.report()  # before anything is written: it speaks of what this file adds to what was there
            write(plan, approval)
            if plan.counts["new"] or plan.counts["changed"] or plan.counts["created"]:
                services.changed(one.contest)
                touched = [plan.stations[SEP.join(plan.table.keys[i])][0] for i, _version in plan.todo]
                announcing.tell(one.contest, touched, order_of(one, approval))
            states.write(
                one, IMPORT, State.COMMITTED, act, report=report, committed_at=timezone.now(), reason=one.reason,
                tells=lambda: committed(one, plan, by),
            )  # fmt: skip
    except Refused as refused:
        if approval is None:  # a request keeps its file as it was: the whole transaction is undone
            refused_file(one, refused)
        raise
    finally:
        progress_path(one).unlink(missing_ok=True)
    return one


def committed(one: Import, plan: Plan, by: Person | None) -> Model:
    """The act of the ledger that tells that a file was stored."""
    after = {
        "contest": one.contest.code, "file": one.name, "sha256": one.sha256, "difference": one.difference,
        "written": one.written, **plan.counts,
    }  # fmt: skip
    return record(
        by=by,
        kind=kinds.IMPORT_COMMITTED,
        rows=[one, one.contest, one.contest.options.all(), StationReport.objects.filter(source=one)],
        subject=f"import:{one.pk}",
        reason=one.reason,
        after=after,
    )


def order_of(one: Import, approval: Approval | None) -> announcing.Order:
    return announcing.Order(approval=approval.pk if approval else 0, words=one.reason)


def refused_file(one: Import, refused: Refused) -> None:
    problems = [p.record() for p in getattr(refused, "problems", [])]
    one.refresh_from_db(fields=["state"])
    if (State(one.state), State.REFUSED) in IMPORT.moves:
        tried(one, State.REFUSED, {"refusal": refused.record(), "problems": problems, "problem_count": 1})


def check_reach(plan: Plan, by: Person) -> None:
    """Every station of the file lies in the territory of the person who brings it."""
    spots = people_queries.reach(by, "results.import", contest=plan.contest.pk)
    if spots == [()]:
        return
    above = dict(Unit.objects.filter(geography_id=plan.contest.election.geography_id).values_list("pk", "parent_id"))
    allowed = {spot[-1] for spot in spots}
    for i, key in enumerate(plan.table.keys):
        step = plan.stations.get(SEP.join(key), (0, None))[1] or plan.units[int(plan.table.area[i])]
        while step is not None and step not in allowed:
            step = above.get(step)
        if step is None:
            raise OutsideTerritory(station=SEP.join(key), row=int(plan.table.rows[i]))


def write(plan: Plan, approval: Approval | None) -> None:
    contest, one = plan.contest, plan.one
    if not contest.boxes and plan.boxes:
        contest.boxes = plan.boxes
        contest.save(update_fields=["boxes"])
    if plan.new_options:
        Option.objects.bulk_create(
            Option(contest=contest, rank=r, code=n, name=n) for r, n in enumerate(plan.new_options, 1)
        )
    if plan.counts["created"]:
        create_stations(plan)
    codes = [SEP.join(k) for k in plan.table.keys]
    order = sorted(plan.todo, key=lambda t: codes[t[0]])
    rows = [
        authority.Version(plan.stations[codes[i]][0], int(plan.table.standing[i]), plan.blobs[i], version)
        for i, version in order
    ]
    one.written = authority.digest_of(
        (codes[i], v + 1, r.standing, r.sheet) for (i, v), r in zip(order, rows, strict=True)
    )
    one.save(update_fields=["written"])
    for start in range(0, len(rows), authority.SLICE):
        part = rows[start : start + authority.SLICE]
        authority.write(contest=contest, rows=part, authority=authority.by_import(one, approval), reason=one.reason)
        progress(one, "write", start, len(rows))
