"""The judgment as Akoma Ntoso 3.0, signed (XML-DSig): written from the structured decision, read back to compare.

Annexes and totals are read from the tables that people read, acts from the decision's own data beside them. Only what
the signature covers is read; a document with a DOCTYPE, a second signature or an object inside it is refused.
Only XML that a signature must cover is parsed here; the other XML the house reads is a plan of MS Project.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from lxml import etree

from kalata.disputes.rules.carried import carried
from kalata.disputes.rules.carried import read as read_json
from kalata.disputes.rules.identifiers import Identifiers
from kalata.disputes.signing.authority import Court, chain_fault
from kalata.disputes.signing.refusals import NotAJudgment
from kalata.transparency.rules.canonical import jcs

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OWN = "urn:kalata:court:decision:1"
DS = "http://www.w3.org/2000/09/xmldsig#"
LARGEST = 64 * 1024 * 1024
EMPTY = "—"
"""The paragraph of a part that has none."""
SCHEMA = Path(__file__).parents[1] / "schemas" / "akomantoso30.xsd"
PARTS = {"visas": "introduction", "facts": "background", "reasons": "motivation", "operative": "decision"}
"""Parts of a ruling, in order, and where Akoma Ntoso puts them."""


def parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )


def judgment(decision: Mapping[str, Any], ids: Identifiers, *, court: str, parts: Mapping[str, Sequence[str]]) -> bytes:
    """The judgment, not signed. parts: paragraphs by part (visas, facts, reasons, operative). NotAJudgment: no XML holds it."""
    root = etree.Element(f"{{{AKN}}}akomaNtoso", nsmap={None: AKN, "k": OWN})
    try:
        body = begun(root, decision, ids, court)
        for part, tag in PARTS.items():
            place = below(body, tag)
            for paragraph in parts.get(part) or [EMPTY]:
                below(place, "p", paragraph)
            if part == "operative":
                tables(place, carried(decision))
    except ValueError as why:  # a control character, a lone surrogate
        raise NotAJudgment(why=str(why)) from None
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def below(parent: Any, tag: str, text: str = "", **attributes: str) -> Any:
    made = etree.SubElement(parent, f"{{{AKN}}}{tag}", attrib=attributes)
    made.text = text or None
    return made


def begun(root: Any, decision: Mapping[str, Any], ids: Identifiers, court: str) -> Any:
    """Everything before the text; returns the body."""
    doc = below(root, "judgment", name="decision")
    meta = below(doc, "meta")
    known = below(meta, "identification", source="#court")
    on, rank = ids.on.isoformat(), ids.work.rpartition("/")[2]
    for level, uri, lang in (("Work", ids.work, ""), ("Expression", ids.expression, ids.language), ("Manifestation", f"{ids.expression}.xml", "")):  # fmt: skip
        frbr = below(known, f"FRBR{level}")
        below(frbr, "FRBRthis", value=f"{uri}/!main" if level != "Manifestation" else uri)
        below(frbr, "FRBRuri", value=uri)
        if level == "Work":
            below(frbr, "FRBRalias", name="ECLI", value=ids.ecli)
        below(frbr, "FRBRdate", name="decision", date=on)
        below(frbr, "FRBRauthor", href="#court")
        if level == "Work":
            below(frbr, "FRBRcountry", value=ids.work.split("/")[2])
            below(frbr, "FRBRnumber", value=rank)
        if lang:
            below(frbr, "FRBRlanguage", language=lang)
    below(below(meta, "references", source="#court"), "TLCOrganization", eId="court", href=f"/ontology/organization/{ids.work.split('/')[4]}", showAs=court)  # fmt: skip
    own = etree.SubElement(below(meta, "proprietary", source="#court"), f"{{{OWN}}}acts")
    own.text = jcs(carried(decision)["acts"]).decode()
    head = below(below(doc, "header"), "p")
    below(head, "docNumber", ids.number)
    below(head, "neutralCitation", ids.ecli)
    below(head, "docDate", on, date=on)
    return below(doc, "judgmentBody")


def tables(place: Any, parts: Mapping[str, Any]) -> None:
    """Totals and annexes, one row a value, one row a station and one cell a column of its key."""
    if parts["totals"]:
        rows(place, "totals", [[name, value] for name, value in parts["totals"].items()])
    for one in parts["annexes"]:
        rows(place, f"annex_{one['annex']}", one["stations"])


def rows(place: Any, name: str, values: Iterable[Sequence[str]]) -> None:
    table = below(place, "table", eId=name)
    below(table, "caption", name)
    for row in values:
        line = below(table, "tr")
        for cell in row:
            below(below(line, "td"), "p", cell)


# --- signing and reading -----------------------------------------------------------------------------------
def sign(xml: bytes, court: Court, *, at: datetime) -> bytes:
    """The judgment with its signature (enveloped, exclusive canonical form). Expired, ForeignKey, NotAJudgment."""
    from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner, methods

    court.ready(at)
    root = parsed(xml)
    if root.tag != f"{{{AKN}}}akomaNtoso" or root.findall(f".//{{{DS}}}Signature"):
        raise NotAJudgment(why=str(root.tag))
    signer = XMLSigner(
        method=methods.enveloped, signature_algorithm=SignatureMethod.ECDSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256, c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )  # fmt: skip
    made = signer.sign(root, key=court.seal.key, cert=[court.seal.certificate])
    return bytes(etree.tostring(made, xml_declaration=True, encoding="UTF-8"))


def parsed(xml: bytes) -> Any:
    if len(xml) > LARGEST or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or not xml.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n"):  # fmt: skip
        raise NotAJudgment(why="DOCTYPE, encoding or size")
    try:
        return etree.fromstring(xml, parser())
    except (etree.XMLSyntaxError, ValueError) as why:
        raise NotAJudgment(why=str(why)) from None


@dataclass(slots=True)
class Checked:
    """What was found of a signed judgment. faults: empty where all holds; parts: as `carried` gives them; words: its
    paragraphs by part; schema: where it is no Akoma Ntoso, None where it is."""

    faults: list[str] = field(default_factory=list)
    parts: dict[str, Any] | None = None
    ecli: str = ""
    words: dict[str, list[str]] = field(default_factory=dict)
    schema: str | None = None


def check(xml: bytes, roots: Iterable[x509.Certificate], at: datetime) -> Checked:
    """Whether one of these authorities signed the whole document, in force at this instant (the PDF's token gives it)."""
    found = Checked()
    try:
        examine(xml, list(roots), at, found)
    except NotAJudgment as why:
        found.faults.append(str(why.params["why"]))
    except Exception as why:  # a hostile document fails in its own way at each layer, and in no way passes
        found.faults.append(f"{type(why).__name__} {why}"[:300])
    return found


def examine(xml: bytes, roots: list[x509.Certificate], at: datetime, found: Checked) -> None:
    from signxml import DigestAlgorithm, SignatureConfiguration, SignatureMethod, XMLVerifier

    root = parsed(xml)
    seals = root.findall(f".//{{{DS}}}Signature")
    if root.tag != f"{{{AKN}}}akomaNtoso" or len(seals) != 1 or seals[0].getparent() is not root:
        raise NotAJudgment(why=f"{len(seals)} signatures")
    if any(not isinstance(one.tag, str) for one in root.iter()) or seals[0].findall(f".//{{{DS}}}Object"):
        raise NotAJudgment(why="comment, instruction or ds:Object")
    references = seals[0].findall(f".//{{{DS}}}Reference")
    if [one.get("URI") for one in references] != [""]:
        raise NotAJudgment(why="the signature is not of the whole document")
    texts = seals[0].findall(f".//{{{DS}}}X509Certificate")
    if len(texts) != 1:
        raise NotAJudgment(why=f"{len(texts)} certificates")
    leaf = x509.load_pem_x509_certificate(
        f"-----BEGIN CERTIFICATE-----\n{(texts[0].text or '').strip()}\n-----END CERTIFICATE-----\n".encode()
    )
    if fault := chain_fault(leaf, roots, at):
        raise NotAJudgment(why=fault)
    rule = SignatureConfiguration(
        location="./", signature_methods=frozenset({SignatureMethod.ECDSA_SHA256}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}), verification_time=at,
    )  # fmt: skip
    result = XMLVerifier().verify(xml, x509_cert=leaf, expect_config=rule, parser=parser())
    signed = result.signed_xml if not isinstance(result, list) else None
    if signed is None or signed.tag != f"{{{AKN}}}akomaNtoso":
        raise NotAJudgment(why="the signature covers something else")
    read(signed, found)


def read(signed: Any, found: Checked) -> None:
    """The parts of the decision, from what the signature covers."""
    found.schema = schema_fault(signed)
    if len(signed.findall(f".//{{{OWN}}}acts")) != 1:
        raise NotAJudgment(why="acts")
    held: dict[str, list[list[str]]] = {}
    for table in signed.iterfind(f".//{{{AKN}}}table"):
        name = str(table.get("eId"))
        if name in held:
            raise NotAJudgment(why=f"two tables {name}")
        held[name] = [
            ["".join(cell.itertext()) for cell in row.findall(f"{{{AKN}}}td")] for row in table.findall(f"{{{AKN}}}tr")
        ]
    found.ecli = str(signed.findtext(f".//{{{AKN}}}neutralCitation"))
    found.parts = {
        "decision": str(signed.findtext(f".//{{{AKN}}}docNumber")),
        "acts": read_json(str(signed.findtext(f".//{{{OWN}}}acts")).encode()),
        "totals": dict(held.pop("totals", [])),
        "annexes": [{"annex": name.removeprefix("annex_"), "stations": rows} for name, rows in held.items()],
    }
    for part, tag in PARTS.items():
        said = ["".join(p.itertext()) for p in signed.iterfind(f".//{{{AKN}}}judgmentBody/{{{AKN}}}{tag}/{{{AKN}}}p")]
        found.words[part] = [] if said == [EMPTY] else said


@cache
def schema() -> etree.XMLSchema:
    """Akoma Ntoso 3.0 as OASIS published it (schemas/README.md), read from the house's own files alone."""
    return etree.XMLSchema(etree.parse(str(SCHEMA), parser()))


def schema_fault(signed: Any) -> str | None:
    """The first place where a judgment is not Akoma Ntoso 3.0; None where it is. The standard has no place for a
    signature at the root: the document is validated without the one that covers it."""
    bare = deepcopy(signed)
    for seal in bare.findall(f"{{{DS}}}Signature"):
        bare.remove(seal)
    rule = schema()
    if rule.validate(bare):
        return None
    return str(rule.error_log[0].message)[:300]
