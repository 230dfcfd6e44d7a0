"""The words of a remedy: acts attacked, contests, ways in which a body decides."""

from __future__ import annotations

from collections.abc import Mapping

from kalata.text import gettext_noop as _

ABOUT_LABELS: Mapping[str, str] = {
    "register": _("liste électorale"), "candidacy": _("liste des candidats"), "convening": _("décret de convocation"),
    "campaign": _("campagne électorale"), "operations": _("opérations de vote"), "results": _("résultats provisoires"),
}  # fmt: skip
"""In the order in which an election meets them."""
CONTEST_LABELS: Mapping[str, str] = {
    "presidential": _("élection présidentielle"), "legislative": _("élections législatives"), "referendum": _("référendum"),
    "communal": _("élections communales"), "regional": _("élections régionales"),
}  # fmt: skip
DECIDES_LABELS: Mapping[str, str] = {
    "bench": _("formation de jugement"), "commission": _("commission"), "judge": _("juge unique"),
}  # fmt: skip
