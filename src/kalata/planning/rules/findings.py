"""What a reader of the dates should know beside: each with its code, its activity and a sentence in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalata.planning.rules.plan import Type
from kalata.text import Message
from kalata.text import gettext_noop as _

if TYPE_CHECKING:
    from kalata.planning.rules.scheduling import Schedule


def found(code: str, of: str, says: str, **params: object) -> dict[str, object]:
    return {"code": code, "id": of, **Message(says, {"id": of, **params}).both()}


def findings_of(s: Schedule) -> list[dict[str, object]]:
    out: list[dict[str, object]] = []
    by_id = s.plan.by_id
    for i, a in enumerate(s.plan.activities):
        if a.type is Type.MILESTONE and a.likely:
            out.append(
                found("milestone_with_days", a.id, _("%(id)s est un jalon et dure pourtant %(n)d j."), n=a.likely)
            )
        if s.total[i] < 0:
            out.append(found("negative_float", a.id, _("%(id)s doit commencer %(n)d j plus tôt pour tenir les échéances qui la suivent."), n=-s.total[i]))  # fmt: skip
    for one in s.anchors:
        if one.missed and one.margin < 0:
            out.append(found("anchor_missed", one.id, _("%(id)s manque son échéance %(anchor)s de %(n)d j."), anchor=one.anchor.text, n=-one.margin))  # fmt: skip
            if one.margin == -1 and not by_id[one.id].likely:
                out.append(found("evening", one.id, _("Ce qui précède %(id)s s’achève le soir même de l’échéance : elle tient si l’acte est fait avant 24 h.")))  # fmt: skip
        elif one.missed:
            out.append(found("anchor_early", one.id, _("%(id)s vient %(n)d j avant son échéance %(anchor)s."), anchor=one.anchor.text, n=one.margin))  # fmt: skip
    for feast in s.estimated:
        says = _("%(name)s n’est qu’estimé : entre le %(first)s et le %(last)s. Un décret en fixera le jour.")
        out.append(found("estimated_holiday", "", says, name=feast.name, first=feast.first, last=feast.last))
    return out
