"""The collation commission at work: sittings with their minutes, validation in bulk, recaps compared with the reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kalata import lifecycle, states
from kalata.country.models import Contest, Unit
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.people.rules.shown import as_shown, mark
from kalata.people.services import require
from kalata.refusals import Refused
from kalata.results.models import StationReport
from kalata.results.queries.store import sheet_of
from kalata.results.rules.boxes import MARKS, Sheet, Standing
from kalata.results.rules.sheets import fits, lines_of
from kalata.results.territory import EVERYWHERE, Reach, inside, path_of
from kalata.tally import kinds
from kalata.tally.models import Attendance, Explained, Member, Minute, Paper, Recap, Sitting
from kalata.tally.rules.hands import Part
from kalata.tally.rules.lifecycle import NotYou, State
from kalata.tally.rules.sittings import NEXT as NEXT
from kalata.tally.rules.sittings import RECAP_OR_SUMS, RIGHT, SITTING, NoChange, Seated
from kalata.tally.rules.sittings import NoRecap as NoRecap
from kalata.tally.rules.sittings import NotOpen as NotOpen
from kalata.tally.rules.sittings import State as Stage
from kalata.tally.rules.sittings import Unexplained as Unexplained
from kalata.tally.rules.sittings import Unsigned as Unsigned
from kalata.tally.services import hands
from kalata.tally.services import reports as tally
from kalata.tally.services.quorum import STATES as STATES
from kalata.tally.services.quorum import NoQuorum as NoQuorum
from kalata.tally.services.quorum import NotNoted as NotNoted
from kalata.tally.services.quorum import TooFew as TooFew
from kalata.tally.services.quorum import as_ruled, deliberating, least, seated, stated
from kalata.text import gettext_noop as _

SIGNATURES = {"": _("pas encore"), "signed": _("a signé"), "refused": _("a refusé de signer"), "absent": _("absent")}
KINDS = {
    "opened": _("ouverture"),
    "suspended": _("suspension"),
    "resumed": _("reprise"),
    "closed": _("clôture"),
    "present": _("présence notée"),
    "decision": _("décision"),
    "reservation": _("réserve"),
    "finding": _("constat"),
    "recap": _("récapitulatif"),
    "validated": _("validation"),
}


class BadSitting(Refused):
    code = "RES-462"
    says = _("La séance ne peut pas être enregistrée : %(why)s.")
    remedy = _("Corrigez et recommencez. Rien n’a été enregistré.")
    status = 422


class LowQuorum(BadSitting):
    code = "RES-473"
    says = _(
        "Le quorum va de %(least)d {least:membre|membres} (texte : %(source)s ; jamais moins de deux personnes) à %(seats)d {seats:siège|sièges}."
    )
    remedy = _("Corrigez le quorum ou la liste des membres. Rien n’a été enregistré.")


class NothingToSign(Refused):
    code = "RES-475"
    says = _("Aucun récapitulatif n’est saisi dans cette séance : rien n’est encore à signer, ni à refuser.")
    remedy = _("Tapez d’abord le récapitulatif ; chaque signature est liée à l’empreinte de celui qui est signé.")


@transaction.atomic
def convene(
    *, contest: Contest, unit: Unit | None, title: str, quorum: int, members: str, by: Person, purpose: str = ""
) -> Sitting:
    """Call a sitting. members: one a line, "name ; body", the chair first.

    Raises: RES-462 no title, no member; RES-473 a quorum below the law's and the floor, or above the seats.
    """
    require(by, "results.commission", place=path_of(unit), contest=contest.pk)
    lines = [[p.strip() for p in line.split(";", 1)] for line in members.splitlines() if line.strip()]
    if not title.strip() or not lines:
        raise BadSitting(why=_("il faut un intitulé et au moins un membre"))
    if not least(contest) <= quorum <= len(lines):
        raise LowQuorum(least=least(contest), seats=len(lines), source=stated(contest)[1] or "–")
    sitting = Sitting.objects.create(
        contest=contest, unit=unit, title=title.strip()[:200], quorum=quorum, purpose=purpose.strip()[:400], by=by,
        at=timezone.now(),
    )  # fmt: skip
    Member.objects.bulk_create(
        Member(sitting=sitting, name=line[0][:120], body=(line[1] if len(line) > 1 else "")[:120], chair=i == 0)
        for i, line in enumerate(lines)
    )
    record(
        by=by, kind=kinds.SITTING_CONVENED, subject=subject(sitting), after={"members": len(lines), "quorum": quorum}
    )
    return sitting


def subject(sitting: Sitting) -> str:
    return f"sitting:{sitting.contest.code}/{sitting.pk}"


def locked(sitting_id: int, by: Person) -> Sitting:
    found = Sitting.objects.select_for_update(of=("self",)).select_related("contest__election__pack", "unit")
    sitting = found.defer(*tally.HEAVY).get(pk=sitting_id)
    require(by, "results.commission", place=path_of(sitting.unit), contest=sitting.contest_id)
    return sitting


def write(
    sitting: Sitting, kind: str, text: str, by: Person, votes: Sequence[int | None] = (None, None, None)
) -> Minute:
    row = Minute.objects.create(
        sitting=sitting, kind=kind, text=text, by=by, at=timezone.now(),
        votes_for=votes[0], votes_against=votes[1], abstained=votes[2],
    )  # fmt: skip
    record(by=by, kind=kinds.SITTINGS[kind], subject=subject(sitting), after={"text": text[:400], "votes": list(votes)})
    return row


@transaction.atomic
def note_members(
    *, sitting_id: int, values: Mapping[int, Mapping[str, Any]], by: Person, seen: str | None = None
) -> None:
    """Presence, signature and reservations of members: {member id: {present, signature, reservation}}.

    A refusal to sign is noted and never blocks. Both are of the recap typed last and fall when it is typed again.

    Raises: RES-475 no recap is typed; PEO-212 another one than on the page. seen: its hash there, "" for none.
    """
    sitting = locked(sitting_id, by)
    if sitting.state == Stage.CLOSED:
        raise NotOpen(state=STATES[sitting.state])
    recap = hash_of(sitting)
    for member in sitting.members.all():
        given = values.get(member.pk)
        if given is None:
            continue
        before = stands(sitting, member, recap)
        signature = str(given.get("signature", before))
        if signature not in SIGNATURES:
            raise BadSitting(why=signature)
        words = str(given.get("reservation", member.reservation)).strip()
        if words and words != member.reservation:
            write(sitting, "reservation", f"{member.name} : « {words} »", by)
        if signature != before:
            if signature in SIGNED:
                as_shown(seen, recap, _("le récapitulatif à signer"))
                if not recap:
                    raise NothingToSign
            member.signature, member.signed_on = signature, recap if signature in SIGNED else None
            on = f" ; {recap[:12]}…" if member.signed_on else ""
            write(sitting, "finding", f"{member.name} : {signature or '–'}{on}", by)
        present = bool(given.get("present"))
        if present != member.present and sitting.opened_at is not None:
            write(sitting, "present", f"{member.name} : {'présent' if present else 'absent'}", by)
        member.present, member.reservation = present, words
        member.save(update_fields=["present", "signature", "signed_on", "reservation"])


SIGNED = frozenset({"signed", "refused"})


def hash_of(sitting: Sitting) -> str:
    """The hash of the recap typed last, which signatures are bound to; empty where there is none."""
    recap = sitting.recaps.last()
    return recap.sha256 or "" if recap else ""


def stands(sitting: Sitting, member: Member, recap: str) -> str:
    """How a member has signed the recap of this hash; empty where what was noted is of another one, and void.

    A sitting closed before signatures were bound keeps them as they were noted.
    """
    if member.signature not in SIGNED or (sitting.state == Stage.CLOSED and member.signed_on is None):
        return member.signature
    return member.signature if recap and member.signed_on == recap else ""


def voids(sitting: Sitting) -> list[Member]:
    """Members whose signature, or refusal, was of a recap that has been typed again since."""
    recap = hash_of(sitting)
    return [m for m in sitting.members.all() if m.signature in SIGNED and not stands(sitting, m, recap)]


def page_mark(sitting: Sitting) -> str:
    """The mark of the page of a sitting: its recap and where it differs from the reports."""
    return mark(sitting.pk, hash_of(sitting), {k: [a, b] for k, (a, b, _said) in gaps(sitting).items()})


@transaction.atomic
def attend(*, sitting_id: int, by: Person) -> None:
    """Note one's own presence, from one's own account. RES-460 where the sitting is closed. Once is enough."""
    sitting = locked(sitting_id, by)
    if sitting.state == Stage.CLOSED:
        raise NotOpen(state=STATES[sitting.state])
    _row, made = Attendance.objects.get_or_create(sitting=sitting, person=by, defaults={"at": timezone.now()})
    if made:
        write(sitting, "present", by.username, by)


@transaction.atomic
def change(*, sitting_id: int, to: str, by: Person, text: str = "", seen: str | None = None) -> Sitting:
    """Open, suspend, resume or close. RES-461, RES-469 below the quorum, RES-463 not from here.

    To close: the recap is typed (RES-466), each member present has signed or refused (RES-467), and each line
    that differs from the sum of the reports is explained in the minutes (RES-468). The national one alike.
    seen: the mark of the page on which it is closed (PEO-212).
    """
    sitting = locked(sitting_id, by)
    start = Stage(sitting.state)
    if to not in NEXT[start]:
        raise NoChange(start=STATES[start], to=STATES.get(to, to[:12]))
    one, now = ready(sitting) if to == Stage.CLOSED else as_ruled(sitting), timezone.now()
    when = {Stage.CLOSED: {"closed_at": now}, Stage.OPEN: {} if sitting.opened_at else {"opened_at": now}}
    kind = {Stage.OPEN: "resumed" if start is Stage.SUSPENDED else "opened"}.get(Stage(to), to)
    names = ", ".join(p.username for p in seated(sitting))
    words = text.strip() or f"{one.present} membres présents ; {names}"
    states.write(
        sitting, SITTING, Stage(to), lifecycle.Act(by=by.pk, right=RIGHT, seen=seen if to == Stage.CLOSED else None),
        stand=one, tells=lambda: write(sitting, kind, words, by), **when.get(Stage(to), {}),
    )  # fmt: skip
    return sitting


@transaction.atomic
def decide(*, sitting_id: int, text: str, votes: Sequence[int | None], by: Person) -> Minute:
    """A decision with its vote. RES-460 where the sitting is not open."""
    sitting = locked(sitting_id, by)
    deliberating(sitting, by)
    if not text.strip():
        raise BadSitting(why=_("le texte de la décision"))
    return write(sitting, "decision", text.strip(), by, votes)


def checked(contest: Contest, unit: Unit | None, by: Person | None = None) -> QuerySet[Paper]:
    """Reports that wait for the commission, in its territory; by: those that this person may validate."""
    found = Paper.objects.filter(inside(unit), contest=contest, state=State.CHECKED)
    if by is not None:
        found = hands.free_for(found, contest, by, Part.COMMISSION)
    return found.order_by("since", "pk")


@transaction.atomic
def validate_all(*, sitting_id: int, papers: Mapping[int, str], by: Person) -> tuple[int, int]:
    """Validate the reports the commission has before its eyes: {paper id: the hash it showed}.

    A report that changed meanwhile, or that this person has had in hand, is left out.
    Returns (validated, left out). RES-460 where the sitting is not open.
    """
    sitting = locked(sitting_id, by)
    deliberating(sitting, by)
    done, left = [], 0
    waiting = dict(checked(sitting.contest, sitting.unit).values_list("pk", "last_hash"))
    for pk, seen in papers.items():
        if waiting.get(pk) != seen:
            left += 1
            continue
        try:
            done.append(tally.validate(paper_id=pk, by=by, sitting_id=sitting.pk).station.code)
        except NotYou:
            left += 1
    if done:
        write(sitting, "validated", f"{len(done)} : {', '.join(done)}", by)
    return len(done), left


# --- recaps -----------------------------------------------------------------------------------
def summed(contest: Contest, unit: Unit | None) -> tuple[dict[str, int], int, int]:
    """(line -> sum over the counted reports of a territory, stations counted, stations of the territory)."""
    boxes = tally.boxes_of(contest)
    rows = StationReport.objects.filter(inside(unit), contest=contest, current=True, standing=Standing.COUNTED)
    keys = [*(b.value for b in boxes), *(f"c{i}" for i in range(1, contest.options.count() + 1))]
    total = dict.fromkeys(keys, 0)
    count = 0
    for blob in rows.values_list("sheet", flat=True).iterator(chunk_size=2_000):
        count += 1
        for key, value in lines_of(sheet_of(blob, boxes)).items():
            total[key] += value or 0
    every = contest.stations.filter(inside(unit, "unit")).count()
    return total, count, every


def by_part(contest: Contest, reach: Reach = EVERYWHERE) -> list[tuple[str, dict[str, int], int]]:
    """E16: the sums of each part of the contest (part, line -> sum, stations) within these territories."""
    boxes = tally.boxes_of(contest)
    out: dict[str, tuple[dict[str, int], int]] = {}
    rows = StationReport.objects.filter(reach.on(), contest=contest, current=True, standing=Standing.COUNTED)
    for part, blob in rows.values_list("station__part", "sheet").iterator(chunk_size=2_000):
        total, n = out.get(part, ({}, 0))
        for key, value in lines_of(sheet_of(blob, boxes)).items():
            total[key] = total.get(key, 0) + (value or 0)
        out[part] = (total, n + 1)
    return [(part, *found) for part, found in sorted(out.items())]


def apart_of(sitting: Sitting, sheet: Sheet, stations: int) -> tuple[dict[str, list[int | None]], int]:
    """({line: [on the recap, sum of the reports]} of the lines that differ now, stations counted)."""
    total, counted, _every = summed(sitting.contest, sitting.unit)
    marks = {m.value for m in MARKS}
    apart: dict[str, list[int | None]] = {
        line: [value, total.get(line, 0)]
        for line, value in lines_of(sheet).items()
        if line not in marks and value != total.get(line, 0)
    }
    if stations != counted:
        apart["stations"] = [stations, counted]
    return apart, counted


def gaps(sitting: Sitting) -> dict[str, tuple[int | None, int | None, str]]:
    """line -> (on the last recap, sum of the reports now, what the minutes say of this very difference or "")."""
    recap = sitting.recaps.last()
    if recap is None:
        return {}
    sheet = sheet_of(recap.sheet, tally.boxes_of(sitting.contest))
    said = {(e.line, e.on_paper, e.summed): e.minute.text for e in sitting.explained.select_related("minute")}
    found, _counted = apart_of(sitting, sheet, recap.stations)
    return {line: (mine, sums, said.get((line, mine, sums or 0), "")) for line, (mine, sums) in found.items()}


def ready(sitting: Sitting) -> Seated:
    """The sitting as the rules see it when it closes (RES-461, RES-466 to RES-469), and what its page showed (PEO-212)."""
    return replace(
        as_ruled(sitting), recap=sitting.recaps.exists(), silent=tuple(silent(sitting)), last_hash=page_mark(sitting),
        unexplained=tuple(line for line, (_mine, _sums, said) in gaps(sitting).items() if not said),
    )  # fmt: skip


def silent(sitting: Sitting) -> list[str]:
    """Members who have neither signed nor refused the recap as it is typed now: those present, and those who had signed
    another one. To have left is no way to be forgotten: it is noted, as absent from the signature."""
    recap = hash_of(sitting)
    due = [m for m in sitting.members.all() if m.present or m.signature in SIGNED]
    return [m.name for m in due if stands(sitting, m, recap) not in SIGNED]


@transaction.atomic
def explain(
    *, sitting_id: int, lines: Sequence[str], kind: str, text: str, by: Person,
    votes: Sequence[int | None] = (None, None, None), seen: str | None = None,
) -> Minute:  # fmt: skip
    """A reservation or a decision that explains lines of the recap that differ. Another difference later is not explained.

    Raises: RES-460, RES-461 the sitting does not deliberate; RES-462 no words, no line, or a line that agrees.
    """
    sitting = locked(sitting_id, by)
    deliberating(sitting, by)
    as_shown(seen, page_mark(sitting), RECAP_OR_SUMS)
    apart = gaps(sitting)
    if kind not in ("reservation", "decision") or not text.strip():
        raise BadSitting(why=_("le texte de la réserve ou de la décision"))
    if not lines or set(lines) - set(apart):
        raise BadSitting(why=_("au moins une ligne qui diffère, et seulement de celles-là"))
    minute = write(sitting, kind, f"E15 {', '.join(lines)} : {text.strip()}", by, votes)
    Explained.objects.bulk_create(
        Explained(sitting=sitting, line=line, on_paper=apart[line][0], summed=apart[line][1] or 0, minute=minute)
        for line in dict.fromkeys(lines)
    )
    return minute


@transaction.atomic
def type_recap(*, sitting_id: int, sheet: Sheet, stations: int, by: Person, seen: str | None = None) -> Recap:
    """What the signed paper recap says, compared at once with the sum of the reports, line by line (E15).

    A difference does not stop the typing: the paper is what it is; it is kept, shown and goes into the minutes.
    What members had signed of the one before is void: they sign again. seen: the hash of that one on the page.
    """
    sitting = locked(sitting_id, by)
    deliberating(sitting, by)
    as_shown(seen, hash_of(sitting), _("le récapitulatif"))
    contest = sitting.contest
    fits(sheet, frozenset(tally.boxes_of(contest)), contest.options.count())
    apart, counted = apart_of(sitting, sheet, stations)
    blob, number = tally.blob_of(sheet, tally.boxes_of(contest)), sitting.recaps.count() + 1
    recap = Recap.objects.create(
        sitting=sitting, sheet=blob, stations=stations, counted=counted, apart=apart, revision=contest.revision, by=by,
        at=timezone.now(), sha256=mark(sitting.pk, number, stations, blob.hex()),
    )  # fmt: skip
    fallen = ", ".join(m.name for m in voids(sitting))
    said = f"{len(apart)} lignes diffèrent" if apart else "concordant"
    write(
        sitting,
        "recap",
        f"E15 : {said} ; {hash_of(sitting)[:12]}…" + (f" ; à signer de nouveau : {fallen}" if fallen else ""),
        by,
    )
    return recap
