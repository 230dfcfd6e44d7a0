"""The bench: who sits, whether it can, and what a vote of it gives.

Nothing of a country is here: seats, quorum, abstention, casting vote, recusal and the time to replace a member come
from the pack's record of the court, each with its article. What a pack does not say is refused, never supposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _


class NotInPack(Refused):
    """A court without a quorum in its pack decides nothing here: a default would be law that nobody made."""

    code = "DIS-411"
    says = _("Le pack ne dit pas, pour « %(court)s » : %(what)s.")
    remedy = _("Complétez l’institution dans le pack, avec son article et sa source, puis adoptez cette version.")
    sentences = frozenset({"what"})


class NoQuorum(Refused):
    code = "DIS-412"
    says = _("%(present)d {present:membre peut siéger|membres peuvent siéger} dans cette affaire ; il en faut %(quorum)d (%(article)s).")
    remedy = _(
        "Attendez le retour d’un absent, faites décider les récusations ou pourvoir les sièges. Rien n’a été décidé."
    )


class NotPresent(Refused):
    code = "DIS-413"
    says = _("%(member)s ne siège pas dans cette affaire : son vote ne compte pas.")
    remedy = _("Vérifiez les présences, les conflits et les récusations notés pour cette affaire.")
    status = 422


class NoAbstention(Refused):
    code = "DIS-414"
    says = _("%(voted)d voix pour %(present)d {present:membre présent|membres présents} : l’abstention n’est pas permise (%(article)s).")
    remedy = _("Recueillez la voix de chaque membre présent : pour, ou contre.")
    status = 422


class TooManyVotes(Refused):
    code = "DIS-415"
    says = _("%(voted)d voix pour %(present)d {present:membre présent|membres présents}.")
    remedy = _("Recomptez : une voix par membre présent.")
    status = 422


class CastingVote(Refused):
    """Equal voices where nobody's prevails, or a casting vote where the voices are not equal."""

    code = "DIS-416"
    says = _("%(ayes)d voix pour, %(noes)d contre : %(why)s.")
    remedy = _("Notez la voix prépondérante du président si les voix sont égales, et seulement alors.")
    status = 422
    sentences = frozenset({"why"})


class NotAllowed(Refused):
    code = "DIS-417"
    says = _("Le texte ne prévoit pas %(what)s (%(article)s).")
    remedy = _("La demande est enregistrée et reçoit sa réponse ; elle n’a pas d’autre effet.")
    sentences = frozenset({"what"})


# --- what the law says -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence of the law on the court: its value, the article, how sure the pack is."""

    article: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Court:
    """The law of a court. seats: appointing authority -> how many. replacement_days: None where the pack does not say.

    recusal: may a party challenge a member; self_recusal: may a member step aside.
    """

    code: str
    members: int
    quorum: int
    seats: Mapping[str, int] = field(default_factory=dict)
    abstention: bool = False
    casting_vote: bool = True
    secret_ballot: bool = True
    replacement_days: int | None = None
    recusal: bool = False
    self_recusal: bool = True
    opinions: bool = False
    basis: Mapping[str, Rule] = field(default_factory=dict)

    def article(self, what: str) -> str:
        return self.basis.get(what, Rule()).article or "–"


def part(record: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = record.get(name)
    return found if isinstance(found, Mapping) else {}


def rule_of(found: Mapping[str, object]) -> Rule:
    return Rule(str(found.get("article") or ""), str(found.get("confidence") or ""))


def count(found: Mapping[str, object], name: str) -> int | None:
    value = found.get(name)
    if type(value) is int:
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() else None


def said(value: object, default: bool) -> bool:
    """A word of the pack as yes or no; what it does not say is the default given."""
    if isinstance(value, bool):
        return value
    text = str(value or "").strip().lower()
    if text in ("allowed", "yes", "true", "oui"):
        return True
    return False if text in ("forbidden", "no", "false", "non") else default


def appointed(details: Mapping[str, object]) -> dict[str, int]:
    """appointing authority -> seats: the first list of appointments that the record has, whatever version of the law it is of."""
    for found in (details, *(v for v in details.values() if isinstance(v, Mapping))):
        named = found.get("appointments")
        if isinstance(named, list):
            rows = [one for one in named if isinstance(one, Mapping)]
            return {str(one.get("by")): n for one in rows if (n := count(one, "n"))}
    return {}


def law_of(record: Mapping[str, object]) -> dict[str, object]:
    """The settings of a bench: those of `bench`, and what the details of the record say beside."""
    details, given = part(record, "details"), part(record, "bench")
    quorum, replacement, recusal = part(details, "quorum"), part(details, "replacement"), part(details, "recusal")
    found: dict[str, object] = {
        "quorum": count(quorum, "present_min"), "abstention": quorum.get("abstention"),
        "casting_vote": bool(quorum.get("tie")) if quorum else None, "ballot": quorum.get("ballot"),
        "replacement_days": replacement.get("offset_days"), "recusal": recusal.get("allowed"),
        "self_recusal": recusal.get("self_recusal"), "separate_opinions": part(details, "opinions").get("published"),
    }  # fmt: skip
    return found | {key: value for key, value in given.items() if value is not None}


def court_of(record: Mapping[str, object]) -> Court:
    """The law of a court from its institution in the pack. DIS-411: no number of members, or no quorum."""
    code = str(record.get("id") or "?")
    details, law = part(record, "details"), law_of(record)
    least, members = count(law, "quorum"), count(record, "members")
    if not members or members < 1:
        raise NotInPack(court=code, what=_("le nombre de ses membres"))
    if not least or not 1 <= least <= members:
        raise NotInPack(court=code, what=_("son quorum"))
    seats = appointed(details)
    own = rule_of(part(record, "bench"))
    return Court(
        code=code, members=members, quorum=least, seats=seats if sum(seats.values()) == members else {},
        abstention=said(law.get("abstention"), False), casting_vote=said(law.get("casting_vote"), False),
        secret_ballot="secret" in str(law.get("ballot") or ""), replacement_days=count(law, "replacement_days"),
        recusal=said(law.get("recusal"), False), self_recusal=said(law.get("self_recusal"), True),
        opinions=said(law.get("separate_opinions"), False),
        basis={what: rule_of(part(details, what)) if part(details, what) else own for what in ("quorum", "replacement", "recusal")},
    )  # fmt: skip


# --- can it sit ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Seat:
    """A member as the law sees him on a day. until: the last day of function, None where it goes on."""

    member: str
    authority: str
    since: date
    until: date | None = None
    president: bool = False

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A seat that nobody holds. due: by when it is to be filled; None where nobody knows since when, or the law is silent."""

    authority: str
    left: str = ""
    since: date | None = None
    due: date | None = None

    def late(self, day: date) -> bool:
        return self.due is not None and day > self.due


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who may sit in a case on a day, and whether they are enough. kept_out: member -> why, in a word of `Why`."""

    court: Court
    sitting: tuple[str, ...]
    kept_out: Mapping[str, str]
    vacancies: tuple[Vacancy, ...]
    president: str = ""

    @property
    def can(self) -> bool:
        return len(self.sitting) >= self.court.quorum

    @property
    def spare(self) -> int:
        """How many more may be missing before it can no longer sit; below zero: how many are missing."""
        return len(self.sitting) - self.court.quorum

    def demand(self) -> None:
        """DIS-412 where it cannot sit."""
        if not self.can:
            raise NoQuorum(present=len(self.sitting), quorum=self.court.quorum, article=self.court.article("quorum"))


class Why(StrEnum):
    """Why a member in function does not sit."""

    ABSENT = "absent"
    CONFLICT = "conflict"
    UNDECIDED = "undecided"
    RECUSED = "recused"
    ASIDE = "aside"


WHY: Mapping[str, str] = {
    Why.ABSENT: _("absent"),
    Why.CONFLICT: _("en conflit d’intérêts"),
    Why.UNDECIDED: _("conflit ou récusation à décider"),
    Why.RECUSED: _("récusé"),
    Why.ASIDE: _("déporté"),
}


def vacancies(court: Court, seats: Iterable[Seat], day: date) -> tuple[Vacancy, ...]:
    """Seats that nobody holds that day, by appointing authority, the longest empty first.

    The clock of a replacement: the day a member leaves does not count; he is replaced by the day that many after it.
    """
    seats = list(seats)
    out: list[Vacancy] = []
    for authority, n in (court.seats or {"": court.members}).items():
        own = [s for s in seats if s.authority == authority or not court.seats]
        held = sum(s.holds(day) for s in own)
        gone = sorted((s.until, s.member) for s in own if s.until is not None and s.until < day)
        empty = max(n - held, 0)
        left = gone[-empty:] if empty else []
        days = court.replacement_days
        for until, member in left:
            assert until is not None
            out.append(Vacancy(authority, member, until, until + timedelta(days=days) if days else None))
        out += [Vacancy(authority)] * (empty - len(left))
    return tuple(sorted(out, key=lambda v: (v.since or date.max, v.authority)))


def can_sit(court: Court, seats: Sequence[Seat], day: date, *, kept_out: Mapping[str, str] | None = None) -> Sitting:
    """Who may sit that day in a case, given those kept out of it and why. It refuses nothing: `demand` does."""
    held = [s for s in seats if s.holds(day)]
    out = {member: why for member, why in (kept_out or {}).items() if any(s.member == member for s in held)}
    sitting = tuple(s.member for s in held if s.member not in out)
    president = next((s.member for s in held if s.president and s.member in sitting), "")
    return Sitting(court, sitting, out, vacancies(court, seats, day), president)


def warnings(found: Sitting, day: date) -> list[Message]:
    """What is said before a case is assigned: no quorum, just enough, undecided, seats past their replacement."""
    out = []
    court = found.court
    values = {"n": len(found.sitting), "quorum": court.quorum, "article": court.article("quorum")}
    if not found.can:
        out.append(
            Message(
                _("La Cour ne peut pas siéger dans cette affaire : %(n)d {n:membre|membres}, quorum %(quorum)d (%(article)s)."),
                values,
            )
        )
    elif found.spare == 0:
        out.append(
            Message(
                _(
                    "%(n)d {n:membre|membres}, quorum %(quorum)d (%(article)s) : une absence de plus et la Cour ne peut plus siéger."
                ),
                values,
            )
        )
    undecided = sorted(m for m, why in found.kept_out.items() if why == Why.UNDECIDED)
    if undecided:
        out.append(Message(_("À décider avant d’attribuer : %(members)s."), {"members": ", ".join(undecided)}))
    if not found.president:
        out.append(Message(_("Le président ne siège pas : nul n’a de voix prépondérante."), {}))
    for one in found.vacancies:
        if one.late(day):
            out.append(Message(_("Siège vacant au-delà du délai de remplacement (%(article)s) : à pourvoir au plus tard le %(due)s par : %(authority)s."),
                               {"article": court.article("replacement"), "due": one.due, "authority": one.authority or "–"}))  # fmt: skip
    return out


# --- a vote ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Tally:
    """What a vote gives. casting: the president's voice was needed. secret: nobody knows who voted what."""

    ayes: int
    noes: int
    abstained: int = 0
    casting: bool = False
    secret: bool = False
    carried: bool = False


def secret_ballot(found: Sitting, ayes: int, noes: int, *, casting: bool | None = None) -> Tally:
    """A vote by counts alone. casting: what the president's prevailing voice says, where it had to be used.

    In a secret ballot that is equal, the prevailing voice makes the president's known: the law that has both says so.
    """
    court = found.court
    found.demand()
    if not court.secret_ballot:
        raise NotAllowed(what=_("le scrutin secret"), article=court.article("quorum"))
    return tallied(found, ayes, noes, casting=casting, secret=True)


def open_ballot(found: Sitting, votes: Mapping[str, bool | None]) -> Tally:
    """A show of hands: member -> for (True), against (False), abstained (None)."""
    found.demand()
    for member in votes:
        if member not in found.sitting:
            raise NotPresent(member=member)
    ayes, noes = sum(v is True for v in votes.values()), sum(v is False for v in votes.values())
    casting = votes.get(found.president) if ayes == noes and found.president else None
    return tallied(found, ayes, noes, casting=casting, secret=False)


def tallied(found: Sitting, ayes: int, noes: int, *, casting: bool | None, secret: bool) -> Tally:
    court, present = found.court, len(found.sitting)
    if ayes < 0 or noes < 0 or ayes + noes > present:
        raise TooManyVotes(voted=ayes + noes, present=present)
    if ayes + noes < present and not court.abstention:
        raise NoAbstention(voted=ayes + noes, present=present, article=court.article("quorum"))
    equal = ayes == noes
    if casting is not None and not equal:
        raise CastingVote(ayes=ayes, noes=noes, why=_("les voix ne sont pas égales"))
    if equal and (not court.casting_vote or not found.president):
        raise CastingVote(ayes=ayes, noes=noes, why=_("aucune voix ne prévaut dans cette formation"))
    if equal and casting is None:
        raise CastingVote(ayes=ayes, noes=noes, why=_("la voix du président prévaut et n’est pas notée"))
    carried = bool(casting) if equal else ayes > noes
    return Tally(ayes, noes, present - ayes - noes, equal, secret, carried)
