"""Where the files of the published site lie, and what they prove of one station."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from kalata.transparency.rules import canonical
from kalata.transparency.rules.merkle import BadProof, leaf_hash
from kalata.transparency.rules.notes import BadNote, VerifierKey, open_checkpoint
from kalata.transparency.rules.policy import read_policy
from kalata.transparency.rules.proofs import check_proof, read_proof
from kalata.transparency.rules.replay import Key
from kalata.transparency.site.names import opened, slug


def site_file(path: str) -> Path | None:
    """A file of the published site; None for what is not there or lies outside."""
    if not settings.SITE_FOLDER:
        return None
    root = Path(settings.SITE_FOLDER).resolve()
    if any(part.startswith(".") for part in Path(path).parts):
        return None
    found = (root / path).resolve()
    if found.is_dir():
        found = found / "index.html"
    return found if found.is_file() and root in found.parents else None


def page_of(contest: str, key: Key) -> str:
    """The page of a station in the published site; "" where it does not stand there."""
    path = f"{contest}/pv/{slug(key)}"
    return f"{path}.html" if site_file(f"{path}.tlog-proof") else ""


@dataclass(frozen=True, slots=True)
class Published:
    """What the published files say of one station, checked at this very moment: nothing here is believed.

    The proof leads from these very bytes to a root that the log signed. page, verifier, image, proof, data: paths in the
    site; image "" where the log binds none. link: what follows verifier's `#`. witnesses: those that signed; known: how
    many could have.
    """

    page: str
    verifier: str
    image: str
    proof: str
    data: str
    entry: dict[str, Any]
    leaf: str
    index: int
    hashes: int
    size: int
    root: str
    witnesses: tuple[str, ...]
    known: int
    link: str


KINDS = ("jpg", "png", "pdf")


def published(contest: str, key: Key, lang: str) -> Published | None:
    """The record of a station in the published site; None where it does not stand there, or its files are damaged."""
    base = f"{contest}/pv/{slug(key)}"
    data, proof = site_file(f"{base}.json"), site_file(f"{base}.tlog-proof")
    keys = site_file(f"{contest}/log/log.vkey")
    if data is None or proof is None or keys is None:
        return None
    policy_file = site_file(f"{contest}/log/policy")
    entry, text = data.read_bytes(), proof.read_text(encoding="utf-8")
    try:
        found, record = read_proof(text), canonical.read(entry)
        policy = read_policy(policy_file.read_text(encoding="utf-8")) if policy_file else None
        known = [VerifierKey.read(one) for one in keys.read_text(encoding="utf-8").split()]
        proved = check_proof(found, entry, known, policy)
    except (BadProof, BadNote, ValueError):
        return None
    sha = str(record.get("scan_sha256", ""))
    scan = next((path for kind in KINDS if sha and site_file(path := f"{contest}/scan/{sha}.{kind}")), "")
    prefix = "en/" if lang == "en" else ""
    return Published(
        page=f"{contest}/{prefix}pv/{slug(key)}.html",
        verifier=f"{contest}/verifier.html",
        image=scan,
        proof=f"{base}.tlog-proof",
        data=f"{base}.json",
        entry=dict(record),
        leaf=leaf_hash(entry).hex(),
        index=found.index,
        hashes=len(found.hashes),
        size=proved.checkpoint.size,
        root=proved.checkpoint.root.hex(),
        witnesses=tuple(policy.parties(proved.cosigners)) if policy else (),
        known=len(policy.parties(policy.witnesses)) if policy else 0,
        link=opened(contest, key, "en" if lang == "en" else "fr", entry, text),
    )


@dataclass(frozen=True, slots=True)
class State:
    """The last signed state of a contest's log, as it is published, checked now."""

    page: str
    size: int
    root: str
    witnesses: tuple[str, ...]
    known: int


def state(contest: str) -> State | None:
    """What the published site says of the log of a contest; None where it is not there or its signature does not hold."""
    note, keys = site_file(f"{contest}/log/checkpoint"), site_file(f"{contest}/log/log.vkey")
    if note is None or keys is None:
        return None
    policy_file = site_file(f"{contest}/log/policy")
    try:
        known = [VerifierKey.read(one) for one in keys.read_text(encoding="utf-8").split()]
        point, signed = open_checkpoint(note.read_text(encoding="utf-8"), known)
        policy = read_policy(policy_file.read_text(encoding="utf-8")) if policy_file else None
        names = tuple(policy.parties(policy.cosigners(signed))) if policy else ()
    except (BadNote, ValueError):
        return None
    return State(f"{contest}/verify.html", point.size, point.root.hex(), names, len(policy.parties(policy.witnesses)) if policy else 0)  # fmt: skip
