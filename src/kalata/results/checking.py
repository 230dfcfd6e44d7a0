"""What `kalata check` asks of the results: what takes two persons has its two."""

from __future__ import annotations

from kalata.results.queries.signatures import unsigned


def two_persons() -> tuple[bool, str]:
    found = unsigned()
    return not found, "; ".join(found[:5]) or "publications and mandates have their approvals"
