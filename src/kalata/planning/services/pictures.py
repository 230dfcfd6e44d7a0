"""What the second person has before the eyes: the exact difference, the days, the legal dates and the francs."""

from __future__ import annotations

from fractions import Fraction

from kalata.people.models import Approval
from kalata.people.rules.picture import Item, Line, Picture, Text, Value
from kalata.planning.models import ChangeRequest, OddsRun, PlanVersion
from kalata.planning.pages.odds import branches_of, polling
from kalata.planning.queries import content, effects
from kalata.planning.rules import difference
from kalata.planning.rules.difference import About, Difference, Kind
from kalata.planning.rules.effects import Effect
from kalata.text import Message
from kalata.text import gettext_noop as _

PAGE = 20


def title_of(one: PlanVersion) -> str:
    return f"{one.plan.name}, version {one.number}"


def facts_of(
    one: PlanVersion, asked: ChangeRequest | None, found: list[Difference], effect: Effect
) -> dict[str, Value]:
    """What the decision is bound to: the whole content, the exact difference, and what it does."""
    facts: dict[str, Value] = {
        "plan": one.plan.code, "version": one.number, "state": one.state, "content": content.sha256(one),
        "difference": difference.digest(found), "request": asked.pk if asked else None,
        "end": f"{effect.end[0]} → {effect.end[1]}", "francs": f"{effect.francs_before[1]} → {effect.francs_after[1]}",
        **{f"legal:{m.code}": f"{m.anchor} {m.before} → {m.after}" for m in effect.legal},
        **{f"milestone:{m.code}": f"{m.before} → {m.after}" for m in effect.moved},
    }  # fmt: skip
    return facts | {key: value for key, value in difference.facts(found).items() if one.base_id}


def picture_of(approval: Approval, page: int = 1) -> Picture:
    """Drawn on the records as they are now: the effect first, then each activity that changes."""
    one = PlanVersion.objects.select_related("plan__election__pack", "base__plan").get(pk=approval.payload["version"])
    asked = ChangeRequest.objects.filter(pk=approval.payload.get("request") or 0).first()
    found = effects.difference(one.base, one)
    effect = effects.effect(one.base, one)
    items = [*effect_items(one, effect), odds_item(approval), *(change_item(d) for d in found if one.base_id)]
    then = (
        _("Cette version devient la référence du plan ; celle d’avant reste lisible, remplacée."),
        _("Son empreinte et les noms des signataires entrent dans le journal des actes."),
    )
    first = (max(page, 1) - 1) * PAGE
    return Picture(
        title_of(one), facts_of(one, asked, found, effect), tuple(items[first : first + PAGE]), len(items), then=then
    )


def effect_items(one: PlanVersion, effect: Effect) -> list[Item]:
    """Days, legal dates, francs: each side is None where the version is the first of its plan."""
    first = one.base_id is None
    low, likely, high = effect.francs_after
    was = (None, None, None) if first else effect.francs_before
    end = [Line(_("Dernier jour du plan"), None if first else effect.end[0], effect.end[1])]
    end += [
        Line(Message("%(code)s %(name)s", {"code": m.code, "name": m.name}), m.before, m.after) for m in effect.moved
    ]
    legal = [
        Line(Message(_("%(name)s (%(anchor)s), jours de marge"), {"name": m.name, "anchor": m.anchor}), None if first else m.before, m.after)
        for m in effect.legal
    ]  # fmt: skip
    money = [
        Line(_("Coût bas, en francs"), was[0], low), Line(_("Coût probable, en francs"), was[1], likely),
        Line(_("Coût haut, en francs"), was[2], high),
    ]  # fmt: skip
    broken = len(effect.late)
    note = (
        Message(_("%(n)d {n:date légale non tenue|dates légales non tenues}"), {"n": broken})
        if broken
        else _("toutes les dates légales sont tenues")
        if effect.legal
        else _("ce plan n’a aucune date légale : rien n’est vérifié")
    )
    return [
        Item(_("Jours"), lines=tuple(end)), Item(_("Dates légales"), lines=tuple(legal), note=note),
        Item(_("Francs"), lines=tuple(money)),
    ]  # fmt: skip


def share(value: Fraction) -> Message:
    return Message("%(share)s", {"share": value})


def odds_item(approval: Approval) -> Item:
    """The chances as the person who endorsed read them: the run that was there then, not one made since."""
    run = OddsRun.objects.filter(pk=approval.payload.get("odds") or 0).first()
    if run is None or not run.figures:
        return Item(_("Chances"), note=_("pas calculées quand la version a été visée"))
    figures = run.figures
    lines = []
    for name, base, label in (("plain", "base", _("Prêts pour le scrutin, durées seules")), ("risks", "base_risks", _("Prêts pour le scrutin, avec les risques"))):  # fmt: skip
        now, was = polling(figures, name), polling(figures, base)
        if now is not None:
            lines.append(Line(label, share(was.chance) if was else None, share(now.chance)))
    for branch in branches_of(figures, "plain"):
        says = Message(_("P80 du scrutin, %(share)s des tirages"), {"share": share(branch.odd.chance)})
        lines.append(Line(says, None, branch.days[1].isoformat()))
    was_legal = {row["id"]: row["chance"] for row in (figures.get("base") or {}).get("legal", ())}
    for row in figures["plain"]["legal"]:
        old = was_legal.get(row["id"])
        legal = Message(_("%(code)s (%(anchor)s), chance"), {"code": row["id"], "anchor": row["anchor"]})
        lines.append(Line(legal, share(Fraction(old)) if old else None, share(Fraction(row["chance"]))))  # fmt: skip
    note = Message(_("tirage %(n)d, %(draws)d {draws:tirage|tirages}, empreinte des chiffres %(mark)s"), {"n": run.pk, "draws": run.draws, "mark": run.figures_sha256[:12]})  # fmt: skip
    return Item(_("Chances"), lines=tuple(lines), note=note)


WORDS: dict[Kind, Text] = {Kind.ADDED: _("ajoutée"), Kind.REMOVED: _("ôtée"), Kind.CHANGED: _("modifiée")}


def change_item(d: Difference) -> Item:
    title = _("Dates du plan") if d.about is About.PLAN else f"{d.code} {d.title}".strip()
    lines = tuple(Line(f.shown_label, f.before, f.after) for f in d.fields)
    return Item(title, d.code, lines, note=WORDS[d.kind] if d.about is About.ACTIVITY else "")
