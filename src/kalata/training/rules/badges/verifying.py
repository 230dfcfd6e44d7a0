"""Whether a token holds, from the issuer's file alone, without network. Never a verdict better than what was checked."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature

from kalata.plain import no_constant, once
from kalata.training.rules.badges.issuer import Issuer, decoded
from kalata.training.rules.badges.tokens import instant, said

MOST_TOKEN, MOST_LIST = 64 * 1024, 8 << 20
INSTANT = "%Y-%m-%dT%H:%M:%SZ"


class Bad(Exception):
    """Why a token does not hold: one of the verdicts."""

    def __init__(self, verdict: str, why: str) -> None:
        super().__init__(why)
        self.verdict, self.why = verdict, why


@dataclass(frozen=True, slots=True)
class Verdict:
    """of: "" the badge; status: the list of what was withdrawn, given beside it, does not hold itself."""

    verdict: str
    claim: dict[str, object] | None = None
    why: str = ""
    of: str = ""
    reason: str = ""
    warnings: tuple[str, ...] = ()

    def record(self) -> dict[str, object]:
        out: dict[str, object] = {"valid": self.verdict == "valid", "verdict": self.verdict, "claim": self.claim, "warnings": list(self.warnings)}  # fmt: skip
        return out | {k: v for k in ("why", "of", "reason") if (v := getattr(self, k))}


def opened(token: bytes, issuer: Issuer, most: int) -> dict[str, Any]:
    """What a token says, once its signature is the issuer's. Raises Bad."""
    if len(token) > most:
        raise Bad("malformed", "size")
    parts = token.strip().split(b".")
    if len(parts) != 3:
        raise Bad("malformed", "three parts are expected")
    try:
        texts = [part.decode("ascii") for part in parts]
        header, payload = (
            json.loads(decoded(t), object_pairs_hook=once, parse_constant=no_constant) for t in texts[:2]
        )
        signature = decoded(texts[2])
    except (ValueError, RecursionError):
        raise Bad("malformed", "base64url or JSON") from None
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise Bad("malformed", "an object is expected")
    if header.get("alg") != "EdDSA" or "crit" in header:
        raise Bad("bad_signature", "alg")
    named = payload.get("issuer")
    whose = {payload.get("iss"), named.get("id") if isinstance(named, dict) else named} if isinstance(named, dict | str) and isinstance(payload.get("iss"), str) else set()  # fmt: skip
    if whose != {issuer.id}:
        raise Bad("unknown_issuer", "iss")
    kid = header.get("kid")
    keys = list(issuer.keys.values()) if kid is None else [issuer.keys[kid]] if isinstance(kid, str) and kid in issuer.keys else []  # fmt: skip
    if not keys:
        raise Bad("unknown_issuer", "kid")
    for key in keys:
        try:
            key.verify(signature, f"{texts[0]}.{texts[1]}".encode())
        except InvalidSignature:
            continue
        return payload
    raise Bad("bad_signature", "signature")


def typed(payload: dict[str, Any], kind: str) -> None:
    kinds = payload.get("type")
    if (
        not isinstance(kinds, list)
        or "VerifiableCredential" not in kinds
        or kind not in kinds
        or payload.get("jti") != payload.get("id")
    ):
        raise Bad("malformed", kind)


def day(payload: dict[str, Any], key: str, number: str, *, end: bool) -> date | None:
    """The day of a bound, where it is; the two ways it is said agree."""
    if key not in payload and number not in payload:
        return None
    try:
        found = datetime.strptime(str(payload[key]), INSTANT).date()
    except (KeyError, ValueError):
        raise Bad("malformed", key) from None
    at = instant(found, end=end)
    if said(at) != payload[key] or payload.get(number) != int(at.timestamp()) or isinstance(payload[number], bool):
        raise Bad("malformed", key)
    return found


def claim_of(payload: dict[str, Any]) -> tuple[dict[str, object], date, date | None, int]:
    """(what it claims, from, until, its place in the list)."""
    typed(payload, "OpenBadgeCredential")
    begins = day(payload, "validFrom", "nbf", end=False)
    ends = day(payload, "validUntil", "exp", end=True)
    try:
        subject, status = payload["credentialSubject"], payload["credentialStatus"]
        index = status["statusListIndex"]
        claim = {
            "certificate": payload["id"].removeprefix("urn:kalata:certificate:"), "person_code": subject["identifier"][0]["identityHash"],
            "role": subject["role"], "level": subject["achievement"]["specialization"], "procedure_version": subject["achievement"]["version"],
            "awarded_on": begins and begins.isoformat(), "place": subject["place"], "expires_on": ends and ends.isoformat(), "status_index": int(index),
        }  # fmt: skip
        if (
            begins is None
            or status["type"] != "BitstringStatusListEntry"
            or not re.fullmatch(r"0|[1-9][0-9]{0,8}", index)
        ):
            raise ValueError
        if claim["person_code"] != payload["sub"] or not all(isinstance(v, str | int | None) for v in claim.values()):
            raise ValueError
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise Bad("malformed", "claim") from None
    return claim, begins, ends, int(index)


def withdrawn(token: bytes, issuer: Issuer, index: int, listed: object) -> str | None:
    """The coded reason for which that place of the list is withdrawn; None where it is not. Raises Bad."""
    payload = opened(token, issuer, MOST_LIST)
    typed(payload, "BitstringStatusListCredential")
    if payload["id"] != listed or listed != issuer.status_list:
        raise Bad("malformed", "another list")
    try:
        subject = payload["credentialSubject"]
        if subject["type"] != "BitstringStatusList" or subject["statusPurpose"] != "revocation":
            raise ValueError
        packed = subject["encodedList"]
        unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
        bits = unpack.decompress(decoded(packed.removeprefix("u")), MOST_LIST)
        if not packed.startswith("u") or unpack.unconsumed_tail or not unpack.eof or index >= 8 * len(bits):
            raise ValueError
        reasons = subject.get("reasons", {})
        reason = reasons.get(str(index), "") if isinstance(reasons, dict) else ""
    except (KeyError, TypeError, ValueError, AttributeError, zlib.error):
        raise Bad("malformed", "list") from None
    return str(reason) if bits[index // 8] & (0x80 >> index % 8) else None


def verdict(token: bytes, issuer: Issuer, at: date, status: bytes | None = None) -> Verdict:
    """What is to be thought of a token on a day. Withdrawn is said before expired."""
    try:
        payload = opened(token, issuer, MOST_TOKEN)
        claim, begins, ends, index = claim_of(payload)
    except Bad as bad:
        return Verdict(bad.verdict, why=bad.why)
    warnings: tuple[str, ...] = ()
    if status is None:
        warnings = ("revocation_not_checked",)
    else:
        try:
            reason = withdrawn(status, issuer, index, payload["credentialStatus"].get("statusListCredential"))
        except Bad as bad:
            return Verdict(bad.verdict, claim, bad.why, "status")
        if reason is not None:
            return Verdict("revoked", claim, reason=reason)
    if at < begins:
        return Verdict("not_yet", claim, warnings=warnings)
    if ends and at > ends:
        return Verdict("expired", claim, warnings=warnings)
    return Verdict("valid", claim, warnings=warnings)
