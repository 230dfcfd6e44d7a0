"""What a step of a paper does, in figures, said on its page before it is done."""

from __future__ import annotations

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kalata.results.rules.boxes import Sheet
from kalata.tally.models import Paper
from kalata.tally.rules.lifecycle import COUNTED, PUBLIC, State, Way, way_of
from kalata.text import told, whole

AGAIN = frozenset({State.SCANNED, State.RECEIVED, State.EXPECTED})
"""Where a paper starts over: what was typed counts for nothing."""


def of_steps(paper: Paper, tos: list[State], sheet: Sheet | None, lang: str) -> dict[str, list[str]]:
    """state -> the sentences of the step to it. sheet: the settled figures where the reader may see them."""
    start = State(paper.state)
    held = start in COUNTED and not paper.annulled
    moves = [to for to in tos if held != (to in COUNTED)]
    counted = Paper.objects.filter(contest=paper.contest_id, state__in=COUNTED, annulled=False).count() if moves else 0
    return {to.value: sentences(paper, start, to, sheet, counted, lang) for to in tos}


def sentences(paper: Paper, start: State, to: State, sheet: Sheet | None, counted: int, lang: str) -> list[str]:
    out = []
    if start in COUNTED and to not in COUNTED:
        out.append(told(_("Le bureau sort des totaux : %(was)s {was:bureau compté|bureaux comptés}, %(now)s ensuite."), get_language(), {"was": whole(counted, lang), "now": whole(counted - 1, lang)}))  # fmt: skip
        out += figures(sheet, lang)
    elif start not in COUNTED and to in COUNTED:
        out.append(told(_("Le bureau entre dans les totaux : %(was)s {was:bureau compté|bureaux comptés}, %(now)s ensuite."), get_language(), {"was": whole(counted, lang), "now": whole(counted + 1, lang)}))  # fmt: skip
        out += figures(sheet, lang)
    if start in PUBLIC and to not in PUBLIC:
        out.append(_("Sa page publique dit qu’il est rappelé ; sa version publiée n’est pas effacée."))
    if to in AGAIN and start not in AGAIN and (sheet is not None or start is State.ARBITRATION):
        out.append(_("Deux saisies sont à refaire, par deux personnes."))
    if to is State.RECEIVED and start is State.RECALLED:
        out.append(_("Il est à numériser de nouveau."))
    if to is State.SET_ASIDE:
        out.append(_("Ses chiffres n’entrent dans aucun total, sauf rappel à deux personnes ou décision de la Cour."))
    if to in (State.MISSING, State.NO_VOTE):
        n = paper.station.registered or 0
        out.append(ngettext("%(k)s inscrit de ce bureau ne compte pas dans les chiffres.", "%(k)s inscrits de ce bureau ne comptent pas dans les chiffres.", n) % {"k": whole(n, lang)})  # fmt: skip
    if way_of(start, to, bool(paper.errors)) is Way.SECOND:
        out.append(_("Rien ne change avant qu’une autre personne ait lu et approuvé."))
    return out


def figures(sheet: Sheet | None, lang: str) -> list[str]:
    """The votes that move with the paper, where the reader sees figures."""
    votes = sum(v or 0 for v in sheet.votes) if sheet else 0
    return [_("Avec lui : %(votes)s voix.") % {"votes": whole(votes, lang)}] if votes else []
