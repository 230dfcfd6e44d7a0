"""Manuals of a source, what a changed article touches, questions through every form, certificates: seconds, beside a peer in the same run."""

from __future__ import annotations

import base64
import io
import itertools
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2

from bench.lines import line
from kalata.training import manuals
from kalata.training.rules.badges import claims, tokens, verifying
from kalata.training.rules.badges.issuer import issuer_of, signer_of
from kalata.training.rules.manuals.impact import touched
from kalata.training.rules.quiz import gift, moodle
from kalata.training.rules.quiz.question import as_json, of_json
from kalata.training.sources import law_named, opened
from tests.training.rules import test_badges as badges
from tests.training.rules.test_quiz import EACH
from tests.training.source_files import both, files, read
from tests.training.test_manuals import many, plainly

PACK = Path(manuals.__file__).parents[1] / "packs" / "ml" / "training" / "source"


def taken(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def long() -> dict[str, Any]:
    """A manual of some sixty printed pages."""
    changed = {"source.yaml": files()["source.yaml"]}
    step = files()["procedures/open.yaml"]["steps"][1]
    for n in range(30):
        steps = [{**step, "id": f"P{n}.{k}", "why": both("Chacun voit ce qui est fait et peut le dire. " * 2, "All see what is done. " * 2)} for k in range(7)]  # fmt: skip
        changed[f"procedures/p{n:02}.yaml"] = {
            **files()["procedures/open.yaml"],
            "id": f"P{n}",
            "steps": steps,
            "branches": [],
            "items": [],
        }
    return changed


def printed() -> None:
    made = manuals.every(read(long()), law_named("ml"), ["president"], ["fr"], draft=False)[0]
    manual = next(f for f in made.files if f.path == "manual.president.fr.pdf")
    kept: list[bytes] = []
    seconds = taken(lambda: kept.append(made.bytes_of(manual)))
    pages = len(pypdfium2.PdfDocument(io.BytesIO(kept[0])))
    line(
        f"a role manual of {pages} pages set, tagged for archives",
        f"{seconds:.2f} s",
        "60 pages in 5 s",
        pages >= 60 and seconds <= 5,
    )
    line(
        "  the same twice: bytes that differ",
        str(int(made.bytes_of(manual) != kept[0])),
        "0",
        made.bytes_of(manual) == kept[0],
    )
    if (PACK / "source.yaml").is_file():
        found = opened(PACK)
        some = manuals.every(found.source, found.law, ["president"], ["fr"], draft=True)
        every: list[Any] = []
        seconds = taken(lambda: every.extend(manuals.built(some)))
        line(
            f"every file of the president's pack in French ({len(every)} files)",
            f"{seconds:.1f} s",
            "said, not promised",
        )


def changes() -> None:
    changed = many()
    source, law = read(changed), law_named("ml")
    exact, slowest = 0, 0.0
    for n, version in itertools.product(range(10), ("2022-06-24", "2023-03-13")):
        start = time.perf_counter()
        some = manuals.every(source, law, source.roles(), ["fr", "en"], draft=False)
        pages, plan = [p for m in some for p in m.pages], [f for m in some for f in m.files]
        found = touched(source, [f"LE-2022-019/art.{n}@{version}"], pages, plan).record()
        slowest = max(slowest, time.perf_counter() - start)
        said = {"pages": [p.record() for p in pages], "files": [f.record("") for f in plan]}
        exact += found == plainly(changed, said, f"LE-2022-019/art.{n}", version)
    line("changes of the law whose set is exact", f"{exact} of 20", "20 of 20", exact == 20)
    line("  the slowest of them", f"{slowest:.2f} s", "<= 2 s", slowest <= 2)


def asked() -> None:
    some = of_json({"questions": [{**q, "id": f"{q['id']}-{n}"} for n in range(16) for q in EACH][:200]}, "bench")
    lost = 0
    for path in itertools.permutations(("json", "gift", "xml")):
        now = some
        for form in path:
            if form == "json":
                now = of_json(json.loads(json.dumps(as_json(now))), "bench")
            elif form == "gift":
                now = gift.read(gift.written(now), "bench")
            else:
                now = moodle.read(moodle.written(now).encode(), "bench")[0]
        lost += sum(a != b for a, b in zip(some, now, strict=True))
    line(f"{len(some)} questions through each order of JSON, GIFT and Moodle XML: lost", str(lost), "0", lost == 0)


def signed() -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = badges.Desk(Path(folder))
        issuer = issuer_of(badges.ISSUER, "bench")
        signer = signer_of(issuer, (desk.folder / "key.pem").read_bytes(), "bench")
        rows = [{**badges.ROW, "certificate": f"C-{n}", "status_index": str(n)} for n in range(1_000)]
        made: list[str] = []
        seconds = taken(lambda: made.extend(tokens.badge(one, signer) for one in claims.claims_of(rows, "bench")))
        again = taken(lambda: [verifying.verdict(t.encode(), issuer, badges_day()) for t in made])
        line("1,000 certificates signed", f"{seconds:.2f} s", "<= 30 s", seconds <= 30)
        agreed = sum(plainly_valid(t, badges.ISSUER, rows[n]) for n, t in enumerate(made))
        line("  checked by a second implementation, which shares no code with the first", f"{agreed:,} of 1,000", "1,000 of 1,000", agreed == 1_000)  # fmt: skip
        line("  ratio to checking them again", f"{seconds / again:.2f} x", "said, not promised")
        said = desk.issued()
        refused = sum(desk.verdict(forge(said))[1]["verdict"] == wanted for forge, wanted in badges.FORGERIES.values())
        line("forgeries refused", f"{refused} of {len(badges.FORGERIES)}", "all", refused == len(badges.FORGERIES))


def plainly_valid(token: str, issuer: dict[str, Any], row: dict[str, str]) -> bool:
    """A certificate checked from the standards alone: RFC 7515, RFC 8037 and the fields of Open Badges 3.0."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    def raw(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    head, body, signature = token.split(".")
    said, claim = json.loads(raw(head)), json.loads(raw(body))
    key = next(k["jwk"] for k in issuer["keys"] if k["kid"] == said["kid"])
    Ed25519PublicKey.from_public_bytes(raw(key["x"])).verify(raw(signature), f"{head}.{body}".encode())
    vc = claim.get("vc", claim)
    status = vc["credentialStatus"]["statusListIndex"]
    return said["alg"] == "EdDSA" and "OpenBadgeCredential" in vc["type"] and str(status) == row["status_index"] and row["certificate"] in body_of(vc)


def body_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def badges_day() -> Any:
    from datetime import date

    return date(2027, 3, 1)


def measure() -> None:
    printed()
    changes()
    asked()
    signed()
