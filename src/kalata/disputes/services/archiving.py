"""The archive of a case, written in a folder and sealed by the Court's key (cli-disputes, section 6).

Instants that the house has stamped are taken as they are; the others are stamped now. The recomputation is made again
from the records kept at signature: an archive that would not give the digest that was signed is not written.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kalata.disputes import archives, elections, kinds
from kalata.disputes.models import Petition, Ruling
from kalata.disputes.queries import archiving as queries
from kalata.disputes.rules import archive, custody, effect
from kalata.disputes.services import freezing, issuing
from kalata.disputes.services.steps import subject_of
from kalata.disputes.signing import court, times
from kalata.disputes.signing.authority import Court
from kalata.documents.queries import content_of
from kalata.evidence import rehash, store
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.results import tabulating
from kalata.text import gettext_noop as _
from kalata.transparency.rules.canonical import jcs


class PieceGone(Refused):
    code = "DIS-767"
    says = _("La pièce %(number)s de l’affaire %(case)s n’est plus ce qu’elle était : l’archive ne s’écrit pas.")
    remedy = _("Reprenez-la d’une sauvegarde (« kalata disputes recheck » nomme toutes celles qui diffèrent).")


class OtherDigest(Refused):
    code = "DIS-768"
    says = _("Refaire le calcul de la décision %(number)s ne donne pas l’empreinte signée : l’archive ne s’écrit pas.")
    remedy = _("Dites-le au greffe et à l’exploitation : les relevés gardés à la signature, ou le calcul, ont changé.")


class NothingKept(Refused):
    code = "DIS-769"
    says = _("Les papiers signés de la décision %(number)s, ou les relevés gardés à sa signature, ne sont plus là.")
    remedy = _("Reprenez-les d’une sauvegarde.")


def write(*, petition: Petition, folder: Path, by: Person | None = None) -> Court:
    """Write and seal the archive of a case in an empty folder; the Court's keys that sealed it.

    Raises: DIS-712 folder taken, DIS-767, DIS-768, DIS-769, DIS-770 no keys, DIS-771, DIS-773.
    """
    keys = court.the_court()
    keys.ready(court.now())
    found = contents(petition, keys, by)
    archives.fresh(folder)
    archives.write(folder, archive.put(found))
    copied(petition, folder)
    manifest, text = archives.closed(folder, found.number)
    archives.write(folder, {archive.MANIFEST: manifest, archive.NOTE: keys.seal_note(text).encode()})
    sha256 = hashlib.sha256(manifest).hexdigest()
    record(
        by=by,
        kind=kinds.ARCHIVED,
        subject=subject_of(petition),
        after={"manifest": sha256, "pieces": len(found.pieces)},
    )
    return keys


def contents(petition: Petition, keys: Court, by: Person | None = None) -> archive.Contents:
    """Everything but the pieces themselves."""
    ruling = queries.ruling_of(petition)
    found = archive.Contents(
        number=str(petition.number), case=queries.sheet(petition, ruling), pieces=queries.pieces(petition),
        lines=queries.lines(petition), documents=dict(queries.papers(petition)), ca=keys.ca_pem(), vkey=keys.vkey,
    )  # fmt: skip
    documents, tokens = dict(found.documents), {}
    given = queries.receipt(petition)
    if given is not None:
        documents["receipt.json"] = given.body.encode()
        if "receipt.pdf" not in documents:
            documents["receipt.pdf"] = receipt_paper(petition, by)
        tokens["receipt.tsr"] = bytes(given.token) if given.token else times.stamp(keys, bytes.fromhex(given.root), at=court.now())  # fmt: skip
    tokens |= days(found, keys)
    if ruling is not None:
        documents |= signed(ruling)
        tokens["decision.tsr"] = times.stamp(keys, hashlib.sha256(documents["decision.pdf"]).digest(), at=court.now())
        put_results(found, ruling, documents["decision.json"])
        found.log = queries.logged(ruling)
    found.documents, found.tokens = documents, tokens
    return found


def receipt_paper(petition: Petition, by: Person | None) -> bytes:
    """The receipt as paper, issued now where it never was: what it says is what was signed at the counter."""
    return content_of(issuing.issued_receipt(petition, "fr", by).sha256)


def days(found: archive.Contents, keys: Court) -> dict[str, bytes]:
    """A token and a proof for each day that has a line; a day that the house has not stamped is stamped now, alone."""
    out: dict[str, bytes] = {}
    for day, last in custody.last_of_days(found.lines).items():
        head = str(found.lines[last - 1]["hash"])
        kept = queries.root_of_day(day, found.number, head)
        heads, token = kept if kept is not None else ({found.number: head}, None)
        out[f"custody-{day}.json"] = jcs(custody.day_proof(heads, found.number, day))
        out[f"custody-{day}.tsr"] = token or times.stamp(keys, custody.day_root(heads), at=court.now())
    return out


def signed(ruling: Ruling) -> dict[str, bytes]:
    """The decision in its three forms."""
    pdf, xml = queries.content(ruling.pdf), queries.content(ruling.xml)
    if pdf is None or xml is None:
        raise NothingKept(number=ruling.number)
    return {"decision.json": jcs(ruling.decision), "decision.pdf": pdf, "decision.xml": xml}


def put_results(found: archive.Contents, ruling: Ruling, decision: bytes) -> None:
    """The records kept at signature, and what computing again gives. DIS-768: not the digest that was signed."""
    rows, profile, done = computed(ruling, hashlib.sha256(decision).hexdigest())
    found.records, found.profile, found.recomputation = rows, profile, done.record()


def recomputed(ruling: Ruling) -> effect.Recomputation:
    """A signed decision computed again from the records kept at its signature. DIS-768, DIS-769."""
    return computed(ruling, hashlib.sha256(jcs(ruling.decision)).hexdigest())[2]


def computed(ruling: Ruling, sha256: str) -> tuple[bytes, bytes, effect.Recomputation]:
    """(records, profile, what they give)."""
    subject = f"ruling:{ruling.number}"
    rows, profile = (freezing.kept(subject, name) for name in (freezing.RECORDS, freezing.PROFILE))
    if rows is None or profile is None:
        raise NothingKept(number=ruling.number)
    with tempfile.TemporaryDirectory(prefix="kalata-archive-") as folder:
        source, rules = Path(folder) / "records.csv", Path(folder) / "profile.yaml"
        source.write_bytes(rows)
        rules.write_bytes(profile)
        hashes = {"file": elections.digest_of(source), "profile": elections.digest_of(rules)}
        election = elections.of_file(source, tabulating.load_profile(rules, ruling.contest.election.pack.code), hashes)
        held: dict[str, Any] = dict(ruling.decision or {})
        done = effect.recompute(election, held, sha256=sha256)
    if done.digest != ruling.print.get("recomputation"):
        raise OtherDigest(number=ruling.number)
    return rows, profile, done


def copied(petition: Petition, folder: Path, pieces: Sequence[Mapping[str, Any]] | None = None) -> None:
    """The bytes of every piece that is not sealed, each once. DIS-767: one that is no longer what it was."""
    kept = set(archive.kept(queries.pieces(petition) if pieces is None else pieces))
    for one in petition.exhibits.select_related("piece").order_by("number"):
        if one.piece.sha256 not in kept:
            continue
        kept.discard(one.piece.sha256)
        path = store.sound(one.piece.sha256, one.piece.place)
        if path is None or rehash.fault_of(one.piece):
            raise PieceGone(number=one.number, case=petition.number)
        target = folder / "evidence" / one.piece.sha256
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)
