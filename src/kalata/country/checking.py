"""What `kalata check` asks of the packs: each is still the one that was loaded."""

from __future__ import annotations

from kalata.country.models import PackVersion
from kalata.country.rules.pack import pack_from
from kalata.text import Message, plainly
from kalata.text import gettext_noop as _


def packs() -> tuple[bool, str | Message]:
    loaded = list(PackVersion.objects.all())
    altered = [v.code for v in loaded if pack_from(v.content).fingerprint() != v.sha256]
    if altered:
        return False, plainly(_("altérés : %(which)s"), which=str(altered))
    return True, ", ".join(f"{v.code} {v.version}" for v in loaded)
