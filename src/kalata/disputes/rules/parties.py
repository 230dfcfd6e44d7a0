"""Words for the parties of a case and for who may open its pieces; what each may read of them."""

from __future__ import annotations

from collections.abc import Mapping

from kalata.text import gettext_noop as _

ROLE_LABELS: Mapping[str, str] = {
    "petitioner": _("requérant"), "respondent": _("défendeur"), "intervener": _("intervenant"),
    "counsel": _("conseil"), "authority": _("autorité qui a fait l’acte"),
}  # fmt: skip
ACCESS_LABELS: Mapping[str, str] = {
    "public": _("publique"), "parties": _("aux parties"), "bench": _("à la formation"), "sealed": _("sous scellé"),
}  # fmt: skip
OPEN_TO_PARTIES = ("public", "parties")
"""What a party opens of its own case. The rest of the case stays open to it: one sealed paper hides itself alone."""


def opens(access: str, *, bench: bool = False, registry: bool = False, party: bool = False) -> bool:
    """True where a piece of this class is opened by who holds this place in the case."""
    if bench:
        return True
    return (registry and access != "sealed") or (party and access in OPEN_TO_PARTIES)
