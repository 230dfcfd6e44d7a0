"""The report of the reporting judge: the case as it stands, the evidence, what was weighed. No conclusion is the machine's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kalata.disputes.papers.court import in_words
from kalata.documents.rendering import Head, Paper
from kalata.documents.rules.content import grouped
from kalata.text import gettext_noop as _

TITLE = _("Rapport du juge rapporteur")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A simulation put in the report: its sentences, its table (heads, rows), digests, whether the figures have moved since."""

    name: str
    conclusion: str
    acts: Sequence[str]
    rests: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    digest: str
    recomputed: str
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """rows: the identity of the case; facts, options: as the judge wrote them, a paragraph a line; grounds: (key, what,
    words of the judge); measures: (asked, answered); evidence: (ground, station, pieces of the station, of the ground);
    officers: lines; bare: contested stations without a piece of their own."""

    rows: Sequence[Sequence[str]]
    facts: Sequence[str]
    grounds: Sequence[tuple[str, str, str]]
    measures: Sequence[tuple[str, str]]
    evidence: Sequence[Sequence[str]]
    evidence_left: int
    bare: int
    total: int
    officers: Sequence[str]
    apart: Sequence[Sequence[str]]
    weighed: Sequence[Weighed]
    options: Sequence[str]
    signed: Sequence[str]


def report(one: Report, head: Head, lang: str) -> Paper:
    say = in_words(lang)
    data = {
        "rows": [list(r) for r in one.rows],
        "w_facts": say(_("Faits et procédure")), "facts": list(one.facts), "no_facts": say(_("Non rédigés.")),
        "w_grounds": say(_("Moyens")), "grounds": [list(g) for g in one.grounds], "no_words": say(_("Pas d’observation du rapporteur.")),
        "w_measures": say(_("Mesures d’instruction")), "measures": [list(m) for m in one.measures], "no_measures": say(_("Aucune mesure.")),
        "measure_heads": [say(_("Demandé")), say(_("Réponse"))],
        "w_evidence": say(_("Preuves, bureau par bureau")),
        "bare": say(_("Bureaux visés sans pièce à eux : %(n)d sur %(of)d.")) % {"n": one.bare, "of": one.total},
        "evidence_heads": [say(_("Moyen")), say(_("Bureau")), say(_("Pièces du bureau")), say(_("Pièces de tout le moyen"))],
        "evidence": [list(r) for r in one.evidence],
        "evidence_left": say(_("Lignes non imprimées : %(n)d.")) % {"n": one.evidence_left} if one.evidence_left else "",
        "w_officers": say(_("Membres de bureau remplacés le jour du vote")), "officers": list(one.officers), "no_officers": say(_("Aucun remplacement noté.")),
        "w_apart": say(_("Cases où les papiers diffèrent")), "apart": [list(r) for r in one.apart], "no_apart": say(_("Aucune différence établie entre une copie lue par deux personnes, le procès-verbal et le publié.")),
        "apart_heads": [say(_("Bureau")), say(_("Case")), say(_("Copie du requérant")), say(_("Procès-verbal")), say(_("Publié"))],
        "w_weighed": say(_("Effet sur le résultat : simulations")), "no_weighed": say(_("Aucune simulation n’est versée au rapport.")),
        "weighed": [weighed(w, lang) for w in one.weighed],
        "w_options": say(_("Options proposées à la formation")), "options": list(one.options),
        "no_options": say(_("Aucune option n’est rédigée.")), "notice": say(_("Le calcul éclaire ; la Cour décide. Aucune conclusion n’est choisie par le logiciel.")),
        "signed": list(one.signed),
    }  # fmt: skip
    return Paper("court-report", head, data, lang)


def weighed(one: Weighed, lang: str) -> dict[str, object]:
    say = in_words(lang)
    return {
        "name": one.name, "conclusion": one.conclusion, "acts": list(one.acts), "rests": list(one.rests),
        "w_acts": say(_("Actes essayés")), "w_rests": say(_("La conclusion repose sur")),
        "heads": list(one.heads), "rows": [list(r) for r in one.rows],
        "digests": " · ".join(p for p in (f"{say(_('empreinte'))} {grouped(one.digest, 8)}", f"{say(_('recalcul'))} {grouped(one.recomputed, 8)}" if one.recomputed else "") if p),
        "stale": say(_("Les relevés ont changé depuis cette simulation.")) if one.stale else "",
    }  # fmt: skip
