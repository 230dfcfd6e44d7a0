"""What an act on a contest does, in figures, said before it is asked."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kalata.country.models import Contest
from kalata.results.rules.coverage import Coverage
from kalata.text import whole


def of_publication(contest: Contest, cov: Coverage | None, errors: int, lang: str) -> list[str]:
    """Made public, or withdrawn; by two persons."""
    n = cov.counted if cov else 0
    figures = {"n": whole(n, lang), "of": whole(cov.expected if cov else 0, lang)}
    if contest.published_at:
        return [
            ngettext("%(n)s bureau compté sur %(of)s cesse d’être lisible par tous, avec son image.", "%(n)s bureaux comptés sur %(of)s cessent d’être lisibles par tous, avec leurs images.", n) % figures,
            _("Ce qui est inscrit au journal public y reste."),
            _("Rien ne change avant qu’une autre personne ait lu et approuvé."),
        ]  # fmt: skip
    out = [
        ngettext("%(n)s bureau compté sur %(of)s devient lisible par tous, avec son image.", "%(n)s bureaux comptés sur %(of)s deviennent lisibles par tous, avec leurs images.", n) % figures,
    ]  # fmt: skip
    if errors:
        out.append(ngettext("%(n)s bureau a une erreur de calcul, publiée avec son constat.", "%(n)s bureaux ont une erreur de calcul, publiée avec leur constat.", errors) % {"n": whole(errors, lang)})  # fmt: skip
    out += [_("Ce qui est inscrit au journal public ne s’efface plus."), _("Rien ne change avant qu’une autre personne ait lu et approuvé.")]  # fmt: skip
    return out
