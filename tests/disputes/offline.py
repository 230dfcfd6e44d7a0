"""Counters without network, played: keys, receipts and signed bundles made by the rules alone."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kalata.disputes.rules import bundles, custody, receipts
from kalata.disputes.rules.filing import Filing
from kalata.disputes.rules.numbers import ReceiptNumber
from kalata.disputes.services.keys import public
from tests.disputes.desk import AT, filing


class Laptop:
    """A counter of its own: it receives and writes its bundle, as `intake` and `carrying` do."""

    def __init__(self, code: str, contest: str = "pres", short: str = "P1", year: int = 2027) -> None:
        self.code, self.contest, self.short, self.year = code, contest, short, year
        self.private = Ed25519PrivateKey.generate()
        self.key = public(self.private)
        self.lines: list[bytes] = []
        self.pieces: dict[str, bytes] = {}

    def receive(self, at: datetime, said: Filing | None = None, pieces: Iterable[bytes] = (), sequence: int = 0) -> str:
        number = str(ReceiptNumber(self.year, self.short, self.code, sequence or len(self.lines) + 1))
        listed, chain = [], []
        for n, content in enumerate(pieces, 1):
            sha256 = hashlib.sha256(content).hexdigest()
            self.pieces[sha256] = content
            listed.append(
                receipts.Piece(
                    number=n,
                    sha256=sha256,
                    size=len(content),
                    pages=0,
                    media="text/plain",
                    name=f"P{n}",
                    kind="petition",
                )
            )
            chain.append(
                custody.next_line(
                    chain[-1] if chain else None,
                    at=at,
                    actor="counter:1",
                    act="received",
                    piece=sha256,
                    to=self.code,
                    why=f"P{n}",
                )
            )
        text = receipts.body(
            number=number, contest=self.contest, at=at, channel="field", clock="horloge du poste", drift_ms=None, ticket="", since=None,
            clerk="clerk:1", pieces=listed, filing=(said or filing()).record(),
        )  # fmt: skip
        root = receipts.root_of(text, [p.record() for p in listed])
        signature = receipts.sign(self.private, number, at, root)
        self.lines.append(bundles.line(body=text.decode(), root=root, signature=signature, chain=chain))
        return number

    def bundle(self, to: Path, *, drift_ms: int | None = None, lines: list[bytes] | None = None, key: Ed25519PrivateKey | None = None,
               made_at: datetime = AT + timedelta(hours=1), spoil: dict[str, bytes | None] | None = None) -> Path:  # fmt: skip
        """Its signed bundle. spoil: parts put in the place of its own, or left out."""
        listed = self.lines if lines is None else lines
        joined = b"".join(listed)
        text = bundles.manifest(
            counter=self.code, key=self.key, made_at=made_at, count=len(listed), lines_sha256=hashlib.sha256(joined).hexdigest(), drift_ms=drift_ms,
        )  # fmt: skip
        parts: dict[str, bytes | None] = {
            bundles.MANIFEST: text, bundles.SIGNATURE: bundles.sign(key or self.private, text).encode(), bundles.LINES: joined,
            **{f"{bundles.PIECES}{sha}": content for sha, content in self.pieces.items()}, **(spoil or {}),
        }  # fmt: skip
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                if content is not None:
                    archive.writestr(name, content)
        return to


def instants(count: int, start: datetime = datetime(2027, 3, 7, 8, tzinfo=UTC), step_s: int = 37) -> list[datetime]:
    return [start + timedelta(seconds=step_s * n) for n in range(count)]
