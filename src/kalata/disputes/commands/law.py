"""The law of disputes of a pack, for the pure commands: only the sections that disputes read."""

from __future__ import annotations

from kalata.country import packs
from kalata.deadlines.commands import pack_days_off
from kalata.disputes.rules.remedies import SECTIONS, Norms, norms_from

DEFAULT_PACK = "ml"


def norms_of(pack: str) -> Norms:
    """The norms of a pack, by code or folder."""
    folder = packs.find_pack(pack)
    sections = {name: packs.section_of(folder, name) for name in SECTIONS}
    tz = str(packs.head_of(folder).get("timezone") or "UTC")
    return norms_from(sections, tz, lambda first, last: pack_days_off(folder, first, last))
