"""What a decision carries in every form it takes: its acts, the totals it prints, its annexes.

PDF, XML and JSON are the same decision when these are the same; the bytes of decision.json are their canonical form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kalata.transparency.rules.canonical import NotCanonical, jcs, once

LARGEST = 64 * 1024 * 1024


def read(data: bytes) -> Any:
    """The value of canonical JSON (RFC 8785). NotCanonical: anything else, were it valid JSON."""
    try:
        found = json.loads(data.decode(), object_pairs_hook=once)
        same = jcs(found) == data
    except (ValueError, RecursionError, OverflowError) as why:
        raise NotCanonical(str(why) or "unreadable") from None
    if not same:
        raise NotCanonical("not the canonical form (RFC 8785)")
    return found


def carried(decision: Mapping[str, Any]) -> dict[str, Any]:
    """The parts that every form shares. What is absent is empty: a decision that prints no total carries none."""
    printed = decision.get("printed") or {}
    return {
        "decision": decision.get("decision", ""),
        "acts": list(decision.get("acts") or ()),
        "totals": {
            f"{kind}.{name}": str(value)
            for kind in ("figures", "votes")
            for name, value in sorted((printed.get(kind) or {}).items())
        },
        "annexes": [
            {"annex": str(one.get("annex", "")), "stations": [[str(part) for part in key] for key in one.get("stations") or ()]}
            for one in decision.get("annexes") or ()
        ],
    }  # fmt: skip


def differences(want: Mapping[str, Any], got: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(what, got, want) of each part that differs; an annex is compared station by station."""
    out = []
    for part in ("decision", "acts", "totals"):
        if want[part] != got[part]:
            out.append((part, jcs(got[part]).decode()[:300], jcs(want[part]).decode()[:300]))
    wanted, met = ({one["annex"]: one["stations"] for one in side["annexes"]} for side in (want, got))
    if [one["annex"] for one in want["annexes"]] != [one["annex"] for one in got["annexes"]]:
        out.append(("annexes", ", ".join(met), ", ".join(wanted)))
    for annex in wanted.keys() & met.keys():
        if wanted[annex] != met[annex]:
            missing = [" / ".join(k) for k in wanted[annex] if k not in met[annex]]
            more = [" / ".join(k) for k in met[annex] if k not in wanted[annex]]
            out.append((f"annex {annex}", "; ".join(more)[:300] or f"{len(met[annex])}", "; ".join(missing)[:300] or f"{len(wanted[annex])}"))  # fmt: skip
    return out
