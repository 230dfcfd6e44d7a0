"""What a database put back says of itself, asked in a process of its own: `python -m kalata.archive.trial facts|ready`.

ready: it also gets every migration of this version, its public logs wait (LOG-205), and an act says that it was put back.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from kalata.processes import dying
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

KEPT = ("LANG", "LC_ALL", "PATH", "HOME", "PYTHONPATH", "KALATA_ROOMS", "KALATA_DEMO", "TZ")


class NoAnswer(Refused):
    code = "OPS-159"
    says = _("La base reprise n’a pas répondu : %(why)s.")
    remedy = _("Prenez la version du logiciel qui a écrit la copie, ou une plus récente. Rien n’a été changé.")


def asked(word: str, url: str, var: Path, told: dict[str, Any] | None = None) -> dict[str, Any]:
    """The facts of a database at `url` (SQLite in `var` where empty), told by a process whose house is `var`."""
    from django.conf import settings

    env = {k: v for k, v in os.environ.items() if k in KEPT} | {
        "KALATA_VAR": str(var), "KALATA_LEDGER": settings.LEDGER_KEY, "KALATA_KEY": "x" * 60, "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "kalata.settings.office",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "kalata.archive.trial", word, json.dumps(told or {})],
        env=env | dying(), capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        lines = [x for x in done.stderr.splitlines() if x.strip()]
        raise NoAnswer(why=(lines or ["?"])[-1][:300])
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def facts() -> dict[str, Any]:
    """Rows, last act, chain, guards, acts behind rows, kept files, and the newest moment that the database knows."""
    from django.db import connection
    from django.db.models import Max

    from kalata.evidence.models import Content
    from kalata.ledger import answers, locks, queries
    from kalata.ledger.models import Act, Backup, Machine, Pulse

    last = Act.objects.order_by("-pk").first()
    moments = [m.objects.aggregate(at=Max("at"))["at"] for m in (Act, Backup, Machine, Pulse)]
    newest = max((m for m in moments if m), default=None)
    return {
        "rows": counted(connection), "act": last.pk if last else 0, "mark": last.mark if last else "",
        "newest": newest.isoformat() if newest else "", "breaks": sum(1 for _one in queries.breaks()),
        "guards": [str(one) for one in locks.faults()][:5], "told": len(answers.faults()),
        "kept": list(Content.objects.filter(destroyed_at=None).values_list("sha256", "place", "size")),
    }  # fmt: skip


def counted(connection: Any) -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'select count(*) from "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def ready(told: dict[str, Any]) -> None:
    from django.core.management import call_command

    from kalata.ledger import house
    from kalata.transparency import upkeep

    call_command("migrate", verbosity=0)
    held = upkeep.hold_after_restore()
    house.copy_restored(held=held, **told)


def main() -> None:
    from kalata import processes
    from kalata.cli import setup_django

    processes.die_if_asked()
    setup_django()
    if sys.argv[1] == "ready":
        ready(json.loads(sys.argv[2]))
    sys.stdout.write(json.dumps(facts()) + "\n")


if __name__ == "__main__":
    main()
