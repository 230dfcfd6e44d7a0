"""RFC 3161: the Court's own authority of instants, in process, and the check of its tokens by another library.

A token says: this hash was there at this instant. It is made with asn1crypto and checked with rfc3161-client.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from kalata.disputes.signing.authority import Court, Holder, chain_fault

POLICY = "2.25.3638010056695134304"
"""The policy that tokens name: an identifier without owner (X.667), until a court has an arc of its own."""
LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says, once it is checked."""

    digest: bytes
    at: datetime
    serial: int


class BadToken(ValueError):
    """A token that cannot be read, that another authority made, or that says another hash."""


def stamp(court: Court, digest: bytes, *, at: datetime, nonce: int | None = None) -> bytes:
    """A response (TimeStampResp, DER) over a SHA-256 hash. Expired, ForeignKey: the certificates do not serve now."""
    court.ready(at)
    if len(digest) != 32:
        raise ValueError("a SHA-256 hash has 32 bytes")
    imprint = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest})
    return bytes(response(court.time, imprint, at, nonce).dump())


def response(holder: Holder, imprint: tsp.MessageImprint, at: datetime, nonce: int | None) -> tsp.TimeStampResp:
    at = at.astimezone(UTC)
    certificate = asn1_x509.Certificate.load(holder.certificate.public_bytes(Encoding.DER))
    info = {
        "version": "v1", "policy": POLICY, "message_imprint": imprint, "serial_number": secrets.randbits(63) | 1 << 62,
        "gen_time": core.GeneralizedTime(at), "accuracy": {"seconds": 1},
        "tsa": asn1_x509.GeneralName(name="directory_name", value=certificate.subject),
    }  # fmt: skip
    if nonce is not None:
        info["nonce"] = nonce
    content = tsp.TSTInfo(info).dump()
    attributes = signed_attributes(content, certificate, at)
    signer = cms.SignerInfo({
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number})}),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        "signed_attrs": attributes,
        "signature": holder.key.sign(attributes.dump(), ec.ECDSA(SHA256())),
    })  # fmt: skip
    signed = cms.SignedData({
        "version": "v3",
        "digest_algorithms": cms.DigestAlgorithms((algos.DigestAlgorithm({"algorithm": "sha256"}),)),
        "encap_content_info": cms.EncapsulatedContentInfo(
            {"content_type": cms.ContentType("tst_info"), "content": cms.ParsableOctetString(content)}),
        "certificates": {certificate},
        "signer_infos": [signer],
    })  # fmt: skip
    token = cms.ContentInfo({"content_type": cms.ContentType("signed_data"), "content": signed})
    return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})


def signed_attributes(content: bytes, certificate: asn1_x509.Certificate, at: datetime) -> cms.CMSAttributes:
    """RFC 3161 and RFC 5816: the kind of content, its hash, and the certificate that signs, by its hash."""
    own = tsp.ESSCertIDv2({
        "hash_algorithm": {"algorithm": "sha256"}, "cert_hash": hashlib.sha256(certificate.dump()).digest(),
        "issuer_serial": {
            "issuer": [asn1_x509.GeneralName({"directory_name": certificate.issuer})],
            "serial_number": certificate.serial_number,
        },
    })  # fmt: skip
    values = {
        "content_type": cms.ContentType("tst_info"),
        "signing_time": cms.Time({"utc_time": core.UTCTime(at)}),
        "message_digest": hashlib.sha256(content).digest(),
        "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [own]}),
    }
    return cms.CMSAttributes([cms.CMSAttribute({"type": kind, "values": (value,)}) for kind, value in values.items()])


def read(data: bytes, digest: bytes, roots: Iterable[x509.Certificate]) -> Token:
    """The token of a response, checked: this hash, one of these authorities, in force at its instant. BadToken."""
    if len(data) > LARGEST:
        raise BadToken(f"{len(data)} bytes")
    try:
        return checked(data, digest, list(roots))
    except BadToken:
        raise
    except Exception as why:  # each layer of a hostile token has its own way to be unreadable
        raise BadToken(str(why) or "unreadable") from None


def checked(data: bytes, digest: bytes, roots: list[x509.Certificate]) -> Token:
    from rfc3161_client import VerifierBuilder, decode_timestamp_response

    found = decode_timestamp_response(data)
    if bytes(found.as_bytes()) != data:
        raise BadToken("another spelling of the same token")
    leaves = [x509.load_der_x509_certificate(bytes(one)) for one in found.signed_data.certificates]
    if len(leaves) != 1:
        raise BadToken(f"{len(leaves)} certificates")
    at = found.tst_info.gen_time
    at = at.replace(tzinfo=at.tzinfo or UTC)
    if fault := chain_fault(leaves[0], roots, at, stamping=True):
        raise BadToken(fault)
    imprint = bytes(found.tst_info.message_imprint.message)
    if imprint != digest:
        raise BadToken(f"sha256 {imprint.hex()}")
    builder = VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    builder.build().verify(found, digest)
    return Token(digest, at, found.tst_info.serial_number)
