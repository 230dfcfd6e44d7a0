"""A certificate is checked by anybody from the issuer's file alone; a second reading of the standard agrees; forgeries are refused."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kalata.cli import main

KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
LIST = "https://example.org/status"
ROW = {
    "certificate": "C-1", "person_code": "P-77", "role": "president", "level": "L4", "procedure_version": "3", "awarded_on": "2027-02-20",
    "place": "Ségou", "expires_on": "2027-06-30", "status_index": "5",
}  # fmt: skip


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


def jwk(key: Ed25519PrivateKey) -> dict[str, str]:
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": b64(raw)}


ISSUER = {
    "id": "https://example.org",
    "name": "Autorité",
    "keys": [{"kid": "k1", "jwk": jwk(KEY)}],
    "status_list": LIST,
}


def token(header: dict[str, Any], payload: dict[str, Any], key: Ed25519PrivateKey) -> str:
    said = ".".join(b64(json.dumps(p).encode()) for p in (header, payload))
    return f"{said}.{b64(key.sign(said.encode()))}"


class Desk:
    """A folder with an issuer, its key, and a signed certificate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("issuer.json", json.dumps(ISSUER))
        pem = KEY.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.write("key.pem", pem.decode())

    def write(self, name: str, text: str) -> Path:
        (self.folder / name).write_text(text, encoding="utf-8")
        return self.folder / name

    def table(self, name: str, rows: list[dict[str, str]]) -> Path:
        with (self.folder / name).open("w", newline="", encoding="utf-8") as file:
            out = csv.DictWriter(file, list(rows[0]))
            out.writeheader()
            out.writerows(rows)
        return self.folder / name

    def run(self, *args: object) -> Result:
        return CliRunner().invoke(main, ["training", "badge", *map(str, args), "--issuer", str(self.folder / "issuer.json"), "--json"])  # fmt: skip

    def issued(self, *rows: dict[str, str]) -> str:
        found = self.run(
            "issue",
            self.table("claims.csv", list(rows) or [ROW]),
            "--key",
            self.folder / "key.pem",
            "--out",
            self.folder / "out",
        )
        assert found.exit_code == 0, found.output
        return (self.folder / "out" / "C-1.jwt").read_text().strip()

    def listed(self, *rows: dict[str, str]) -> str:
        given = self.table(
            "revoked.csv", list(rows) or [{"certificate": "C-9", "status_index": "9", "reason": "fraud"}]
        )
        found = self.run(
            "status", "--key", self.folder / "key.pem", "--revoked", given, "--out", self.folder / "status.jwt"
        )
        assert found.exit_code == 0, found.output
        return (self.folder / "status.jwt").read_text().strip()

    def verdict(self, said: str, *, at: str = "2027-03-01", status: str | None = None) -> tuple[int, dict[str, Any]]:
        more = [] if status is None else ["--status", self.write("s.jwt", status)]
        found = self.run("verify", self.write("t.jwt", said), "--at", at, *more)
        return found.exit_code, json.loads(found.stdout)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_certificate_holds_from_its_first_day_to_its_last_and_says_what_was_not_checked(desk: Desk) -> None:
    said = desk.issued()
    days = {
        at: desk.verdict(said, at=at)[1]["verdict"] for at in ("2027-02-19", "2027-02-20", "2027-06-30", "2027-07-01")
    }
    assert list(days.values()) == ["not_yet", "valid", "valid", "expired"]
    code, found = desk.verdict(said)
    assert (code, found["warnings"]) == (0, ["revocation_not_checked"])
    assert found["claim"] == {**ROW, "status_index": 5}
    code, found = desk.verdict(said, status=desk.listed())
    assert (code, found["verdict"], found["warnings"]) == (0, "valid", [])


def test_what_was_withdrawn_is_said_with_its_coded_reason_even_once_it_has_expired(desk: Desk) -> None:
    said = desk.issued()
    status = desk.listed({"certificate": "C-1", "status_index": "5", "reason": "fraud"})
    for at in ("2027-03-01", "2028-01-01"):
        code, found = desk.verdict(said, at=at, status=status)
        assert (code, found["valid"], found["verdict"], found["reason"]) == (1, False, "revoked", "fraud")
    other = desk.listed(
        {"certificate": "C-8", "status_index": "4", "reason": "error"},
        {"certificate": "C-9", "status_index": "6", "reason": "error"},
    )
    assert desk.verdict(said, status=other)[1]["verdict"] == "valid"


def test_the_same_claims_give_the_same_bytes_and_nothing_of_a_name_or_a_score(desk: Desk) -> None:
    assert desk.issued() == desk.issued()
    assert desk.listed() == desk.listed()
    for extra in ("score", "name"):
        found = desk.run(
            "issue",
            desk.table("c.csv", [{**ROW, extra: "x"}]),
            "--key",
            desk.folder / "key.pem",
            "--out",
            desk.folder / "o",
        )
        assert (found.exit_code, "TRN-401" in found.stderr) == (2, True)
    assert not (desk.folder / "o").exists()


def test_a_second_reading_of_the_standard_agrees(desk: Desk) -> None:
    said, status = desk.issued(), desk.listed({"certificate": "C-1", "status_index": "5", "reason": "fraud"})
    for one in (said, status):
        head, body, signature = one.split(".")
        public = Ed25519PublicKey.from_public_bytes(unb64(ISSUER["keys"][0]["jwk"]["x"]))  # type: ignore[index]
        public.verify(unb64(signature), f"{head}.{body}".encode())
        assert json.loads(unb64(head)) == {"alg": "EdDSA", "typ": "JWT", "kid": "k1"}
        with pytest.raises(InvalidSignature):
            public.verify(unb64(signature), f"{head}.{body}x".encode())
    badge, listed = (json.loads(unb64(one.split(".")[1])) for one in (said, status))
    assert badge["@context"][:2] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert {"VerifiableCredential", "OpenBadgeCredential"} <= set(badge["type"])
    assert (badge["iss"], badge["jti"], badge["validUntil"]) == (
        badge["issuer"]["id"],
        badge["id"],
        "2027-06-30T23:59:59Z",
    )
    entry = badge["credentialStatus"]
    assert (entry["type"], entry["statusPurpose"], entry["statusListCredential"]) == (
        "BitstringStatusListEntry",
        "revocation",
        LIST,
    )
    bits = gzip.decompress(unb64(listed["credentialSubject"]["encodedList"][1:]))
    assert len(bits) * 8 == 131_072
    at = int(entry["statusListIndex"])
    assert [n for n in range(64) if bits[n // 8] >> (7 - n % 8) & 1] == [at]


def payload_of(said: str) -> dict[str, Any]:
    return json.loads(unb64(said.split(".")[1]))  # type: ignore[no-any-return]


HEAD = {"alg": "EdDSA", "typ": "JWT", "kid": "k1"}


def hs256(said: str) -> str:
    body = f"{b64(json.dumps({'alg': 'HS256', 'kid': 'k1'}).encode())}.{said.split('.')[1]}"
    return f"{body}.{b64(hmac.new(unb64(jwk(KEY)['x']), body.encode(), hashlib.sha256).digest())}"


FORGERIES: dict[str, tuple[Callable[[str], str], str]] = {
    "another role under the same signature": (lambda s: ".".join([s.split(".")[0], b64(json.dumps({**payload_of(s), "sub": "P-1"}).encode()), s.split(".")[2]]), "bad_signature"),
    "signed by another key under the issuer's name": (lambda s: token(HEAD, payload_of(s), OTHER), "bad_signature"),
    "a key of its own in the header": (lambda s: token({**HEAD, "jwk": jwk(OTHER)}, payload_of(s), OTHER), "bad_signature"),
    "a key of its own and no name of a key": (lambda s: token({"alg": "EdDSA", "jwk": jwk(OTHER)}, payload_of(s), OTHER), "bad_signature"),
    "a key that the issuer does not have": (lambda s: token({**HEAD, "kid": "k9", "jwk": jwk(OTHER)}, payload_of(s), OTHER), "unknown_issuer"),
    "no signature": (lambda s: f"{b64(json.dumps({'alg': 'none'}).encode())}.{s.split('.')[1]}.", "bad_signature"),
    "the public key as a shared secret": (hs256, "bad_signature"),
    "another issuer": (lambda s: token(HEAD, {**payload_of(s), "iss": "https://example.com", "issuer": {"id": "https://example.com"}}, OTHER), "unknown_issuer"),
    "an issuer within, another without": (lambda s: token(HEAD, {**payload_of(s), "issuer": {"id": "https://example.com"}}, KEY), "unknown_issuer"),
    "one bit of the signature": (lambda s: s[:-10] + ("A" if s[-10] != "A" else "B") + s[-9:], "bad_signature"),
    "a date that only one of the two bounds says": (lambda s: token(HEAD, {**payload_of(s), "validUntil": "2099-01-01T23:59:59Z"}, KEY), "malformed"),
    "another kind of credential": (lambda s: token(HEAD, {**payload_of(s), "type": ["VerifiableCredential"]}, KEY), "malformed"),
    "a key twice": (lambda s: s.split(".")[0] + "." + b64(b'{"a":1,"a":2}') + "." + s.split(".")[2], "malformed"),
    "no token": (lambda _s: "a.b", "malformed"),
    "an element in the header that must be understood": (lambda s: token({**HEAD, "crit": ["exp"]}, payload_of(s), KEY), "bad_signature"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused(desk: Desk, name: str) -> None:
    forge, expected = FORGERIES[name]
    code, found = desk.verdict(forge(desk.issued()))
    assert (code, found["valid"], found["verdict"]) == (1, False, expected)


@pytest.mark.parametrize(
    ("forge", "expected"),
    [
        (lambda s: token(HEAD, payload_of(s), OTHER), "bad_signature"),
        (lambda s: token(HEAD, {**payload_of(s), "id": "https://example.org/old", "jti": "https://example.org/old"}, KEY), "malformed"),
        (lambda s: token(HEAD, {**payload_of(s), "iss": "https://example.com", "issuer": "https://example.com"}, KEY), "unknown_issuer"),
        (lambda s: token(HEAD, {**payload_of(s), "credentialSubject": {**payload_of(s)["credentialSubject"], "encodedList": "u" + b64(gzip.compress(b""))}}, KEY), "malformed"),
        (lambda s: token(HEAD, {**payload_of(s), "credentialSubject": {**payload_of(s)["credentialSubject"], "encodedList": "u" + b64(gzip.compress(b"0" * (9 << 20)))}}, KEY), "malformed"),
        (lambda _s: "no", "malformed"),
    ],
)  # fmt: skip
def test_a_list_that_does_not_hold_leaves_no_certificate_valid(
    desk: Desk, forge: Callable[[str], str], expected: str
) -> None:
    said = desk.issued()
    code, found = desk.verdict(said, status=forge(desk.listed()))
    assert (code, found["verdict"], found["of"]) == (1, expected, "status")


def test_a_list_is_no_certificate(desk: Desk) -> None:
    assert desk.verdict(desk.listed())[1]["verdict"] == "malformed"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"certificate": "../C"}, "certificate"), ({"awarded_on": "20/02/2027"}, "awarded_on"), ({"expires_on": "2027-02-19"}, "expires_on"),
        ({"status_index": "-1"}, "status_index"), ({"status_index": "16777216"}, "status_index"), ({"place": ""}, "place"), ({"person_code": "Nom Prénom"}, "person_code"),
    ],
)  # fmt: skip
def test_a_row_that_is_no_certificate_is_named_and_none_is_written(
    desk: Desk, change: dict[str, str], field: str
) -> None:
    rows = [{**ROW, "certificate": "C-0", "status_index": "0"}, {**ROW, **change}]
    found = desk.run("issue", desk.table("c.csv", rows), "--key", desk.folder / "key.pem", "--out", desk.folder / "o")
    assert (found.exit_code, "TRN-401" in found.stderr, field in found.stderr, "3" in found.stderr) == (
        2,
        True,
        True,
        True,
    )
    assert not (desk.folder / "o").exists()


def test_one_number_is_given_once_and_a_reason_is_a_code(desk: Desk) -> None:
    twice = desk.run(
        "issue",
        desk.table("c.csv", [ROW, {**ROW, "certificate": "C-2"}]),
        "--key",
        desk.folder / "key.pem",
        "--out",
        desk.folder / "o",
    )
    free = desk.run(
        "status",
        "--key",
        desk.folder / "key.pem",
        "--revoked",
        desk.table("r.csv", [{"certificate": "C-1", "status_index": "5", "reason": "A triché"}]),
        "--out",
        desk.folder / "s",
    )
    assert [(one.exit_code, "TRN-401" in one.stderr) for one in (twice, free)] == [(2, True), (2, True)]


def test_only_a_key_of_the_issuer_signs_and_an_issuer_holds_no_secret(desk: Desk) -> None:
    pem = OTHER.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    claims = desk.table("c.csv", [ROW])
    found = desk.run("issue", claims, "--key", desk.write("other.pem", pem.decode()), "--out", desk.folder / "o")
    assert (found.exit_code, "TRN-403" in found.stderr) == (2, True)
    desk.write("issuer.json", json.dumps({**ISSUER, "keys": [{"kid": "k1", "jwk": {**jwk(KEY), "d": "secret"}}]}))
    found = desk.run("issue", claims, "--key", desk.folder / "key.pem", "--out", desk.folder / "o")
    assert (found.exit_code, "TRN-402" in found.stderr) == (2, True)
    assert (
        CliRunner()
        .invoke(
            main,
            [
                "training",
                "badge",
                "verify",
                str(claims),
                "--issuer",
                str(desk.write("i.json", json.dumps(ISSUER))),
                "--at",
                "demain",
            ],
        )
        .exit_code
        == 2
    )
