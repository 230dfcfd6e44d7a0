"""An archive verified by anybody, offline: nine checks, every problem named (cli-disputes, section 6).

The seal vouches for the manifest and the manifest for every byte; tokens, PDF and XML say when and who for each paper;
the decision is compared in its three forms; the results are computed again. What is inside the archive proves nothing
of who made it: `trusted` says that the seal was checked against a key that came from elsewhere.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kalata.disputes import archives, verifying_results
from kalata.disputes.rules import archive, archive_checks, carried, custody
from kalata.disputes.rules.archive_problems import Verdict
from kalata.disputes.verifying_read import JSON, PDF, XML, Read
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.transparency.rules.canonical import NotCanonical
from kalata.transparency.rules.merkle import BadProof
from kalata.transparency.rules.notes import BadNote, VerifierKey

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


class BadTrust(Refused):
    code = "DIS-711"
    says = _("%(what)s ne se lit pas : %(why)s.")
    remedy = _("Donnez la clé (--vkey) et les certificats (--ca) tels que la Cour les affiche.")
    status = 422


def verify(where: Path, *, vkey: str | None = None, ca: bytes | None = None) -> Verdict:
    """The verdict. NotAnArchive; BadTrust: the key or the certificates given cannot be read."""
    key = given(vkey) if vkey is not None else None
    roots = roots_of(ca, "--ca") if ca is not None else None
    verdict = Verdict()
    found = Read(archives.source(where, verdict), verdict)
    manifest = found.file(archive.MANIFEST) or b""
    wanted = archive_checks.entries(verdict, manifest)
    note = found.file(archive.NOTE)
    own = key or inside_key(found.file(archive.VKEY))
    if note is not None:
        archive_checks.seal(verdict, note, manifest, own)
    else:
        verdict.fault("seal", "note", archive.NOTE)
    archive_checks.names(verdict, wanted, found.there)
    found.sha256 = archives.hashed(found.source, wanted, verdict)
    archive_checks.hashes(verdict, wanted, found.there, found.sha256)
    if roots is None:
        try:
            roots = roots_of(found.file(archive.CA) or b"", archive.CA)
        except BadTrust:
            roots = []
    found.roots = roots
    for name, check in CHECKS:
        try:
            check(found)
        except Exception as why:  # values of any shape are in a forged sheet: unreadable, and never valid
            verdict.fault(name, "unread", "", f"{type(why).__name__} {why}")
    verdict.trusted = key is not None and verdict.holds("seal")
    return verdict


def registers(found: Read) -> None:
    """The sheet of the case, the pieces, their custody."""
    found.case = archive_checks.case(found.verdict, found.file(archive.CASE))
    pieces = archive_checks.evidence(found.verdict, found.file(archive.EVIDENCE), found.there, found.sha256)
    found.lines = archive_checks.chain(found.verdict, found.file(archive.CUSTODY), pieces)


def given(text: str) -> VerifierKey:
    """The key that the reader was given: its text, or a file that holds it."""
    try:
        if "+" not in text and Path(text).is_file():
            text = Path(text).read_text(encoding="utf-8")
        return VerifierKey.read(text)
    except (BadNote, OSError, UnicodeDecodeError, ValueError) as why:
        raise BadTrust(what="--vkey", why=str(why)) from None


def inside_key(data: bytes | None) -> VerifierKey | None:
    try:
        found = VerifierKey.read((data or b"").decode())
        return found if found.text().encode() + b"\n" == data else None
    except (BadNote, UnicodeDecodeError):
        return None


def roots_of(data: bytes, what: str) -> list[Certificate]:
    from kalata.disputes.signing import authority

    try:
        return authority.trusted(data)
    except ValueError as why:
        raise BadTrust(what=what, why=str(why)) from None


# --- papers ----------------------------------------------------------------------------------------------
def papers(found: Read) -> None:
    """The decision's PDF, and every other that bears a seal."""
    from kalata.disputes.signing import papers as signing

    verdict = found.verdict
    if found.case.get("decision") and PDF not in found.there:
        verdict.fault("pdf", "missing", PDF)
    for path in sorted(found.there):
        if not path.startswith("documents/") or not path.endswith(".pdf"):
            continue
        data = found.file(path)
        if data is None or (path != PDF and b"/ByteRange" not in data):
            continue
        checked = signing.check(data, found.roots)
        verdict.counts["pdf"] = verdict.counts.get("pdf", 0) + 1
        for fault in checked.faults:
            verdict.fault("pdf", "seal", path, fault)
        if path == PDF:
            found.sealed_at, found.attached = checked.at, checked.attached


def judgment(found: Read) -> None:
    """The signed judgment, in force at the instant of the PDF's token."""
    verdict = found.verdict
    data = found.file(XML)
    decision = archive_checks.sheet(verdict, JSON, found.file(JSON), "decision")
    if isinstance(decision, dict):
        found.decision = decision
    if data is None:
        if found.case.get("decision"):
            verdict.fault("xml", "missing", XML)
        return
    from kalata.disputes.signing import texts

    verdict.counts["xml"] = 1
    checked = texts.check(data, found.roots, found.sealed_at or day_of(decision))
    for fault in checked.faults:
        verdict.fault("xml", "signature", XML, fault)
    if checked.schema is not None:
        verdict.fault("xml", "schema", XML, checked.schema)
    found.words = checked.words
    if checked.parts is not None and found.decision is not None:
        for what, got, want in carried.differences(carried.carried(found.decision), checked.parts):
            verdict.fault("decision", "xml", XML, f"{what}: {got}", want)


def day_of(decision: Any) -> datetime:
    """The day of a decision without a sealed PDF: its signature is then checked at that date."""
    try:
        return datetime.fromisoformat(str(decision["date"])).replace(hour=12, tzinfo=UTC)
    except (ValueError, KeyError, TypeError):
        return datetime(1970, 1, 1, tzinfo=UTC)


def forms(found: Read) -> None:
    """JSON, PDF and XML are of one decision, and it is the decision of this case."""
    verdict, number = found.verdict, found.case.get("decision")
    present = [path for path in (JSON, PDF, XML) if path in found.there]
    if bool(number) != (JSON in present) or (present and not number):
        verdict.fault("decision", "missing", JSON, ", ".join(present), number or "")
    if found.decision is None:
        return
    verdict.counts["decision"] = len(found.decision.get("acts") or ()) or 1
    named = {str(one.get("petition")) for one in found.decision.get("petitions") or () if isinstance(one, dict)}
    if found.decision.get("decision") != number:
        verdict.fault("decision", "number", JSON, found.decision.get("decision"), number)
    if verdict.case not in named:
        verdict.fault("decision", "number", JSON, ", ".join(sorted(named)), verdict.case)
    if PDF in found.there:
        own = found.file(JSON) or b""
        inner = found.attached.get("decision.json")
        if inner != own:
            verdict.fault("decision", "pdf", PDF, hashlib.sha256(inner or b"").hexdigest(), hashlib.sha256(own).hexdigest())  # fmt: skip


# --- instants --------------------------------------------------------------------------------------------
def tokens(found: Read) -> None:
    """A token for the receipt, one over each day of custody, one for the decision; none over anything else."""
    used = {token_of_receipt(found), token_of_decision(found), *tokens_of_days(found)}
    for path in sorted(found.there):
        if path.startswith("tokens/") and path not in used:
            found.verdict.fault("tokens", "more", path)


def told(found: Read, path: str, digests: list[bytes]) -> datetime | None:
    """The instant of the token at this path, over one of these hashes; a problem otherwise."""
    from kalata.disputes.signing import times

    data = found.file(path)
    if data is None:
        found.verdict.fault("tokens", "missing", path)
        return None
    found.verdict.counts["tokens"] = found.verdict.counts.get("tokens", 0) + 1
    why = ""
    for digest in digests:
        try:
            return times.read(data, digest, found.roots).at
        except times.BadToken as fault:
            why = str(fault)
    found.verdict.fault("tokens", "token", path, why, ", ".join(one.hex() for one in digests))
    return None


def receipt_digests(found: Read) -> list[bytes]:
    """What the token of a receipt may cover: its text, the root of the text and its pieces, its paper."""
    out = []
    body = found.file(f"{archive.RECEIPT}.json")
    if body is not None:
        out.append(hashlib.sha256(body).digest())
        try:
            out.append(root_of(body))
        except (NotCanonical, ValueError, KeyError, TypeError):
            found.verdict.fault("manifest", "form", f"{archive.RECEIPT}.json")
    paper = found.file(f"{archive.RECEIPT}.pdf")
    return [*out, hashlib.sha256(paper).digest()] if paper is not None else out


def root_of(body: bytes) -> bytes:
    """The root of a receipt (`rules.receipts`): its text, then each of its pieces."""
    from kalata.transparency.rules.canonical import canonical
    from kalata.transparency.rules.merkle import Tree, leaf_hash

    pieces = carried.read(body).get("pieces") or ()
    return Tree([leaf_hash(body), *(leaf_hash(canonical(dict(one))) for one in pieces)]).root()


def token_of_receipt(found: Read) -> str:
    if not archive_checks.without_receipt(found.case, found.there):
        told(found, archive.RECEIPT_TOKEN, receipt_digests(found))
    return archive.RECEIPT_TOKEN


def token_of_decision(found: Read) -> str:
    path = "tokens/decision.tsr"
    paper = found.file(PDF)
    if paper is not None:
        told(found, path, [hashlib.sha256(paper).digest()])
    return path if paper is not None else ""


def tokens_of_days(found: Read) -> set[str]:
    """Every line of the custody is under a root that was time-stamped after it."""
    used: set[str] = set()
    held = {str(line["hash"]): place for place, line in enumerate(found.lines, 1)}
    covered: list[tuple[int, datetime]] = []
    for path in sorted(p for p in found.there if p.startswith("tokens/custody-") and p.endswith(".json")):
        token = f"{path.removesuffix('.json')}.tsr"
        used |= {path, token}
        proof = archive_checks.sheet(found.verdict, path, found.file(path), "manifest")
        try:
            root = custody.proved(proof if isinstance(proof, dict) else {})
            if proof["case"] != found.verdict.case or proof["head"] not in held:
                raise BadProof(f"{proof['case']} {proof['head']}")
        except BadProof as why:
            found.verdict.fault("tokens", "proof", path, why)
            continue
        at = told(found, token, [root])
        if at is not None:
            covered.append((held[proof["head"]], at))
    for day, last in custody.last_of_days(found.lines).items():
        stamped = [at for place, at in covered if place >= last]
        if not stamped:
            found.verdict.fault("tokens", "missing", f"tokens/custody-{day}.tsr", "", found.lines[last - 1]["hash"])
        elif max(stamped) < datetime.fromisoformat(found.lines[last - 1]["at"]).replace(microsecond=0):
            found.verdict.fault("tokens", "before", f"tokens/custody-{day}.tsr", max(stamped).isoformat(), found.lines[last - 1]["at"])  # fmt: skip
    return used


CHECKS = (
    ("evidence", registers), ("pdf", papers), ("xml", judgment), ("tokens", tokens), ("decision", forms),
    ("results", verifying_results.results), ("decision", verifying_results.text),
)  # fmt: skip
"""In the order in which each needs what the one before has read."""
