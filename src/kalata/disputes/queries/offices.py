"""Offices of first instance: who acts in which (role x body x territory), their cases, and the law of their body.

A role of the pack names its institution: held there, on a territory that covers the office, it acts in that office and in
no other body's. The rights are none of the Court's, so that neither opens the other's cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from kalata.country.models import Contest
from kalata.country.rules import lineage
from kalata.country.rules.pack import Pack
from kalata.country.rules.remedies import bodies_of
from kalata.disputes.models import FirstAside, FirstRuling, Office, Petition
from kalata.disputes.queries.law import body_of, kind_of, norms_of
from kalata.disputes.queries.recourse import pack_shown
from kalata.disputes.rules import offices as rules
from kalata.disputes.rules.offices import HEAD, KEEP, SIT
from kalata.disputes.rules.remedies import Body, Remedy
from kalata.disputes.rules.steps import RAPPORTEUR, State
from kalata.people.models import Person
from kalata.people.queries import rights_of, today
from kalata.people.rules import access

STAFF = (KEEP, SIT, HEAD)
DECISION_PAPER = "first-decision"


def bodies(pack: Pack) -> dict[str, Mapping[str, Any]]:
    """Code -> institution, of each that decides in the first place some act of the pack and is not its Court."""
    court = body_of(pack)
    found = {str(r.get("body")) for r in pack.records("norms") if r.get("about") and r.get("body")}
    return {
        code: record
        for record in pack.records("institutions")
        for code in bodies_of(record)[:1]
        if code in found and court not in bodies_of(record)
    }


def bodies_here() -> dict[str, Mapping[str, Any]]:
    """Those of the pack of this house."""
    version = pack_shown()
    return bodies(version.pack) if version else {}


def roles_of(pack: Pack, body: str) -> frozenset[str]:
    """Roles of the pack that act for a body: those of its institution."""
    mine = {str(r.get("id")) for r in pack.records("institutions") if body in bodies_of(r)}
    return frozenset(str(r["id"]) for r in pack.records("roles") if str(r.get("institution") or "") in mine)


def held(person: Any, *rights: str) -> list[tuple[str, access.Mandate]]:
    """(role, mandate) of what this person holds now of these rights; a key that carries fewer narrows them."""
    if not getattr(person, "is_authenticated", False):
        return []
    kept = rights_of(person) & set(rights)
    if not kept:
        return []
    rows = person.mandates.filter(revoked_at__isnull=True).values_list(
        "role", "rights", "contest_id", "starts", "ends", "unit_id", "unit__above"
    )
    every = [
        (role, access.Mandate(frozenset(given) & kept, (*lineage.ids(above), unit) if unit else (), contest, starts, ends))
        for role, given, contest, starts, ends, unit, above in rows
    ]
    return [(role, m) for role, m in every if m.rights and m.holds(today())]


def may(person: Any, right: str, office: Office, contest: int | None = None) -> bool:
    """Does this person hold the right for the body of this office, over its territory, for this contest?"""
    mine = held(person, right)
    if not mine:
        return False
    pack = pack_of(contest)
    roles = roles_of(pack, office.body) if pack else frozenset()
    place = office.unit.path if office.unit else ()
    return any(
        role in roles and access.covers(m.territory, place) and m.contest in (None, contest) for role, m in mine
    )


def pack_of(contest: int | None) -> Pack | None:
    if contest is None:
        version = pack_shown()
        return version.pack if version else None
    return Contest.objects.select_related("election__pack").get(pk=contest).election.pack.pack


def keepers(office: Office, contest: int | None) -> list[Person]:
    """Who keeps the registry of an office: told what runs and what waits in it."""
    pack = pack_of(contest)
    roles = roles_of(pack, office.body) if pack else frozenset()
    some = Person.objects.filter(is_active=True, mandates__role__in=roles, mandates__revoked_at__isnull=True).distinct()
    return [one for one in some if may(one, KEEP, office, contest)]


def offices() -> QuerySet[Office]:
    return Office.objects.select_related("unit", "counter")


def by_code(code: str) -> Office | None:
    return offices().filter(counter__code=code).first()


def receiving() -> list[tuple[str, str]]:
    """(code, name) of the offices whose counter is open here: a party files there from its own account."""
    found = offices().filter(counter__here=True, counter__closed_at=None).order_by("name")
    return [(one.code, f"{one.name} · {one.code}") for one in found]


def offices_of(person: Any) -> list[Office]:
    """The offices in which this person does something, whatever the contest."""
    contests = {m.contest for _role, m in held(person, *STAFF)}
    return [
        one for one in offices() if any(may(person, right, one, contest) for contest in contests for right in STAFF)
    ]


def office_of(person: Any, code: str) -> Office:
    """An office of this person. Office.DoesNotExist for anybody else."""
    found = next((one for one in offices_of(person) if one.code == code), None)
    if found is None:
        raise Office.DoesNotExist(code)
    return found


def contests_in(person: Any, office: Office, *rights: str) -> Q:
    """The contests over which this person acts in an office."""
    mine = {m.contest for _role, m in held(person, *rights)}
    good = {c for c in mine if any(may(person, right, office, c) for right in rights)}
    return Q() if None in good else Q(contest__in=good)


def docket(person: Any, office: Office) -> QuerySet[Petition]:
    """The received cases of an office, of the contests of this person's mandate there."""
    rows = Petition.every.filter(contests_in(person, office, *STAFF), office=office).exclude(state=State.DRAFT)
    return rows.select_related("sheet", "contest", "office__counter", "first_ruling").defer("text", "said")


def seen(person: Any) -> Q:
    """The cases of every office of this person, for lists of several."""
    found = Q(pk__in=[])
    for one in offices_of(person):
        found |= Q(office=one) & contests_in(person, one, *STAFF) & ~Q(state=State.DRAFT)
    return found


def case_of(person: Any, number: str) -> Petition:
    """One case of an office, as the page of a case reads it. Petition.DoesNotExist where this person may not read it."""
    rows = Petition.every.exclude(office=None).exclude(state=State.DRAFT).select_related(
        "contest__election__pack", "unit", "counter", "receipt", "sheet", "office__unit", "office__counter", "first_ruling__signed_by",
        "first_ruling__copy", "appeal_of__office",
    ).annotate(revision=F("sheet__revision"))  # fmt: skip
    one = rows.get(number=number)
    if one.office is None or not any(may(person, right, one.office, one.contest_id) for right in STAFF):
        raise Petition.DoesNotExist(number)
    return one


def may_in(person: Any, right: str, petition: Petition) -> bool:
    """Does this person hold, in the office of this case, the right by which first instance takes such a step? A judge who
    sits alone has the registry prepare what another reporter would."""
    office = petition.office
    assert office is not None
    wanted = rules.OWN.get(right, (right,))
    if right == RAPPORTEUR and law_of(petition).decides == rules.JUDGE:
        wanted = (KEEP, SIT)
    return any(may(person, one, office, petition.contest_id) for one in wanted)


def aside(person: Any, petition: Petition) -> bool:
    return FirstAside.objects.filter(petition=petition, by=person.pk).exists()


def law_of(petition: Petition) -> Body:
    """The body of a case as its pack describes it; one that the pack no longer names decides nothing."""
    assert petition.office is not None
    found = norms_of(petition.contest).body(petition.office.body)
    return found or Body(petition.office.body, norms_of(petition.contest).rule_name(petition.office.body), (petition.office.body,), "")


def way_of(contest: Contest, about: str, body: str) -> Remedy | None:
    """The remedy of the pack that brings this act before this body."""
    norms = norms_of(contest)
    found = norms.body(body)
    return rules.before(norms, kind_of(contest), about, found.codes if found else (body,))


def above(petition: Petition) -> tuple[Remedy, Body | None, bool] | None:
    """(remedy, its body, whether it is the Court) against the decision of this case; None where the pack knows none."""
    assert petition.office is not None
    norms = norms_of(petition.contest)
    own = norms.body(petition.office.body)
    found = rules.after(norms, kind_of(petition.contest), petition.about, own.codes if own else (petition.office.body,))
    if found is None:
        return None
    body = norms.body(found.body)
    court = body_of(petition.contest.election.pack.pack)
    return found, body, court in (body.codes if body else (found.body,))


def decided(number: str) -> Petition | None:
    """The case of first instance of a number, of the case or of its decision."""
    wanted = Q(number=number.strip()) | Q(first_ruling__number=number.strip())
    return Petition.every.filter(wanted).exclude(office=None).select_related("contest__election__pack", "office__counter").first()


def ballot_of(ruling: FirstRuling | None) -> rules.Ballot:
    """The votes on the text as it stands. That of who stepped aside before the signature counts for nothing."""
    if ruling is None:
        return rules.Ballot()
    out = FirstAside.objects.filter(petition=ruling.petition_id)
    if ruling.signed_at:
        out = out.filter(at__lt=ruling.signed_at)
    rows = list(ruling.votes.filter(of=ruling.of).exclude(by__in=out.values("by")))
    heads = {v.aye for v in rows if v.head}
    return rules.Ballot(sum(v.aye for v in rows), sum(not v.aye for v in rows), heads.pop() if len(heads) == 1 else None)


def adopted(petition: Petition, ruling: FirstRuling) -> bool:
    """Signed, or voted: what is left is its signature."""
    return ruling.signed_at is not None or rules.carried(law_of(petition), ballot_of(ruling), written=True)


def reads_text(person: Any, petition: Petition, ruling: FirstRuling | None) -> bool:
    """Does this person read the decision as it stands? Signed, whoever reads the case; adopted, all but who stepped aside;
    before, those who write or vote it: the deliberation is theirs."""
    if ruling is None or ruling.signed_at is not None:
        return True
    if aside(person, petition):
        return False
    return adopted(petition, ruling) or any(may_in(person, right, petition) for right in (RAPPORTEUR, SIT, HEAD))


def papers_read(person: Any, petition: Petition, papers: QuerySet[Any]) -> QuerySet[Any]:
    """The papers issued in a case that this person reads: its decision as the page shows it."""
    return papers if reads_text(person, petition, ruling_of(petition)) else papers.exclude(kind=DECISION_PAPER)


def ruling_of(petition: Petition) -> FirstRuling | None:
    """The decision of a case as it stands, written or signed."""
    return FirstRuling.objects.filter(petition=petition).select_related("drafted_by", "signed_by", "copy").first()


def voted_by(person: Any, ruling: FirstRuling | None) -> bool:
    """Did this person vote on the text as it stands?"""
    return ruling is not None and ruling.votes.filter(of=ruling.of, by=person.pk).exists()


def grounds_of(petition: Petition) -> list[Any]:
    """The grounds that a decision answers."""
    return list(petition.grounds.filter(struck=False).order_by("pk"))


def beside(petition: Petition) -> dict[str, Any]:
    """Who stepped aside, and the appeals against the decision."""
    return {"asides": list(petition.asides.select_related("by")), "appeals": list(petition.appeals.select_related("office"))}


def figures(rows: QuerySet[Petition]) -> dict[str, int]:
    """How many cases of a docket wait for what."""
    return rows.order_by().aggregate(
        all=Count("pk"), enrol=Count("pk", filter=Q(state=State.RECEIVED)),
        judged=Count("pk", filter=Q(first_ruling__signed_at__isnull=False)),
        deliberated=Count("pk", filter=Q(state__in=[State.DELIBERATION, State.DRAFTED, State.GATE])),
        late=Count("pk", filter=Q(sheet__verdict="late", sheet__open=True)),
    )  # fmt: skip


def waiting(person: Any) -> dict[str, int]:
    """What waits for this person at first instance: to enrol, to vote, to sign."""
    if not rights_of(person) & set(STAFF):
        return {}
    out = {"enrol": 0, "vote": 0, "sign": 0}
    for office in offices_of(person):
        rows = docket(person, office)
        if may_some(person, KEEP, office):
            out["enrol"] += rows.filter(state=State.RECEIVED).count()
        if may_some(person, SIT, office):
            mine = rows.filter(state=State.DELIBERATION, first_ruling__isnull=False)
            out["vote"] += mine.exclude(first_ruling__votes__by=person.pk, first_ruling__votes__of=F("first_ruling__of")).count()
        if may_some(person, HEAD, office):
            out["sign"] += rows.filter(state=State.GATE).count()
    return out


def may_some(person: Any, right: str, office: Office) -> bool:
    """The right in this office for one contest at least."""
    return any(may(person, right, office, m.contest) for _role, m in held(person, right))


def named(codes: Iterable[str], pack: Pack, lang: str) -> list[tuple[str, str]]:
    """(code, name) of bodies, for a choice."""
    rows = bodies(pack)
    return [(c, str(rows[c].get(f"name_{lang}") or rows[c].get("name_fr") or c)) for c in codes if c in rows]

