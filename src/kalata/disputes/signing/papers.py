"""PAdES: a decision is sealed by the Court with the instant inside, carries its own data, and is checked by anybody.

The structured decision travels in the file as an attachment, byte for byte: what a program reads of the PDF is what
the gate passed. Checked: one authority, in force at the instant of the token, every byte covered by the last seal.
Known limit: pyHanko calls its own validation incomplete; the archive's hashes and seal decide, this adds to them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kalata.disputes.signing import hardware
from kalata.disputes.signing.authority import Court, chain_fault
from kalata.disputes.signing.refusals import NotSignable

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.signers import Signer

LARGEST = 64 * 1024 * 1024
FIELD = "Sceau"
SCRIPTED = ("/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA", "/XFA", "/RichMedia")
"""What a paper of the Court never has: something that acts when it is opened."""


def asn1(certificate: x509.Certificate) -> Any:
    from asn1crypto.x509 import Certificate

    return Certificate.load(certificate.public_bytes(Encoding.DER))


def own_signer(court: Court) -> Signer:
    """The seal by the Court's key, in a file or in a token."""
    from asn1crypto.keys import PrivateKeyInfo
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()
    store.register(asn1(court.root))
    if isinstance(court.seal.key, hardware.TokenKey):
        return token_signer(court, store)
    key = court.seal.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=asn1(court.seal.certificate), signing_key=PrivateKeyInfo.load(key), cert_registry=store
    )


def token_signer(court: Court, store: Any) -> Signer:
    """The seal by a key that stays in its token."""
    from asn1crypto.algos import SignedDigestAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from pyhanko.sign.signers import Signer

    class InToken(Signer):
        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            return bytes(80) if dry_run else court.seal.key.sign(data, ec.ECDSA(SHA256()))

    how = SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
    return InToken(signing_cert=asn1(court.seal.certificate), cert_registry=store, signature_mechanism=how)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """The answer of a coroutine, where a loop runs already too."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as other:
        return other.submit(asyncio.run, work).result()


def stamper(court: Court, at: datetime) -> Any:
    """pyHanko's way to ask for a token, answered in this process."""
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    from kalata.disputes.signing import times

    class Own(TimeStamper):
        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            nonce = req["nonce"].native
            return times.response(court.time, req["message_imprint"], at, nonce)

    return Own()


def sign(
    pdf: bytes, court: Court, *, at: datetime, reason: str, attached: Mapping[str, bytes] | None = None,
    signer: Signer | None = None,
) -> bytes:  # fmt: skip
    """The PDF sealed (PAdES B-T) with its attachments. Expired, ForeignKey; NotSignable: encrypted, scripted, signed already.

    The key is the one given, else the Court's: in a file, or in the token that holds it (`hardware`).
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import fields, signers

    court.ready(at)
    signable(pdf)
    try:
        out = IncrementalPdfFileWriter(BytesIO(pdf), strict=True)
        for name, data in (attached or {}).items():
            attach(out, name, data)
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", reason=reason, name=court.seal.name,
            subfilter=fields.SigSeedSubFilter.PADES, embed_validation_info=False,
        )  # fmt: skip
        how = signers.PdfSigner(meta, signer=signer or own_signer(court), timestamper=stamper(court, at))
        return bytes(run(how.async_sign_pdf(out)).getvalue())
    except PdfError as why:
        raise NotSignable(why=str(why)) from None


def signable(pdf: bytes) -> None:
    """Return when this is a plain PDF: whole, in clear, without script, not signed yet. NotSignable."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    if len(pdf) > LARGEST:
        raise NotSignable(why=f"{len(pdf)} > {LARGEST}")
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        if reader.encrypted:
            raise NotSignable(why="/Encrypt")
        if reader.embedded_signatures:
            raise NotSignable(why="/Sig")
        if found := acting(pdf):
            raise NotSignable(why=", ".join(found))
    except (PdfError, ValueError, KeyError, TypeError, RecursionError, IndexError) as why:
        raise NotSignable(why=str(why) or type(why).__name__) from None


def acting(pdf: bytes) -> list[str]:
    """The names of what acts by itself in the file, wherever its objects lie."""
    import pikepdf

    found: set[str] = set()
    with pikepdf.open(BytesIO(pdf)) as held:
        for one in held.objects:
            if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
                found |= {name for name in SCRIPTED if name in one}
                if one.get("/S") in (pikepdf.Name.JavaScript, pikepdf.Name.Launch):
                    found.add(str(one["/S"]))
    return sorted(found)


def attach(out: Any, name: str, data: bytes) -> None:
    from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file

    made = EmbeddedFileObject.from_file_data(out, data=data, mime_type="application/json")
    embed_file(out, FileSpec(file_spec_string=name, file_name=name, embedded_data=made, description=name))


# --- checking --------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Checked:
    """What was found of a signed PDF. faults: empty where all holds; at: the instant of the last seal's token."""

    faults: list[str] = field(default_factory=list)
    seals: int = 0
    at: datetime | None = None
    attached: dict[str, bytes] = field(default_factory=dict)


def check(pdf: bytes, roots: Iterable[x509.Certificate]) -> Checked:
    """Whether the PDF is sealed by one of these authorities, whole and unchanged since."""
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what they would say is among the faults
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    found = Checked()
    try:
        examine(pdf, list(roots), found)
    except Exception as why:  # a hostile PDF fails in its own way at each layer, and in no way passes
        found.faults.append(f"unreadable: {type(why).__name__} {why}"[:300])
    return found


def examine(pdf: bytes, roots: list[x509.Certificate], found: Checked) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    if len(pdf) > LARGEST:
        found.faults.append(f"{len(pdf)} bytes")
        return
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    if reader.encrypted:
        found.faults.append("encrypted")
        return
    seals = reader.embedded_signatures
    found.seals = len(seals)
    if not seals:
        found.faults.append("not signed")
    for place, seal in enumerate(seals):
        found.faults += seal_faults(seal, roots, found, last=place == len(seals) - 1)
    found.attached = attachments(reader)


def seal_faults(seal: Any, roots: list[x509.Certificate], found: Checked, *, last: bool) -> list[str]:
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    tokens = list(extract_tst_data_iter(seal.signer_info, signed=False))
    if len(tokens) != 1:
        return [f"{len(tokens)} time-stamps in the seal"]
    at = tokens[0]["encap_content_info"]["content"].parsed["gen_time"].native.astimezone(UTC)
    leaf = x509.load_der_x509_certificate(seal.signer_cert.dump())
    if fault := chain_fault(leaf, roots, at):
        return [fault]
    faults: list[str] = []

    def around() -> Any:
        return ValidationContext(
            trust_roots=[asn1(one) for one in roots], allow_fetching=False, revocation_mode="soft-fail", moment=at,
            best_signature_time=at, time_tolerance=timedelta(seconds=2),
        )  # fmt: skip

    status = run(async_validate_pdf_signature(seal, around(), around()))
    stamped = status.timestamp_validity
    wanted = {
        "intact": status.intact, "valid": status.valid, "trusted": status.trusted,
        "time-stamp": stamped is not None and stamped.intact and stamped.valid and stamped.trusted,
    }  # fmt: skip
    faults += [f"not {name}" for name, holds in wanted.items() if not holds]
    if last and status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        faults.append("bytes after the last seal")
    if not last and not status.bottom_line:
        faults.append("changed after an earlier seal")
    if last:
        found.at = at
    return faults


def attachments(reader: PdfFileReader) -> dict[str, bytes]:
    """The files inside the PDF by name. ValueError: two of one name."""
    held: Any = reader.root
    for step in ("/Names", "/EmbeddedFiles", "/Names"):
        held = held[step] if step in held else ()  # noqa: SIM401  (get does not follow a reference)
    names, out = held, dict[str, bytes]()
    for place in range(1, len(names), 2):
        spec = names[place]
        name = str(spec["/UF"] if "/UF" in spec else spec["/F"])
        if name in out:
            raise ValueError(f"two attachments named {name}")
        data = spec["/EF"]["/F"].data
        if len(data) > LARGEST:
            raise ValueError(f"{name}: {len(data)} bytes")
        out[name] = bytes(data)
    return out
