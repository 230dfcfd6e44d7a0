"""The checks of the gate on the case and the bench: petitions, grounds, bench, service, articles, deadline, hands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kalata.deadlines.rules.moments import BadMoment, Deadline, Verdict, judge, local_day
from kalata.text import Message
from kalata.text import gettext_noop as _

from .acts import OF_A_PETITION
from .facts import Reader
from .mismatch import NOT_THERE, UNREADABLE, Mismatch, filled, mismatch, number, rows, table
from .remedies import Body, Norms

ARTICLE = re.compile(r"\bart(?:icle)?s?\b\.?\s*((?:L\.?O?\.?|R\.?)?\s*\d+)", re.I)


@dataclass(slots=True, eq=False)
class Sitting:
    """The seven checks that look at the case, the bench and time."""

    decision: Mapping[str, Any]
    norms: Norms
    found: list[Mismatch] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)

    def all(self) -> list[Mismatch]:
        self.petitions()
        self.grounds()
        self.bench()
        self.service()
        self.articles()
        self.deadline()
        self.hands()
        return self.found

    def say(self, check: str, sentence: str, **values: Any) -> None:
        self.found.append(mismatch(check, sentence, **values))

    # --- petitions and grounds ---
    def cases(self, check: str) -> list[Mapping[str, Any]]:
        noted = self.found if check == "petitions" else []
        return rows(check, self.decision.get("petitions"), "petitions", noted)

    def outcomes(self, check: str) -> list[Mapping[str, Any]]:
        noted = self.found if check == "petitions" else []
        return rows(check, self.decision.get("outcomes"), "outcomes", noted)

    def petitions(self) -> None:
        cases, outcomes = self.cases("petitions"), self.outcomes("petitions")
        names = Counter(text_of(c.get("petition")) for c in cases)
        given = Counter(text_of(o.get("petition")) for o in outcomes if filled(o.get("outcome")))
        for name, times in names.items():
            if not name or times > 1:
                said = _("Requête « %(petition)s » : inscrite %(printed)d fois.") if name else NOT_THERE
                self.say(
                    "petitions", said, where={"petition": name}, printed=times, computed=1, petition=name,
                    field="petitions, petition",
                )  # fmt: skip
            if name and given.get(name, 0) != 1:
                self.say(
                    "petitions",
                    _("Requête « %(petition)s » : %(printed)d {printed:issue|issues}, il en faut une."),
                    where={"petition": name},
                    printed=given.get(name, 0),
                    computed=1,
                    petition=name,
                )
        acts = self.decision.get("acts")
        spoken = [
            (text_of(p), "acts")
            for a in (acts if isinstance(acts, list | tuple) else ())
            if isinstance(a, Mapping) and a.get("act") in OF_A_PETITION
            for p in (a["petitions"] if isinstance(a.get("petitions"), list) else [a.get("petition")])
        ]
        spoken += [(text_of(o.get("petition")), "outcomes") for o in outcomes]
        for name, where in dict.fromkeys(spoken):
            if name not in names:
                self.say(
                    "petitions",
                    _("Une issue est donnée à « %(petition)s », qui n’est pas une requête de cette décision."),
                    where={"petition": name, "field": where},
                    printed=name,
                    petition=name,
                )

    def grounds(self) -> None:
        reasons: dict[str, dict[str, str]] = {}
        for outcome in self.outcomes("grounds"):
            mine = reasons.setdefault(text_of(outcome.get("petition")), {})
            for ground, reason in table(outcome.get("reasons")).items():
                mine[str(ground)] = filled(reason) or mine.get(str(ground), "")
        for case in self.cases("grounds"):
            name, raw = text_of(case.get("petition")), case.get("grounds")
            if raw is not None and not isinstance(raw, list | tuple):
                self.say("grounds", UNREADABLE, where={"petition": name}, printed=raw, field=f"grounds ({name})")
                continue
            for one in raw or ():
                ground = text_of(one.get("ground", one.get("key")) if isinstance(one, Mapping) else one)
                if not ground or not reasons.get(name, {}).get(ground):
                    self.say(
                        "grounds",
                        _("Requête « %(petition)s » : aucun motif ne répond au moyen « %(ground)s »."),
                        where={"petition": name, "ground": ground},
                        petition=name,
                        ground=ground,
                    )

    # --- the bench ---
    def court(self) -> Body | None:
        """The court of the pack whose way of sitting is known."""
        return next((b for b in self.norms.bodies if b.quorum is not None), None)

    def persons(self, bench: Mapping[str, Any], key: str) -> list[str]:
        raw = bench.get(key)
        if raw is None:
            return []
        if not isinstance(raw, list | tuple) or not all(filled(p) for p in raw):
            self.say("bench", UNREADABLE, where={"field": key}, printed=raw, field=f"bench.{key}")
            return [p.strip() for p in raw if filled(p)] if isinstance(raw, list | tuple) else []
        people = [p.strip() for p in raw]
        for one, times in Counter(people).items():
            if times > 1:
                sentence = _("Formation, « %(field)s » : %(person)s y est %(printed)d fois.")
                self.say(
                    "bench", sentence, where={"field": key, "person": one}, printed=times, computed=1, field=key,
                    person=one,
                )  # fmt: skip
        return people

    def bench(self) -> None:
        bench = self.decision.get("bench")
        if not isinstance(bench, Mapping) or not bench:
            self.say("bench", NOT_THERE, where={"field": "bench"}, printed=bench, field="bench")
            return
        court = self.court()
        present = self.persons(bench, "present")
        sitting = len(set(present))
        quorum = self.whole(bench, "quorum", court.quorum if court else None)
        members = self.whole(bench, "members", court.members if court else None)
        if quorum is not None and sitting < quorum:
            sentence = _("Quorum : %(printed)d {printed:présent|présents}, il en faut %(computed)d.")
            self.say("bench", sentence, where={"field": "quorum"}, printed=sitting, computed=quorum)
        if members is not None and sitting > members:
            sentence = _("%(printed)d {printed:présent|présents} pour %(computed)d {computed:membre|membres}.")
            self.say("bench", sentence, where={"field": "present"}, printed=sitting, computed=members)
        if court and quorum is not None and court.quorum is not None and quorum != court.quorum:
            self.warnings.append(
                Message(
                    _("Le projet écrit un quorum de %(printed)d, le pack de %(computed)d."),
                    {"printed": quorum, "computed": court.quorum},
                )
            )
        for one in sorted(set(self.persons(bench, "conflicts")) & set(present)):
            sentence = _("%(printed)s siège malgré un conflit d’intérêts déclaré.")
            self.say("bench", sentence, where={"field": "conflicts", "person": one}, printed=one)
        self.votes(bench, sitting, court)
        self.signatures(bench, present)

    def whole(self, bench: Mapping[str, Any], key: str, default: int | None) -> int | None:
        """A number of the bench, or the pack's where the draft has none."""
        value = bench.get(key)
        if value is None and default is not None:
            return default
        found = number(value)
        if found is None or found < 0 or (key == "quorum" and found < 1):
            said = NOT_THERE if value is None else UNREADABLE
            self.say("bench", said, where={"field": key}, printed=value, field=f"bench.{key}")
            return None
        return found

    def votes(self, bench: Mapping[str, Any], sitting: int, court: Body | None) -> None:
        ayes, noes = self.whole(bench, "ayes", None), self.whole(bench, "noes", None)
        if ayes is None or noes is None:
            return
        allowed = bench.get("abstention")
        if not isinstance(allowed, bool):
            allowed = court.abstention if court and court.abstention is not None else False
        if (ayes + noes != sitting) if not allowed else (ayes + noes > sitting):
            self.say(
                "bench",
                _("%(printed)d voix pour et contre, %(computed)d {computed:présent|présents}."),
                where={"field": "votes"},
                printed=ayes + noes,
                computed=sitting,
            )
        casting = bench.get("casting_vote") is True and not (court and court.casting_vote is False)
        if not (ayes > noes or (ayes == noes and casting)):
            self.say(
                "bench",
                _("La décision n’a pas la majorité : %(ayes)d pour, %(noes)d contre."),
                where={"field": "majority"},
                printed={"ayes": ayes, "noes": noes, "casting_vote": bench.get("casting_vote")},
                ayes=ayes,
                noes=noes,
            )

    def signatures(self, bench: Mapping[str, Any], present: list[str]) -> None:
        signatories = self.persons(bench, "signatories")
        for one in dict.fromkeys(signatories):
            if one not in present:
                sentence = _("%(printed)s signe sans avoir siégé.")
                self.say("bench", sentence, where={"field": "signatories", "person": one}, printed=one)
        president = filled(bench.get("president"))
        if not president or president not in signatories:
            self.say(
                "bench",
                _("Le président (%(printed)s) n’est pas parmi les signataires."),
                where={"field": "president"},
                printed=bench.get("president"),
                computed=list(signatories),
            )

    # --- service, deadline ---
    def moment(self, check: str, name: str, raw: Any) -> date | datetime | None:
        """An instant of the draft; one that cannot be read is a mismatch. None where there is none."""
        if raw is None or raw == "":
            return None
        try:
            return Reader("–", self.norms).moment(name, raw)
        except BadMoment:
            self.say(check, UNREADABLE, where={"field": name}, printed=raw, field=name)
            return None

    def limit(self, check: str, name: str, raw: Any) -> Deadline | None:
        try:
            return Reader("–", self.norms).limit(name, raw)
        except BadMoment:
            self.say(check, UNREADABLE, where={"field": name}, printed=raw, field=name)
            return None

    def signed(self, check: str) -> date | datetime | None:
        return self.moment(check, "deadline.signed_at", table(self.decision.get("deadline")).get("signed_at"))

    def service(self) -> None:
        parties = rows("service", self.decision.get("service"), "service", self.found)
        signed = self.signed("service") if parties else None
        for row in parties:
            party = text_of(row.get("party"))
            where = {"party": party}
            waiver = row.get("waiver")
            if waiver not in (None, ""):
                if self.names_article(waiver):
                    continue
                sentence = _("« %(party)s » : la renonciation ne cite pas d’article connu (%(printed)s).")
                self.say("service", sentence, where={**where, "field": "waiver"}, printed=waiver, party=party)
            served = self.moment("service", f"served_at ({party})", row.get("served_at"))
            if served is None:
                sentence = _("« %(party)s » n’a pas reçu notification.")
                self.say("service", sentence, where=where, printed=row.get("served_at"), party=party)
                continue
            if "proof" in row and not filled(row["proof"]) and row.get("mode") != "portal":
                sentence = _("« %(party)s » : la notification n’a pas de preuve.")
                self.say("service", sentence, where={**where, "field": "proof"}, printed=row["proof"], party=party)
            if signed is not None and not later(signed, served, self.norms.tz):
                sentence = _("« %(party)s » : notifié le %(printed)s, après la signature.")
                self.say("service", sentence, where=where, printed=str(served), computed=str(signed), party=party)
            elif row.get("term") == "" and "reply_until" not in row:
                self.without_term(party, row)
            else:
                self.replied(where, party, served, row.get("reply_until"), signed)

    def without_term(self, party: str, row: Mapping[str, Any]) -> None:
        """No act opened a time to reply by this paper: there is none to wait for. Said of the petition itself."""
        if text_of(row.get("paper")).startswith("petition"):
            sentence = _("« %(party)s » : aucun acte n’a fixé de délai pour répondre à la requête.")
            self.warnings.append(Message(sentence, {"party": party}))

    def replied(
        self, where: Mapping[str, Any], party: str, served: date | datetime, raw: Any, signed: date | datetime | None
    ) -> None:
        """The time to reply is over by the signature."""
        until = self.limit("service", f"reply_until ({party})", raw)
        if until is None:
            return
        if signed is None:
            sentence = _(
                "« %(party)s » : on ne sait pas si le délai de réponse était clos, la signature n’est pas datée."
            )
            self.say("service", sentence, where=where, printed=raw, party=party)
        elif judge(signed, until, until).verdict is not Verdict.LATE:
            sentence = _("« %(party)s » : le délai de réponse court jusqu’au %(limit)s, la décision est signée avant.")
            self.say(
                "service", sentence, where=where, printed=raw, computed=signed.isoformat(), party=party,
                limit=until.sentence(),
            )  # fmt: skip
        elif judge(served, until, until).verdict is Verdict.LATE:
            sentence = _("« %(party)s » : notifié après la fin de son délai de réponse.")
            self.say("service", sentence, where=where, printed=str(served), computed=raw, party=party)

    def names_article(self, waiver: Any) -> bool:
        """Does a waiver name a norm of the pack, or the article of one?"""
        text = filled(waiver)
        if any(word.strip(".,;:()") in self.norms.known for word in text.split()):
            return True
        return any(found.replace(" ", "") in self.norms.articles for found in ARTICLE.findall(text))

    def deadline(self) -> None:
        raw = self.decision.get("deadline")
        if raw is None:
            return
        if not isinstance(raw, Mapping):
            self.say("deadline", UNREADABLE, where={"field": "deadline"}, printed=raw, field="deadline")
            return
        if raw.get("limit") in (None, ""):
            return  # no figure is known: a gap is no breach
        limit = self.limit("deadline", "deadline.limit", raw.get("limit"))
        signed = self.signed("deadline")
        readings = rows("deadline", raw.get("readings"), "deadline.readings", self.found)
        others = [(row, self.limit("deadline", "deadline.readings", row.get("deadline"))) for row in readings]
        if limit is None or raw.get("breach_stated") is True:
            return
        if signed is None:
            if raw.get("signed_at") in (None, ""):
                self.say("deadline", NOT_THERE, where={"field": "signed_at"}, field="deadline.signed_at")
        elif judge(signed, limit, limit).verdict is not Verdict.IN_TIME:
            self.say(
                "deadline",
                _("Signée le %(printed)s, après le %(limit)s, sans que le dépassement soit dit."),
                where={"field": "signed_at"},
                printed=raw.get("signed_at"),
                computed=limit.iso(),
                limit=limit.sentence(),
            )
        else:
            self.other_readings(signed, others, raw.get("signed_at"))

    def other_readings(self, signed: date | datetime, others: Any, printed: Any) -> None:
        """Signed in time under the reading that the house acts on, and late under another: it is to be said too."""
        for row, limit in others:
            if limit is not None and judge(signed, limit, limit).verdict is not Verdict.IN_TIME:
                sentence = _("%(petition)s : signée le %(printed)s, après le %(limit)s selon la lecture « %(rule)s », sans que le dépassement soit dit.")  # fmt: skip
                self.say(
                    "deadline", sentence, where={"field": "readings", "petition": text_of(row.get("petition"))},
                    printed=printed, computed=limit.iso(), petition=text_of(row.get("petition")),
                    rule=text_of(row.get("rule")), limit=limit.sentence(),
                )  # fmt: skip

    # --- articles, hands ---
    def articles(self) -> None:
        raw = self.decision.get("articles")
        if raw is None:
            return
        if not isinstance(raw, list | tuple):
            self.say("articles", UNREADABLE, where={"field": "articles"}, printed=raw, field="articles")
            return
        for one in raw:
            if not isinstance(one, str) or one.strip() not in self.norms.known:
                sentence = _("« %(printed)s » n’est pas une norme du pack.")
                self.say("articles", sentence, where={"article": one}, printed=one)

    def hands(self) -> None:
        raw = self.decision.get("hands")
        hands = table(raw)
        drafted, passed = filled(hands.get("drafted_by")), filled(hands.get("passed_by"))
        if not drafted or not passed:
            missing = "hands.drafted_by" if not drafted else "hands.passed_by"
            self.say("hands", NOT_THERE, where={"field": missing}, printed=raw, field=missing)
        elif drafted.casefold() == passed.casefold():
            sentence = _("%(printed)s a rédigé et contrôlé : il faut deux personnes.")
            self.say("hands", sentence, where={"field": "hands"}, printed=drafted)


def text_of(value: Any) -> str:
    """A name of the draft as text, "" where it is none."""
    return value.strip() if isinstance(value, str) else str(value) if number(value) is not None else ""


def later(one: date | datetime, other: date | datetime, tz: str) -> bool:
    """True unless the first is surely before the other."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one >= other
    return local_day(one, tz) >= local_day(other, tz)
