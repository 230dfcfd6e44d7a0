"""The operative part of a decision, written from its acts: one article an act, and never a word that no act carries.

Counts are those of the acts expanded to stations (`counts`: act -> number); the annex that lists them is named by its
number (`annexes`: act -> annex). Who is elected or qualified is said from the outcome derived, by who calls this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

SAYS: Mapping[str, str] = {
    "REJECT_INADMISSIBLE": _("La requête n° %(petition)s est irrecevable."),
    "REJECT_UNFOUNDED": _("La requête n° %(petition)s est rejetée comme mal fondée."),
    "REJECT_NO_EFFECT": _("La requête n° %(petition)s est rejetée : les irrégularités relevées n’ont pu changer l’issue du scrutin."),
    "NOTE_WITHDRAWAL": _("Il est donné acte du désistement de la requête n° %(petition)s."),
    "NO_JURISDICTION": _("La Cour n’est pas compétente pour connaître de la requête n° %(petition)s, qui relève de : %(body)s."),
    "STRIKE_DUPLICATE": _("La requête n° %(petition)s, double de la requête n° %(of)s, est rayée du rôle."),
    "JOIN": _("Les requêtes n° %(petitions)s sont jointes pour y être statué par une seule décision."),
    "SEVER": _("La requête n° %(petition)s est disjointe."),
    "INVESTIGATE": _("Avant dire droit, il est ordonné : %(what)s."),
    "RERUN_ORDER": _("Il sera procédé à de nouvelles opérations de vote : %(where)s."),
    "REFER_TO_PROSECUTOR": _("La présente décision est transmise au ministère public pour les faits relevés : %(what)s."),
    "ANNUL_STATION": _("Les opérations de vote sont annulées dans %(n)s bureaux de vote%(where)s, dont la liste est à l’annexe %(annex)s ; leurs suffrages sortent de tous les totaux."),
    "ANNUL_AREA": _("Les opérations de vote sont annulées dans tous les bureaux de : %(where)s, soit %(n)s bureaux de vote, dont la liste est à l’annexe %(annex)s ; leurs suffrages sortent de tous les totaux."),
    "RECTIFY": _("Le procès-verbal du bureau « %(station)s » est rectifié : %(boxes)s (annexe %(annex)s)."),
    "RESTORE": _("Les procès-verbaux de %(n)s bureaux de vote, dont la liste est à l’annexe %(annex)s, comptent de nouveau."),
}  # fmt: skip
ACT_LABELS: Mapping[str, str] = {
    "REJECT_INADMISSIBLE": _("Rejet, irrecevable"), "REJECT_UNFOUNDED": _("Rejet, mal fondée"), "REJECT_NO_EFFECT": _("Rejet, sans effet sur l’issue"),
    "NOTE_WITHDRAWAL": _("Désistement noté"), "NO_JURISDICTION": _("Incompétence"), "STRIKE_DUPLICATE": _("Double rayé"), "JOIN": _("Jonction"),
    "SEVER": _("Disjonction"), "INVESTIGATE": _("Mesure d’instruction"), "RERUN_ORDER": _("Vote à refaire"),
    "REFER_TO_PROSECUTOR": _("Transmission au ministère public"), "ANNUL_STATION": _("Annulation de bureaux"),
    "ANNUL_AREA": _("Annulation d’un lieu"), "RECTIFY": _("Rectification d’un procès-verbal"), "RESTORE": _("Bureaux rétablis"),
}  # fmt: skip
"""The name of an act on a screen; its sentence is in SAYS."""
ONE: Mapping[str, str] = {
    "ANNUL_STATION": _("Les opérations de vote sont annulées dans un bureau de vote%(where)s, nommé à l’annexe %(annex)s ; ses suffrages sortent de tous les totaux."),
    "ANNUL_AREA": _("Les opérations de vote sont annulées dans le bureau de vote de : %(where)s, nommé à l’annexe %(annex)s ; ses suffrages sortent de tous les totaux."),
    "RESTORE": _("Le procès-verbal d’un bureau de vote, nommé à l’annexe %(annex)s, compte de nouveau."),
}  # fmt: skip
AREA = _(" (%(where)s)")
BOX = _("%(box)s, %(before)s devient %(after)s")


class UnwrittenAct(Refused):
    code = "DIS-660"
    says = _("L’acte « %(act)s » (%(kind)s) ne s’écrit pas : il manque %(field)s.")
    remedy = _("Complétez l’acte : le dispositif n’est écrit que depuis les actes.")
    status = 422


@dataclass(frozen=True, slots=True)
class Names:
    """How keys are said to people: boxes and options ("figures.valid", "votes.A"), petitions as they are."""

    boxes: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    annexes: Mapping[str, str] = field(default_factory=dict)


def articles(acts: Sequence[Mapping[str, Any]], names: Names) -> list[Message]:
    """One sentence an act, in their order. DIS-660 where an act lacks what its sentence says."""
    return [article(act, names) for act in acts]


def article(act: Mapping[str, Any], names: Names) -> Message:
    kind, key = str(act.get("act", "")), str(act.get("id", ""))
    if kind not in SAYS:
        raise UnwrittenAct(act=key, kind=kind, field="act")
    stations = act.get("stations") or ()
    values: dict[str, object] = {
        "petition": act.get("petition"),
        "petitions": ", ".join(map(str, act.get("petitions") or ())) or None,
        "of": act.get("of") or act.get("lead"),
        "body": act.get("body"),
        "what": act.get("what") or act.get("measure") or act.get("reason"),
        "where": placed(act.get("where")),
        "n": names.counts.get(key, len(stations)) or None,
        "annex": names.annexes.get(key),
        "station": said(act.get("station")),
        "boxes": boxes(act, names) or None,
    }
    if kind == "ANNUL_STATION":
        values["where"] = Message(AREA, {"where": values["where"]}) if values["where"] else ""
    for name in ("where",) if kind == "RERUN_ORDER" else ():
        values[name] = values[name] or ", ".join(map(str, map(said, stations))) or None
    for name, value in values.items():
        if f"%({name})s" in SAYS[kind] and value is None:
            raise UnwrittenAct(act=key, kind=kind, field=name)
    sentence = ONE[kind] if kind in ONE and values["n"] == 1 else SAYS[kind]
    return Message(sentence, {k: v for k, v in values.items() if v is not None and f"%({k})s" in sentence})


def said(station: object) -> str | None:
    if station is None:
        return None
    return " / ".join(map(str, station)) if isinstance(station, list | tuple) else str(station)


def placed(where: object) -> str | None:
    if isinstance(where, Mapping):
        return ", ".join(str(v) for v in where.values()) or None
    return str(where) if where else None


def boxes(act: Mapping[str, Any], names: Names) -> Message | str:
    """What a rectification changes, box by box, in the order of the act."""
    before, after = act.get("before") or {}, act.get("after") or {}
    parts = [
        Message(BOX, {"box": names.boxes.get(key, key), "before": before.get(key, "–"), "after": value})
        for key, value in after.items()
    ]
    return Message(" ; ".join(f"%(b{i})s" for i in range(len(parts))), {f"b{i}": p for i, p in enumerate(parts)}) if parts else ""  # fmt: skip
