"""The record of a station on paper: who sat and counted, replacements, training and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone

from kalata.country.models import Station
from kalata.documents import heads, rendering
from kalata.documents.rendering import Paper
from kalata.text import gettext_noop as _
from kalata.text import long_date, translate
from kalata.training.models import PostReplacement
from kalata.training.queries.station_record import Sat
from kalata.training.rules.classes_states import BADGE, Badge
from kalata.training.rules.manuals.words import role_in
from kalata.training.rules.posts_day import ROUTES

TITLE = _("Qui a siégé et compté dans ce bureau")


def record(
    one: Station, rows: Sequence[Sat], replaced: Sequence[PostReplacement], titles: Mapping[int, str], lang: str
) -> bytes:
    def say(sentence: str) -> str:
        return translate(sentence, lang)

    head = heads.of_contest(one.contest, lang, title=say(TITLE), number=one.code)
    table = [
        [titles[s.post.pk], f"{s.agent.name} ({s.agent.code})" if s.agent else "–", s.post.state_label.text(lang), named_by(s, lang), trained(s, lang)]
        for s in rows
    ]  # fmt: skip
    heads_ = [say(_("Poste")), say(_("Titulaire")), say(_("État")), say(_("Nommé, juré")), say(_("Formation et pages"))]
    blocks: list[dict[str, object]] = [
        {"kind": "pairs", "rows": [[say(_("Bureau")), one.code], [say(_("Lieu")), one.unit.name if one.unit else "–"]]},
        {"kind": "table", "heads": heads_, "rows": table, "widths": [3, 4, 2, 4, 5], "aligns": []},
    ]
    if replaced:
        heads_ = [say(_("Poste")), say(_("Heure")), say(_("Remplacé, remplaçant")), say(_("Électeur n°")), say(_("Décidé par, règle")), say(_("Serment devant"))]  # fmt: skip
        lines = [
            [titles.get(r.post_id, ""), f"{timezone.localtime(r.at):%H:%M}", f"{r.out.name if r.out else '–'} → {r.agent.name}", str(r.roll_number or "–"), f"{r.decided_by}, {r.rule}, {say(ROUTES[r.route])}", r.witness]
            for r in replaced
        ]  # fmt: skip
        blocks.append({"kind": "table", "heads": heads_, "rows": lines, "widths": [3, 2, 4, 2, 4, 3], "aligns": []})
    return rendering.copy(Paper("station-record", head, {"blocks": blocks}, lang)).pdf


def named_by(s: Sat, lang: str) -> str:
    """The act, or the replacement of the day; and the oath."""

    def say(sentence: str) -> str:
        return translate(sentence, lang)

    if s.replacement:
        return f"{say(_('remplacement du jour'))}, {timezone.localtime(s.replacement.at):%H:%M}"
    parts = [f"{say(_('acte'))} {s.post.appointment.number}" if s.post.appointment else say(_("aucun acte"))]
    parts.append(f"{say(_('serment'))} {s.oath.place}" if s.oath else say(_("serment non constaté")))
    return ", ".join(parts)


def trained(s: Sat, lang: str) -> str:
    def say(sentence: str) -> str:
        return translate(sentence, lang)

    if s.taught is None:
        return say(_("aucune attestation"))
    one = s.taught.certificate
    parts = [f"{one.number} ({role_in(one.role, lang)}, {say(BADGE.labels[Badge(one.state)])}), {long_date(one.awarded_on, lang)}"]  # fmt: skip
    if s.taught.pair:
        parts.append(f"{s.taught.training_class}, {s.taught.pair}")
    else:
        parts.append(say(_("par un binôme de formateurs")))
    parts += [f"{p.procedure} v{p.version} : {p.code}" for p in s.taught.pages]
    return " ; ".join(parts) if s.taught.pages else " ; ".join([*parts, say(_("aucun manuel remis à cette séance"))])
