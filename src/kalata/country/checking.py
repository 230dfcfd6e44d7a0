"""What `kalata check` asks of the packs: each is still the one that was loaded."""

from __future__ import annotations

from kalata.country.models import PackVersion
from kalata.country.rules.pack import pack_from


def packs() -> tuple[bool, str]:
    loaded = list(PackVersion.objects.all())
    altered = [v.code for v in loaded if pack_from(v.content).fingerprint() != v.sha256]
    return not altered, f"altered: {altered}" if altered else ", ".join(f"{v.code} {v.version}" for v in loaded)
