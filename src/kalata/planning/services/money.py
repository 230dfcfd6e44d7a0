"""Promises of money and what became of them; a chart of accounts; who funds a plan. Every sum has its paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from kalata import states
from kalata.ledger.services import record
from kalata.lifecycle import Act, Stand
from kalata.people.guard import require
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown
from kalata.planning import kinds
from kalata.planning.models import Account, Funder, Imputation, Movement, Plan, Pledge
from kalata.planning.queries import money as queries
from kalata.planning.rules.account_files import accounts_of, imputations_of
from kalata.planning.rules.money_steps import PLEDGE, Pledged, sums_of
from kalata.planning.rules.refusals import (
    AboveStage,
    AccountUsed,
    BadPoolName,
    NoSuchLine,
    NoSuchThing,
    NotThisStage,
    NotYetPassed,
    TakenBack,
)
from kalata.planning.rules.rights import MONEY
from kalata.text import gettext_noop as _

CODE = re.compile(r"[^\W_][\w.-]{0,39}")
AFTER = {
    "agreed": (Pledged.ANNOUNCED,), "called": (Pledged.AGREED, Pledged.CALLED, Pledged.RECEIVED),
    "received": (Pledged.CALLED, Pledged.RECEIVED),
}  # fmt: skip
"""Where a promise may stand for each movement."""


def locked(plan: Plan) -> Plan:
    """Every act on the money of a plan, one after the other: sums are asked and written under the same lock."""
    return Plan.objects.select_for_update().get(pk=plan.pk)


# --- who funds --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Described:
    name: str
    kind: str
    word: str = ""
    readers: Sequence[str] = ()
    """User names of those who read this funder's own money."""


@transaction.atomic
def keep_funder(*, plan: Plan, code: str, said: Described, by: Person, seen: str | None = None) -> Funder:
    """Describe a funder, new or not. Raises: PEO-101, PEO-212, PLN-230, PLN-239 an unknown account."""
    require(by, MONEY)
    one = locked(plan)
    as_shown(seen, queries.funders_mark(one), _("les bailleurs du plan"))
    if not CODE.fullmatch(code):
        raise BadPoolName(value=code[:40])
    old = one.funders.filter(code=code).first()
    was = told(old) if old else None
    made, _new = Funder.objects.update_or_create(plan=one, code=code, defaults={"name": said.name, "kind": said.kind, "word": said.word})  # fmt: skip
    people = {p.username: p for p in Person.objects.filter(username__in=said.readers)}
    for name in said.readers:
        if name not in people:
            raise NoSuchThing(value=name[:60])
    made.readers.set(people.values())
    record(by=by, kind=kinds.FUNDER_KEPT, subject=f"plan:{one.code}", after={"funder": code, "was": was, "now": told(made)})  # fmt: skip
    return made


def told(one: Funder) -> dict[str, object]:
    names = sorted(one.readers.values_list("username", flat=True))
    return {"name": one.name, "kind": one.kind, "word": one.word, "readers": names}


# --- promises ---------------------------------------------------------------------------------------
@transaction.atomic
def pledge(
    *, funder: Funder, label: str, amount: int, on: date, expected: date | None, document: str, by: Person
) -> Pledge:
    """A promise as it was announced: it pays nothing."""
    require(by, MONEY)
    locked(funder.plan)
    passed(on, label)
    made = Pledge.objects.create(funder=funder, label=label, announced=amount, on=on, expected=expected, document=document, by=by, **states.born(PLEDGE, Pledged.ANNOUNCED))  # fmt: skip
    after = {"pledge": made.pk, "funder": funder.code, "amount": amount, "on": on.isoformat(), "document": document}
    record(by=by, kind=kinds.PLEDGED, subject=f"plan:{funder.plan.code}", after=after)
    return made


def passed(on: date, what: str) -> None:
    if on > timezone.localdate():
        raise NotYetPassed(value=what[:60])


def held(one: Pledge, seen: str | None) -> Pledge:
    found = Pledge.objects.select_for_update(of=("self",)).select_related("funder__plan").get(pk=one.pk)
    locked(found.funder.plan)
    as_shown(seen, queries.pledge_mark(found), _("cette promesse"))
    return found


@transaction.atomic
def move(
    *, pledge: Pledge, stage: str, amount: int, on: date, document: str, by: Person, seen: str | None = None
) -> Movement:
    """Money agreed, called or received. seen: `queries.pledge_mark` of the page that was read.

    Raises: PEO-101, PEO-212, PLN-218 a day to come, PLN-235 more than what comes before, PLN-236, LIF-102 no paper.
    """
    require(by, MONEY)
    one = held(pledge, seen)
    passed(on, one.label)
    state = Pledged(one.state)
    if state not in AFTER.get(stage, ()):
        raise NotThisStage(state=PLEDGE.labels[state])
    sums = sums_of(one.movements.values_list("stage", "amount"))
    limit = {
        "agreed": amount,
        "called": sums["agreed"] - sums["called"],
        "received": sums["called"] - sums["received"],
    }[stage]
    if amount > limit:
        raise AboveStage(amount=amount, limit=limit)
    to = Pledged(stage)
    if to is not state:
        step(one, to, by, document=document)
    made = Movement.objects.create(pledge=one, stage=stage, on=on, amount=amount, document=document, by=by)
    moved(one, made, by)
    return made


def step(one: Pledge, to: Pledged, by: Person, *, document: str = "", reason: str = "") -> None:
    after = {"pledge": one.pk, "from": one.state, "to": to.value}
    states.write(
        one, PLEDGE, to, Act(by=by.pk, right=MONEY, document=document, reason=reason), stand=Stand(state=Pledged(one.state)),
        tells=lambda: record(by=by, kind=kinds.PLEDGE_MOVED, subject=f"plan:{one.funder.plan.code}", after=after, reason=reason),
    )  # fmt: skip


def moved(one: Pledge, made: Movement, by: Person, reason: str = "") -> None:
    after = {"pledge": one.pk, "movement": made.pk, "stage": made.stage, "amount": made.amount, "on": made.on.isoformat(), "document": made.document, "corrects": made.corrects_id}  # fmt: skip
    record(by=by, kind=kinds.MONEY_MOVED, subject=f"plan:{one.funder.plan.code}", after=after, reason=reason)


@transaction.atomic
def take_back(*, movement: Movement, reason: str, document: str, by: Person, seen: str | None = None) -> Movement:
    """Take a wrong movement back by its opposite; both stay. PLN-237 where what follows rests on it."""
    require(by, MONEY)
    one = held(movement.pledge, seen)
    if movement.corrects_id or Movement.objects.filter(corrects=movement).exists() or one.state == Pledged.CLOSED:
        raise TakenBack
    sums = sums_of(one.movements.values_list("stage", "amount"))
    sums[movement.stage] -= movement.amount
    free = queries.received(one.funder) - (movement.amount if movement.stage == "received" else 0)
    if not sums["received"] <= sums["called"] <= sums["agreed"] or free < queries.spent(one.funder):
        raise TakenBack
    made = Movement.objects.create(
        pledge=one, stage=movement.stage, on=timezone.localdate(), amount=-movement.amount, document=document, reason=reason,
        corrects=movement, by=by,
    )  # fmt: skip
    moved(one, made, by, reason)
    return made


@transaction.atomic
def close(*, pledge: Pledge, reason: str, by: Person, seen: str | None = None) -> Pledge:
    """Nothing more will come of it; what came stays."""
    require(by, MONEY)
    one = held(pledge, seen)
    step(one, Pledged.CLOSED, by, reason=reason)
    return one


# --- accounts ---------------------------------------------------------------------------------------
@transaction.atomic
def keep_account(*, plan: Plan, code: str, label: str, parent: str, by: Person, seen: str | None = None) -> Account:
    """One account of the chart. PLN-238 where it would be inside itself, PLN-239 an unknown parent."""
    require(by, MONEY)
    one = charted(plan, seen)
    if not CODE.fullmatch(code):
        raise BadPoolName(value=code[:40])
    known = dict(one.accounts.values_list("code", "parent"))
    if parent and parent not in known:
        raise NoSuchThing(value=parent[:40])
    above, at = {code}, parent
    while at:
        if at in above:
            raise AccountUsed(value=code)
        above.add(at)
        at = known.get(at, "")
    old = one.accounts.filter(code=code).values_list("label", "parent").first()
    made, _new = Account.objects.update_or_create(plan=one, code=code, defaults={"label": label, "parent": parent})
    charted_as(one, f"account {code}", old, [label, parent], by)
    return made


def charted(plan: Plan, seen: str | None) -> Plan:
    one = locked(plan)
    as_shown(seen, queries.accounts_mark(one), _("le plan de comptes"))
    return one


def charted_as(plan: Plan, what: str, was: object, now: object, by: Person) -> None:
    record(by=by, kind=kinds.ACCOUNTS_KEPT, subject=f"plan:{plan.code}", after={"what": what, "was": was, "now": now})


@transaction.atomic
def drop_account(*, plan: Plan, code: str, by: Person, seen: str | None = None) -> None:
    require(by, MONEY)
    one = charted(plan, seen)
    row = one.accounts.filter(code=code).first()
    if row is None:
        raise NoSuchThing(value=code[:40])
    if row.imputations.exists() or one.accounts.filter(parent=code).exists():
        raise AccountUsed(value=code)
    row.delete()
    charted_as(one, f"account {code}", [row.label, row.parent], None, by)


@transaction.atomic
def impute(*, plan: Plan, lines: Sequence[str], account: str, by: Person, seen: str | None = None) -> int:
    """Book lines of the approved version to an account. Raises: PLN-232 no such line, PLN-239."""
    require(by, MONEY)
    one = charted(plan, seen)
    row = one.accounts.filter(code=account).first()
    if row is None:
        raise NoSuchThing(value=account[:40])
    book(one, dict.fromkeys(lines, row), by)
    return len(lines)


def book(plan: Plan, rows: dict[str, Account], by: Person) -> None:
    till = queries.till(plan)
    for line in rows:
        if till.line(line) is None:
            raise NoSuchLine(value=line[:64])
    was = dict(plan.imputations.filter(line__in=rows).values_list("line", "account__code"))
    for line, account in rows.items():
        Imputation.objects.update_or_create(plan=plan, line=line, defaults={"account": account})
    charted_as(plan, "imputation", was, {line: a.code for line, a in rows.items()}, by)


@transaction.atomic
def import_accounts(*, plan: Plan, text: str, by: Person, seen: str | None = None) -> int:
    """Every account of a table (code, label, parent), each after its parent. PLN-108, PLN-110 by row."""
    require(by, MONEY)
    one = charted(plan, seen)
    rows = accounts_of(text)
    for code, label, parent in rows:
        keep_account(plan=one, code=code, label=label, parent=parent, by=by)
    return len(rows)


@transaction.atomic
def import_imputations(*, plan: Plan, text: str, by: Person, seen: str | None = None) -> int:
    """Every line of a table (line, account), or none and what stops it."""
    require(by, MONEY)
    one = charted(plan, seen)
    known = {a.code: a for a in one.accounts.all()}
    rows = imputations_of(text)
    for _line, account in rows:
        if account not in known:
            raise NoSuchThing(value=account[:40])
    book(one, {line: known[account] for line, account in rows}, by)
    return len(rows)
