"""The text of a decision, written from its acts: reasons per ground as they were given, operative part, annexes named.

Written in the language of the Court's decisions, which the pack says; any edition is the same sentences in another
language. What persons wrote (reasons, citations) stays as they wrote it. Every number is computed; who is elected is
derived. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from kalata.results.rules.boxes import LABELS
from kalata.results.rules.outcome import Status
from kalata.text import Message, translate
from kalata.text import gettext_noop as _

from .acts import ANNULLED, RECTIFIED
from .effect import Recomputation
from .operative import Names, articles

OUTCOMES: Mapping[str, str] = {
    "granted": _("Requête n° %(petition)s : il est fait droit à la requête."),
    "partly": _("Requête n° %(petition)s : il est fait droit en partie à la requête."),
    "rejected": _("Requête n° %(petition)s : la requête est rejetée."),
    "unfounded": _("Requête n° %(petition)s : la requête est rejetée comme mal fondée."),
    "no_effect": _("Requête n° %(petition)s : la requête est rejetée comme sans effet sur l’issue du scrutin."),
    "inadmissible": _("Requête n° %(petition)s : la requête est irrecevable."),
    "withdrawn": _("Requête n° %(petition)s : il est donné acte du désistement."),
    "no_jurisdiction": _("Requête n° %(petition)s : la Cour n’est pas compétente."),
}
"""code -> its article in the operative part."""
OUTCOME_LABELS: Mapping[str, str] = {
    "granted": _("il y est fait droit"),
    "partly": _("il y est fait droit en partie"),
    "unfounded": _("rejetée, mal fondée"),
    "no_effect": _("rejetée, sans effet sur l’issue"),
    "inadmissible": _("irrecevable"),
    "withdrawn": _("désistement noté"),
    "no_jurisdiction": _("hors de la compétence de la Cour"),
    "rejected": _("rejetée"),
}
"""code -> its words on a screen."""
OTHER = _("Requête n° %(petition)s : %(outcome)s.")
COURT = _("La Cour,")
VISA = _("Vu %(words)s ;")
FILED = _("Vu la requête n° %(petition)s, enregistrée au greffe ;")
GROUND = _("Sur le moyen %(ground)s de la requête n° %(petition)s : %(words)s")
ADMISSIBLE = _("Sur la recevabilité du moyen %(ground)s de la requête n° %(petition)s : %(words)s")
OWN_MOTION = _("D’office : %(words)s")
BREACH = _("La Cour constate qu’elle statue après le délai qui lui est donné : %(words)s")
VOTES_OF = _("voix de %(name)s")
TOLD = _("La présente décision sera notifiée aux parties et publiée avec ses annexes.")
AFTER = _("Après ces actes, les suffrages exprimés sont %(valid)d ; %(votes)s.")
EACH = _("%(name)s : %(n)d voix")


def shares(done: Recomputation, decimals: int = 2) -> dict[str, str]:
    """Votes of each option over the valid votes after, rounded half up, as they are printed."""
    total, out = done.after.total, {}
    for option, votes in zip(done.after.options, total.votes, strict=True):
        if total.valid:
            units = int(Fraction(100 * votes, total.valid) * 10**decimals + Fraction(1, 2))
            text = str(units).rjust(decimals + 1, "0")
            out[option] = f"{text[:-decimals]}.{text[-decimals:]}"
    return out


def printed(done: Recomputation, petitions: int) -> dict[str, Any]:
    """What the decision prints of its figures, in the shape that the gate reads; every number from the acts."""
    after = done.record()["after"]
    rectified = {at for s in done.plan.steps if s.kind == RECTIFIED for at in s.stations}
    counts = [
        {"what": what, "where": {}, "value": value}
        for what, value in (
            ("annulled_stations", len(done.annulled)), ("rectified_stations", len(rectified)),
            ("annulled_votes", done.annulled_votes), ("petitions", petitions),
        )
    ]  # fmt: skip
    said: dict[str, Any] = {
        "counts": counts, "figures": after["figures"], "votes": after["votes"], "percentages": shares(done),
        "decimals": 2, "order": after["order"],
    }  # fmt: skip
    return said | derived(done)


def derived(done: Recomputation) -> dict[str, Any]:
    """Who is elected or qualified, and the seats: of the whole, or by constituency."""
    found = done.after.outcomes
    chosen: dict[str, Any] = {"elected": {}, "qualified": {}, "seats": {}, "result": {}}
    for key, one in found.items():
        chosen["elected"][key] = list(one.options) if one.status in (Status.ELECTED, Status.SEATS) else []
        chosen["qualified"][key] = list(one.options) if one.status is Status.RUNOFF else []
        chosen["seats"][key] = {o: n for o, n in one.seats().items() if n}
        chosen["result"][key] = one.status.value
    if done.after.local:
        return {k: v for k, v in chosen.items() if k != "result"}
    return {k: next(iter(v.values())) for k, v in chosen.items() if v and (k != "seats" or any(v.values()))}


def annexes(done: Recomputation) -> list[dict[str, Any]]:
    """The annexes as the gate reads them: made from the acts, stations by their keys."""
    return [
        {
            "annex": a["annex"], "act": a["act"], "stations": [r["station"] for r in a["rows"]], "count": a["count"],
            "totals": a["totals"]["figures"],
        }
        for a in done.annexes
        if a["kind"] == ANNULLED
    ]  # fmt: skip


def parts(
    decision: Mapping[str, Any], done: Recomputation, names: Mapping[str, str], lang: str = "fr", speaks: str = ""
) -> dict[str, list[str]]:
    """The paragraphs of the decision by part: visas, facts, reasons, operative. names: option -> as it is printed; speaks:
    how this Court begins."""

    def say(sentence: str, **values: object) -> str:
        return Message(sentence, values).text(lang)

    texts: Mapping[str, str] = decision.get("texts") or {}
    cited = [say(VISA, words=w) for w in decision.get("visas", decision.get("articles", ()))]
    return {
        "visas": [speaks or say(COURT), *cited, *paragraphs(texts.get("visas"))],
        "facts": [
            *(say(FILED, petition=str(p["petition"])) for p in decision.get("petitions", ())),
            *paragraphs(texts.get("facts")),
            *paragraphs(texts.get("procedure")),
        ],
        "reasons": reasons(decision, lang),
        "operative": operative(decision, done, names, lang),
        "derived": [after(done, names, lang)],
    }


def paragraphs(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def reasons(decision: Mapping[str, Any], lang: str = "fr") -> list[str]:
    """What was written on the admissibility of each ground, then on each ground, in the words of who wrote it."""
    out = []
    for key, text in (decision.get("texts") or {}).items():
        part, _dot, ground = key.partition(":")
        if part == "admissible" and text.strip():
            petition, _dot, name = ground.rpartition(":")
            out.append(Message(ADMISSIBLE, {"ground": name, "petition": petition, "words": text.strip()}).text(lang))
    for one in decision.get("outcomes", ()):
        for ground, words in one.get("reasons", {}).items():
            said = {"ground": ground, "petition": one["petition"], "words": words}
            out.append(Message(GROUND, said).text(lang))
    if words := decision.get("own_motion"):
        out.append(Message(OWN_MOTION, {"words": words}).text(lang))
    if words := decision.get("breach"):
        out.append(Message(BREACH, {"words": words}).text(lang))
    return out


def operative(
    decision: Mapping[str, Any], done: Recomputation, names: Mapping[str, str], lang: str = "fr"
) -> list[str]:
    """The articles: one an act (`rules.operative`), one a petition that no act speaks of, the notice at the end. DIS-660."""
    acts = decision.get("acts", ())
    out = [one.text(lang) for one in articles(acts, names_of(done, names, lang))]
    spoken = {str(act.get("petition")) for act in acts if act.get("petition")}
    out += [outcome(o, lang) for o in decision.get("outcomes", ()) if o["petition"] not in spoken]
    return [*out, translate(TOLD, lang)]


def names_of(done: Recomputation, names: Mapping[str, str], lang: str) -> Names:
    """How the articles say boxes and options, and the count and annex of each act."""
    steps = {a["act"]: (a["annex"], a["count"]) for a in done.annexes}
    boxes = {f"votes.{o}": Message(VOTES_OF, {"name": name}).text(lang) for o, name in names.items()}
    boxes |= {f"figures.{box.value}": translate(label, lang) for box, label in LABELS.items()}
    return Names(boxes, {k: n for k, (_a, n) in steps.items()}, {k: a for k, (a, _n) in steps.items()})


def outcome(one: Mapping[str, Any], lang: str) -> str:
    said = {"petition": one["petition"], "outcome": one["outcome"]}
    return Message(OUTCOMES.get(one["outcome"], OTHER), said).text(lang)


def after(done: Recomputation, names: Mapping[str, str], lang: str = "fr") -> str:
    """Totals and outcome after the acts, derived."""
    total = done.after.total
    most = sorted(zip(done.after.options, total.votes, strict=True), key=lambda v: -v[1])
    votes = ", ".join(Message(EACH, {"name": names.get(o, o), "n": n}).text(lang) for o, n in most)
    return Message(AFTER, {"valid": total.valid, "votes": votes}).text(lang)
