"""The acts of the Court that `tests.kills` cuts short, and how a house is looked at afterwards. Each takes the one row there is."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

import pikepdf  # noqa: F401  (what an act imports on its way is there before the process is forked)
import pyhanko.sign.signers  # noqa: F401
import signxml  # noqa: F401
from django.apps import apps
from django.conf import settings
from django.db import connection

from kalata.disputes.models import Bundle, Counter, Petition, PetitionReceipt, Roll, Ruling
from kalata.disputes.rules import receipts
from kalata.disputes.services import counters, custody, executing, intake, issuing, merging, rulings, stamping, steps
from kalata.disputes.signing import court, papers, times
from kalata.evidence import rehash, store
from kalata.evidence.models import Content
from kalata.ledger import answers, queries
from kalata.people.models import Person
from kalata.results.queries import board as boards
from tests.disputes.services.test_rulings import BENCH

ACTS = "tests.disputes.killed"
KNOWN = {"unserved": 0, "undelivered": 0, "voted": True, "passes": True}


def told() -> None:
    """What the other parts of the room say of a decision and of a case (test_rulings says the same)."""
    rulings.SECTIONS[:] = [lambda ruling: {"bench": dict(BENCH)}]
    steps.FACTS[:] = [lambda petition: dict(KNOWN)]


def who(name: str) -> Person:
    return Person.objects.get(username=name)


# --- acts ---------------------------------------------------------------------------------------
def receive() -> str:
    draft = Petition.objects.get()
    return str(intake.receive(petition_id=draft.pk, counter=Counter.objects.get(), by=who("clerk-cour")).number)


def token() -> int:
    return stamping.receipts()


def paper() -> str:
    return issuing.receipt(petition=Petition.objects.get(), lang="fr", by=who("clerk-cour")).reference


def merge() -> int:
    return merging.merge(file=Path("lot.zip"), by=who("registrar-cour")).fresh


def sign() -> str:
    told()
    return executing.sign(ruling=Ruling.objects.get(), by=who("presidente-essai")).digest


def execute() -> str:
    told()
    return executing.apply(ruling=Ruling.objects.get(), by=who("greffe")).digest


def opening() -> str:
    return counters.open_counter(code="MPT1", name="Mopti", by=who("registrar-cour")).key


# --- looked at ----------------------------------------------------------------------------------
def alone() -> None:
    """Wait until the server has seen that the killed one is gone: what it had asked for is done or undone by then."""
    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_stat_activity where datname = current_database()")
            if cursor.fetchone()[0] == 1:
                return
        time.sleep(0.01)


def rows() -> dict[str, Any]:
    """How many rows each table has, and where what counts stands."""
    alone()
    counts = {m._meta.db_table: m.objects.count() for m in apps.get_models() if m._meta.managed}
    stands = {
        "petitions": sorted(map(list, Petition.objects.values_list("state", "number", "roll"))),
        "rolls": list(Roll.objects.order_by("pk").values_list("last", flat=True)),
        "tokens": PetitionReceipt.objects.exclude(token=None).count(),
        "rulings": list(Ruling.objects.order_by("pk").values_list("state", flat=True)),
        "annulled": [boards.build(r.contest).total.annulled for r in Ruling.objects.select_related("contest")],
    }
    return {"counts": counts, "stands": stands}


def looked() -> dict[str, Any]:
    """The rows, and every fault that the house itself can find: of its ledger, its files, its chains, its signatures."""
    faults = [f"ledger {one}" for one in answers.faults()] + [f"chain {one}" for one in queries.breaks()]
    faults += [f"content {c.sha256} {why}" for c in Content.objects.all() if (why := rehash.fault_of(c))]
    for petition in Petition.objects.exclude(receipt=None).select_related("receipt", "counter"):
        given = petition.receipt
        faults += [f"custody {one}" for one in custody.faults(petition)]
        if not receipts.signed_by(
            given.key, petition.number, receipts.written(petition.received_at), given.root, given.signature
        ):
            faults.append(f"receipt {petition.number}")
        if given.token:
            times.read(bytes(given.token), bytes.fromhex(given.root), [court.the_court().root])
    for ruling in Ruling.objects.exclude(digest=""):
        pdf = store.path(ruling.pdf)
        faults += (
            [f"pdf {one}" for one in papers.check(pdf.read_bytes(), [court.the_court().root]).faults]
            if pdf
            else ["no pdf"]
        )
    faults += [f"bundle {b.pk}" for b in Bundle.objects.all() if b.receipts.count() != b.fresh]
    faults += [f"half a file {p.name}" for p in kept_files() if not whole(p)]
    return rows() | {"faults": faults, "unclaimed": len(unclaimed())}


def kept_files() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / "evidence"
    return [p for p in folder.glob("*") if store.NAME.fullmatch(p.name)]


def whole(path: Path) -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() == path.name


def unclaimed() -> list[Path]:
    """Files under the name of their content that no row knows."""
    known = set(Content.objects.values_list("sha256", flat=True))
    return [p for p in kept_files() if p.name not in known]
