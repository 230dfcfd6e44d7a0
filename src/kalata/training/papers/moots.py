"""The dossier of a moot case on paper: a page a stage, to be handed out one after another, with room for the answers."""

from __future__ import annotations

from kalata.documents import heads, rendering
from kalata.documents.rendering import Paper
from kalata.text import gettext_noop as _
from kalata.text import translate
from kalata.training.models import MootSitting
from kalata.training.queries import moots
from kalata.training.rules.moots.case import Asks, Case, Question

LINES = {Asks.WRITTEN: 6, Asks.COMPUTED: 1}


def dossier(one: MootSitting, case: Case, last: int, lang: str) -> bytes:
    """Stages 1 to last."""

    def say(sentence: str) -> str:
        return translate(sentence, lang)

    head = heads.of_pack(
        moots.pack_version(case.pack),
        lang,
        title=say(_("Dossier d’affaire-école")),
        number=f"{case.id} v{one.version.number}",
        about=one.title,
    )
    blocks: list[dict[str, object]] = [
        {"kind": "pairs", "rows": [[say(_("Affaire")), case.title.text(lang)], [say(_("Droit appliqué au")), case.on.isoformat()], [say(_("Empreinte")), one.version.sha256[:16]]]},
        {"kind": "note", "text": say(_("Exercice. Personnes, listes et lieux sont inventés. Rien de ce dossier n’est une décision."))},
    ]  # fmt: skip
    for stage in case.stages[:last]:
        title = say(_("Étape %(n)d : %(title)s")) % {"n": stage.no, "title": stage.title.text(lang)}
        blocks.append({"kind": "heading", "text": f"{title} ({stage.minutes} min)"})
        blocks += [{"kind": "paragraph", "text": f.text(lang)} for f in stage.facts]
        blocks += [{"kind": "pairs", "rows": [[p.title.text(lang), p.text.text(lang)]]} for p in stage.papers]
        law = moots.cited(case, stage.law)
        if law:
            rows = [
                [c.id, c.rule, c.article or "–", say(_("vérifié")) if c.verified else say(_("non vérifié"))]
                for c in law
            ]
            heads_ = [
                say(_("Norme du pack")),
                say(_("Ce qu’elle dit")),
                say(_("Article")),
                say(_("Lu au Journal officiel")),
            ]
            blocks.append({"kind": "table", "heads": heads_, "rows": rows, "widths": [3, 5, 2, 2], "aligns": []})
        for q in stage.questions:
            blocks += asked(q, lang)
    if not last:
        blocks.append({"kind": "note", "text": say(_("Aucune étape n’est encore ouverte."))})
    return rendering.copy(Paper("moot-dossier", head, {"blocks": blocks}, lang)).pdf


def asked(q: Question, lang: str) -> list[dict[str, object]]:
    out: list[dict[str, object]] = [{"kind": "paragraph", "text": f"{q.id}. {q.text.text(lang)}"}]
    if q.options:
        return [*out, {"kind": "list", "items": [f"☐ {o.text.text(lang)}" for o in q.options]}]
    return [
        *out,
        {
            "kind": "table",
            "heads": [translate(_("Réponse"), lang)],
            "rows": [[" "]] * LINES[q.asks],
            "widths": [1],
            "aligns": [],
        },
    ]
