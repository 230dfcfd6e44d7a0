"""5,000 decisions made up, searched by their words: the longest of a hundred searches by the processor, with snippets and the count.

`.venv/bin/python bench/precedents.py [N]` on SQLite; DJANGO_SETTINGS_MODULE names another database. Nothing is kept: the
search is measured in a transaction that is undone.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kalata.settings.test")
WORDS = [
    "annulation",
    "bureau",
    "vote",
    "procès-verbal",
    "signature",
    "assesseur",
    "président",
    "liste",
    "délégué",
    "expulsé",
    "bourrage",
    "urne",
    "chiffres",
    "incohérents",
    "inscrits",
    "votants",
    "nuls",
    "exprimés",
    "suffrages",
    "rectification",
    "matérielle",
    "requête",
    "irrecevable",
    "délai",
    "qualité",
    "intérêt",
    "moyen",
    "grief",
    "preuve",
    "pièce",
    "constat",
    "huissier",
    "commune",
    "cercle",
    "région",
    "circonscription",
    "scrutin",
    "sincérité",
    "écart",
    "issue",
    "dispositif",
    "considérant",
    "motif",
]
PLACES = [f"commune{n}" for n in range(700)]
ASKED = (
    "annulation", "proces verbal signature", "bourrage urne", "delegue expulse", "president liste assesseur", "commune12 ecart",
    "sincerite scrutin", "rectification materielle chiffres", "irrecevable delai", "introuvable", "annul bur", "votants inscrits",
)  # fmt: skip


def rows(n: int, dice: random.Random):  # type: ignore[no-untyped-def]
    """Decisions of about 700 words, as long as a short ruling."""
    from kalata.disputes.rules.precedents import marks

    for i in range(1, n + 1):
        year = 1997 + i % 30
        words = dice.choices(WORDS, k=650) + dice.choices(PLACES, k=50)
        dice.shuffle(words)
        yield f"bench:{i}", {
            "number": f"{year}-{i}/CC-EL", "day": f"{year}-05-0{1 + i % 9}", "year": year, "kind": "legislative", "title": "mise à l’essai",
            "text": " ".join(words), "marks": marks(["ML-D-OPERATIONS"], ["stuffing"], ["granted" if i % 3 else "inadmissible"]),
        }  # fmt: skip


def look(q: str, **filters: str) -> tuple[float, int]:
    """(processor seconds, decisions found) of one search, its first page shown."""
    from kalata.disputes.queries.precedents import search
    from kalata.disputes.rules.precedents import snippet, words_of

    start = time.process_time()
    found = search(q, **filters)  # type: ignore[arg-type]
    count = found.count()
    for one in found[:20]:
        snippet(one.text, words_of(q))
    return time.process_time() - start, count


def measure(n: int) -> tuple[float, float]:
    """(longest, median) seconds of a hundred searches in n decisions."""
    from kalata.disputes.services.precedents import written

    dice = random.Random(15)
    written(rows(n, dice))
    spent = []
    for turn in range(100):
        q = ASKED[turn % len(ASKED)]
        seconds, count = look(q, **({"outcome": "granted"} if turn % 4 == 3 else {}))
        assert count or q == "introuvable", q
        spent.append(seconds)
    return max(spent), sorted(spent)[len(spent) // 2]


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.test.utils import setup_databases, teardown_databases

    from bench.lines import line

    n = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory():
        old = setup_databases(verbosity=0, interactive=False)
        try:
            call_command("migrate", verbosity=0)
            with transaction.atomic():
                longest, median = measure(n)
                transaction.set_rollback(True)
        finally:
            teardown_databases(old, verbosity=0)
    line(
        f"precedents: {n:,} decisions, {connection.vendor}, longest of 100 searches, CPU (median {1_000 * median:.0f} ms)",
        f"{1_000 * longest:.0f} ms",
        "<= 300 ms",
        longest <= 0.3,
    )


if __name__ == "__main__":
    main()
