"""A claim to a signed token (Open Badges 3.0, VC-JWT, EdDSA), and the list of what was withdrawn (BitstringStatusList)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from kalata.training.rules.badges.claims import Claim, Withdrawn
from kalata.training.rules.badges.issuer import Issuer, Signer, coded

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", {"place": "https://schema.org/location"}]  # fmt: skip
LEAST_BITS = 131_072
"""The least a list has, so that its length tells nothing of how few were withdrawn."""


def instant(day: date, *, end: bool = False) -> datetime:
    return datetime.combine(day, time(23, 59, 59) if end else time(), UTC)


def said(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def urn(certificate: str) -> str:
    return f"urn:kalata:certificate:{certificate}"


def signed(payload: Mapping[str, Any], signer: Signer) -> str:
    header = {"alg": "EdDSA", "typ": "JWT", "kid": signer.kid}
    parts = [coded(json.dumps(p, ensure_ascii=False, separators=(",", ":")).encode()) for p in (header, payload)]
    return ".".join([*parts, coded(signer.key.sign(".".join(parts).encode()))])


def profile(issuer: Issuer) -> dict[str, Any]:
    return {"id": issuer.id, "type": ["Profile"], "name": issuer.name}


def badge(claim: Claim, signer: Signer) -> str:
    """The token of a claim. The same claim and key give the same bytes."""
    issuer, begins = signer.issuer, instant(claim.awarded_on)
    ends = instant(claim.expires_on, end=True) if claim.expires_on else None
    achievement = {
        "id": f"{urn(claim.certificate)}:achievement", "type": ["Achievement"], "achievementType": "Certification",
        "name": f"{claim.role} {claim.level}", "description": f"{claim.role} {claim.level}, {claim.procedure_version}",
        "criteria": {"narrative": f"{claim.role} {claim.level}, {claim.procedure_version}"},
        "specialization": claim.level, "version": claim.procedure_version,
    }  # fmt: skip
    payload: dict[str, Any] = {
        "@context": CONTEXT, "id": urn(claim.certificate), "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{claim.role} {claim.level}", "issuer": profile(issuer), "validFrom": said(begins),
        **({"validUntil": said(ends)} if ends else {}),
        "credentialSubject": {
            "type": ["AchievementSubject"], "role": claim.role, "place": claim.place,
            "identifier": [{"type": "IdentityObject", "hashed": False, "identityHash": claim.person_code, "identityType": "identifier"}],
            "achievement": achievement,
        },
        "credentialStatus": {
            "id": f"{issuer.status_list}#{claim.status_index}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": str(claim.status_index), "statusListCredential": issuer.status_list,
        },
        "iss": issuer.id, "jti": urn(claim.certificate), "sub": claim.person_code, "nbf": int(begins.timestamp()),
        **({"exp": int(ends.timestamp())} if ends else {}),
    }  # fmt: skip
    return signed(payload, signer)


def status_list(withdrawn: Sequence[Withdrawn], signer: Signer) -> str:
    """The token of the list: a bit a certificate, the first bit the most significant; the coded reasons beside."""
    issuer = signer.issuer
    most = max([LEAST_BITS, *(one.status_index + 1 for one in withdrawn)])
    bits = bytearray((most + 7) // 8)
    for one in withdrawn:
        bits[one.status_index // 8] |= 0x80 >> one.status_index % 8
    packed = "u" + coded(gzip.compress(bytes(bits), compresslevel=9, mtime=0))
    payload = {
        "@context": [*CONTEXT[:1], {"reasons": {"@id": "https://schema.org/reasons", "@type": "@json"}}],
        "id": issuer.status_list, "type": ["VerifiableCredential", "BitstringStatusListCredential"], "issuer": issuer.id,
        "credentialSubject": {
            "id": f"{issuer.status_list}#list", "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": packed,
            "reasons": {str(one.status_index): one.reason for one in withdrawn},
        },
        "iss": issuer.id, "jti": issuer.status_list,
    }  # fmt: skip
    return signed(payload, signer)
