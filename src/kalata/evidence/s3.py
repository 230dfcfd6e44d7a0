"""Kept files in an S3-compatible store: five requests, signed (AWS Signature Version 4), over the standard library.

An object is named by the SHA-256 of its bytes, and that is also the digest which the signature of a request covers: a
server takes no other bytes under that name, and what comes back is hashed before anybody reads it. Nothing is written
over: a write asks that the name be free, except where what stands there was just read and is not what its name says.
The credential is never in an address, in a message or in a log.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import http.client
import re
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from urllib.parse import quote

from kalata.refusals import Refused
from kalata.text import gettext_noop as _

EMPTY = hashlib.sha256(b"").hexdigest()
CHUNK = 1 << 20
PAUSES_S = (0.2, 1.0)
"""Before a request is tried again: the connection broke, or the server said that it is busy."""
WAIT_S = 20.0
ANSWER = 8 << 20
"""Bytes of an answer that is no content."""
CODE = re.compile(rb"<Code>([A-Za-z]{1,60})</Code>")


class StoreAway(Refused):
    code = "EVD-108"
    says = _("Le magasin des pièces ne répond pas comme il le doit : %(why)s. Rien n’a été gardé.")
    remedy = _("Recommencez dans une minute ; si cela dure, prévenez l’exploitation, qui lance « kalata check ».")
    status = 503


@dataclass(frozen=True, slots=True)
class Place:
    """Where the store is, and who asks. prefix: "" or a path that ends with a slash."""

    secure: bool
    host: str
    port: int
    bucket: str
    prefix: str
    region: str
    authority: str
    key: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def shown(self) -> str:
        return f"{self.host}:{self.port}/{self.bucket}/{self.prefix}".rstrip("/")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def why(self) -> str:
        """The status and the server's own word for it."""
        said = CODE.search(self.body)
        return f"{self.status} {said.group(1).decode() if said else ''}".strip()


def key_of(secret: str, day: str, region: str, service: str = "s3") -> bytes:
    """The key that signs the requests of one day."""
    made = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    return made


def signature(
    method: str, path: str, query: str, headers: Mapping[str, str], digest: str, *, secret: str, at: str, region: str,
    service: str = "s3",
) -> tuple[str, str]:  # fmt: skip
    """(names of the signed headers, signature) of a request. path, query: as sent. at: 20261127T090000Z."""
    lines = sorted((name.lower(), " ".join(value.split())) for name, value in headers.items())
    names = ";".join(name for name, _value in lines)
    canonical = "\n".join([method, path, query, *(f"{n}:{v}" for n, v in lines), "", names, digest])
    scope = f"{at[:8]}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", at, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    return names, hmac.new(key_of(secret, at[:8], region, service), text.encode(), hashlib.sha256).hexdigest()


class Bucket:
    """The contents below one prefix of one bucket."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.tls = ssl.create_default_context(cafile=place.authority or None) if place.secure else None

    # --- a request ------------------------------------------------------------------------------
    def ask(
        self, method: str, name: str = "", *, query: str = "", file: Path | None = None, digest: str = EMPTY, size: int = 0,
        more: Mapping[str, str] | None = None, into: IO[bytes] | None = None,
    ) -> Answer:  # fmt: skip
        """The answer, after as many tries as PAUSES_S allows. into: where a content goes. EVD-108: no answer."""
        for pause in (*PAUSES_S, None):
            try:
                answer = self.once(method, name, query, file, digest, size, more or {}, into)
                if answer.status < 500 or answer.status == 501 or pause is None:
                    return answer
            except (OSError, http.client.HTTPException) as fault:
                if pause is None:
                    raise StoreAway(why=f"{self.place.shown}, {type(fault).__name__}") from None
            if into is not None:
                into.seek(0)
                into.truncate()
            time.sleep(pause)
        raise AssertionError

    def once(
        self, method: str, name: str, query: str, file: Path | None, digest: str, size: int, more: Mapping[str, str],
        into: IO[bytes] | None,
    ) -> Answer:  # fmt: skip
        p = self.place
        path = quote(f"/{p.bucket}/{p.prefix}{name}" if name else f"/{p.bucket}")
        at = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        usual = p.port == (443 if p.secure else 80)
        signed = {
            "Host": p.host if usual else f"{p.host}:{p.port}",
            "x-amz-content-sha256": digest,
            "x-amz-date": at,
            **more,
        }
        names, mark = signature(method, path, query, signed, digest, secret=p.secret, at=at, region=p.region)
        scope = f"{p.key}/{at[:8]}/{p.region}/s3/aws4_request"
        headers = {
            **signed, "Content-Length": str(size),
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={names}, Signature={mark}",
        }  # fmt: skip
        link: http.client.HTTPConnection = (
            http.client.HTTPSConnection(p.host, p.port, timeout=WAIT_S, context=self.tls)
            if p.secure
            else http.client.HTTPConnection(p.host, p.port, timeout=WAIT_S)
        )
        try:
            body = file.open("rb") if file is not None else None
            try:
                link.request(method, f"{path}?{query}" if query else path, body=body, headers=headers)
            finally:
                if body is not None:
                    body.close()
            return self.heard(link.getresponse(), into)
        finally:
            link.close()

    def heard(self, said: http.client.HTTPResponse, into: IO[bytes] | None) -> Answer:
        headers = {name.lower(): value for name, value in said.getheaders()}
        if into is None or said.status != 200:
            return Answer(said.status, headers, said.read(ANSWER))
        while chunk := said.read(CHUNK):
            into.write(chunk)
        return Answer(said.status, headers, b"")

    def refused(self, answer: Answer) -> StoreAway:
        return StoreAway(why=f"{self.place.shown}, {answer.why}")

    # --- what the house asks ---------------------------------------------------------------------
    def size(self, sha256: str) -> int | None:
        """Bytes of a content that the store has; None where it has none of that name."""
        answer = self.ask("HEAD", sha256)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise self.refused(answer)
        return int(answer.headers.get("content-length", "0"))

    def give(self, file: Path, sha256: str) -> None:
        """Bring a file to the store, under its fingerprint. It is there, whole, once this returns; else EVD-108."""
        size = file.stat().st_size
        more = {"x-amz-checksum-sha256": summed(sha256), "If-None-Match": "*"}
        answer = self.ask("PUT", sha256, file=file, digest=sha256, size=size, more=more)
        if answer.status == 501:  # a server that cannot ask that the name be free: look, then write
            more.pop("If-None-Match")
            if self.proved(sha256, size):
                return
            answer = self.ask("PUT", sha256, file=file, digest=sha256, size=size, more=more)
        elif answer.status in (409, 412):
            if self.proved(sha256, size):
                return
            more.pop("If-None-Match")  # what stands there is not what its name says
            answer = self.ask("PUT", sha256, file=file, digest=sha256, size=size, more=more)
        if answer.status not in (200, 204):
            raise self.refused(answer)
        if not self.proved(sha256, size):
            raise StoreAway(why=f"{self.place.shown}, {sha256[:12]}")

    def proved(self, sha256: str, size: int) -> bool:
        """Whether the store has this content: by its size and the SHA-256 that the server took of it, else read whole."""
        answer = self.ask("HEAD", sha256, more={"x-amz-checksum-mode": "ENABLED"})
        if answer.status == 404:
            return False
        if answer.status != 200:
            raise self.refused(answer)
        if int(answer.headers.get("content-length", "-1")) != size:
            return False
        return answer.headers.get("x-amz-checksum-sha256") == summed(sha256) or self.sound(sha256)

    def fetch(self, sha256: str, into: IO[bytes]) -> bool:
        """Write a content to `into`. False where the store has none of that name; the caller hashes what came."""
        answer = self.ask("GET", sha256, into=into)
        if answer.status == 404:
            return False
        if answer.status != 200:
            raise self.refused(answer)
        return True

    def sound(self, sha256: str) -> bool:
        """Whether a content of the store, read whole, has its fingerprint."""
        import tempfile

        with tempfile.TemporaryFile() as came:
            if not self.fetch(sha256, came):
                return False
            came.seek(0)
            return hashlib.file_digest(came, "sha256").hexdigest() == sha256

    def take(self, sha256: str) -> None:
        """Delete a content."""
        answer = self.ask("DELETE", sha256)
        if answer.status not in (200, 204, 404):
            raise self.refused(answer)

    def names(self) -> Iterator[str]:
        """The fingerprint of every content that the store has."""
        after = ""
        while True:
            query = {"list-type": "2", "max-keys": "1000", "prefix": self.place.prefix}
            if after:
                query["continuation-token"] = after
            said = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(query.items()))
            answer = self.ask("GET", query=said)
            if answer.status != 200:
                raise self.refused(answer)
            for name in re.findall(rb"<Key>([^<]*)</Key>", answer.body):
                yield html.unescape(name.decode()).removeprefix(self.place.prefix)
            token = re.search(rb"<NextContinuationToken>([^<]+)</NextContinuationToken>", answer.body)
            if token is None:
                return
            after = html.unescape(token.group(1).decode())

    def answers(self) -> None:
        """EVD-108 where the store does not answer, or not to this credential."""
        said = f"list-type=2&max-keys=1&prefix={quote(self.place.prefix, safe='')}"
        if (answer := self.ask("GET", query=said)).status != 200:
            raise self.refused(answer)


def summed(sha256: str) -> str:
    """A fingerprint as the protocol writes the sum of a content."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()
