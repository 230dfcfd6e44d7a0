"""How a PostgreSQL that vanished is waited for, and what changes behind PgBouncer (docs/en/machines.md)."""

from __future__ import annotations

import os
from typing import Any

PATIENCE: dict[str, str] = {
    "connect_timeout": "5",
    "keepalives": "1",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
"""A cut cable is noticed before another machine takes over; what DATABASE_URL says itself counts."""


def patient(database: dict[str, Any]) -> dict[str, Any]:
    """The settings of a connection, with the patience of the house. KALATA_PGBOUNCER=1: no cursor outlives a transaction."""
    return {
        **database,
        "OPTIONS": PATIENCE | dict(database["OPTIONS"]),
        "DISABLE_SERVER_SIDE_CURSORS": os.environ.get("KALATA_PGBOUNCER", "") == "1",
    }
