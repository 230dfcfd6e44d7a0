"""The public archive of a closed case: what anybody downloads and verifies offline, made once and kept.

It is the archive of the case without what is not public: no receipt and no letter (they bear names), no state that is
not told to everybody, and of a piece that is not public its hash alone. Where the chain of custody bears words of its
own, which cannot be taken out of it, no public archive is made.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from kalata.disputes import archives, kinds
from kalata.disputes.models import Counter, Petition, Publication
from kalata.disputes.queries import public_archives as queries
from kalata.disputes.rules import archive
from kalata.disputes.rules.custody import instant
from kalata.disputes.rules.public import life
from kalata.disputes.services import archiving
from kalata.disputes.services.steps import subject_of
from kalata.disputes.signing import court
from kalata.evidence import services as evidence
from kalata.evidence.rules.access import Access
from kalata.ledger.services import record
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

log = logging.getLogger("kalata.disputes")
SAID = ("number", "contest", "pack", "state", "roll", "received_at", "channel", "parties", "grounds", "decision")
CLOCK = ("kind", "limit", "readings", "verdict")
WHY = re.compile(r"(?:P\d{1,5}|fusion)?")
A_TURN, LOOKED_AT = 3, 20
"""Archives made in a turn, and cases that are tried."""


class WordsInCustody(Refused):
    code = "DIS-890"
    says = _(
        "La chaîne de garde de l’affaire %(case)s porte des mots (ligne %(n)d) : son archive publique ne s’écrit pas."
    )
    remedy = _(
        "Rien à corriger : ces mots ne s’ôtent pas d’une chaîne. L’archive entière reste à la Cour et aux parties."
    )
    status = 409


class TextTakenOut(Refused):
    code = "DIS-891"
    says = _(
        "Des passages sont occultés dans la décision de l’affaire %(case)s : l’archive, qui porte le texte signé, ne se publie pas."
    )
    remedy = _("Rien à corriger : le texte public et son sceau sont sur la page de la décision.")
    status = 409


def turn() -> int:
    """Make the public archives that wait. Returns how many. Bears repetition; nothing is made while the keys are closed."""
    made = 0
    if not court.ready():
        return made
    for petition in queries.waiting(LOOKED_AT):
        if made == A_TURN:
            break
        try:
            keep(petition)
            made += 1
        except Refused as why:
            log.warning("no public archive of %s: %s", petition.number, why.code)
    return made


@transaction.atomic
def keep(petition: Petition) -> str:
    """Make and keep the public archive of a case; its SHA-256. DIS-890, and what `archiving.write` raises."""
    with tempfile.TemporaryDirectory(prefix="kalata-public-archive-") as place:
        folder = Path(place) / str(petition.number)
        manifest, pieces = write(petition, folder)
        data = packed(folder)
    kept = evidence.keep_ours(data, media="application/zip")
    evidence.join(sha256=kept.sha256, subject=subject_of(petition), access=Access.PUBLIC, by=None, name=queries.NAME)
    record(by=None, kind=kinds.ARCHIVED, subject=subject_of(petition), after={"manifest": manifest, "pieces": pieces})
    return kept.sha256


def write(petition: Petition, folder: Path) -> tuple[str, int]:
    """Write and seal it in an empty folder; the SHA-256 of its manifest, and how many pieces it lists."""
    keys = court.the_court()
    keys.ready(court.now())
    found = archiving.contents(petition, keys)
    opened(found, petition)
    archives.fresh(folder)
    archives.write(folder, archive.put(found))
    archiving.copied(petition, folder, found.pieces)
    manifest, text = archives.closed(folder, found.number)
    archives.write(folder, {archive.MANIFEST: manifest, archive.NOTE: keys.seal_note(text).encode()})
    return hashlib.sha256(manifest).hexdigest(), len(found.pieces)


def opened(found: archive.Contents, petition: Petition) -> None:
    """Take out of the contents all that is not public. DIS-890."""
    if Publication.objects.filter(ruling__outcomes__petition=petition, redactions__decision="hide").exists():
        raise TextTakenOut(case=found.number)
    counters = {"", "greffe", *Counter.objects.values_list("code", flat=True)}
    for line in found.lines:
        if not WHY.fullmatch(str(line["why"])) or {line["from"], line["to"]} - counters:
            raise WordsInCustody(case=found.number, n=line["n"])
    assert petition.received_at is not None
    steps = list(petition.steps.order_by("pk").values_list("to", "at"))
    found.case = {
        **{k: v for k, v in found.case.items() if k in SAID},
        "edition": archive.PUBLIC,
        "clocks": [{k: v for k, v in clock.items() if k in CLOCK} for clock in found.case["clocks"]],
        "transitions": [{"to": str(m.what), "at": instant(m.at)} for m in life(petition.received_at, steps)],
    }
    found.pieces = [piece if piece["access"] == "public" else closed(piece) for piece in found.pieces]
    found.documents = {name: data for name, data in found.documents.items() if name.startswith("decision.")}
    found.tokens = {name: data for name, data in found.tokens.items() if name != "receipt.tsr"}


def closed(piece: Mapping[str, Any]) -> dict[str, Any]:
    """A piece that is not public, by its hash alone; kept_for: who opens it at the Court."""
    return {
        **piece,
        "access": "sealed",
        "kept_for": piece["access"],
        "name": "",
        "kind": "",
        "station": "",
        "grounds": [],
    }


def packed(folder: Path) -> bytes:
    """The folder as one zip: the same folder, the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            made.writestr(zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}"), path.read_bytes(), zipfile.ZIP_DEFLATED)  # fmt: skip
    return out.getvalue()
