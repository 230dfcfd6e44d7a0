"""The three verifiers, asked about the same logs: the product, `verify.py`, and the page's own script."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kalata.transparency.rules import tiles
from kalata.transparency.rules.merkle import Tree, leaf_hash
from kalata.transparency.rules.notes import Checkpoint, SigningKey
from kalata.transparency.verifying import verify
from tests.site import standalone

PAGE = Path(__file__).parents[2] / "src/kalata/transparency/site/assets/verifier.html"
STUB = """
const el = () => new Proxy(function () {}, { get: (t, k) => k === "textContent" ? '{"lists":{},"boxes":[],"trust":""}' :
  k === Symbol.toPrimitive ? () => "" : k === "value" ? "" : el(), set: () => true, apply: () => el() });
globalThis.document = { getElementById: el, querySelectorAll: () => [], documentElement: {}, createElement: el, querySelector: el, head: el() };
globalThis.location = { hash: "" }; globalThis.self = globalThis;
Object.defineProperty(globalThis, "navigator", { value: { language: "fr" }, configurable: true });
"""
JUDGE = """async cases => { const b = s => Uint8Array.from(atob(s), c => c.charCodeAt(0)), out = []; for (const [keys, files] of cases) { try {
  await self.kalata.whole(Object.fromEntries(Object.entries(files).map(([k, v]) => [k, b(v)])), self.kalata.trusted(keys)); out.push("") }
  catch (e) { out.push(String(e.message || e) || "refused") } } return out }"""


@dataclass
class Signed:
    """A log as a house may sign it. files: the registers; lines: of the checkpoint, made from its text."""

    origin: str
    entries: list[bytes]
    files: dict[str, bytes]
    note: str
    trust: list[str]

    def written(self) -> dict[str, bytes]:
        """Every file of the log, by name."""
        tree = Tree(map(leaf_hash, self.entries))
        size = len(self.entries)
        made = {
            **self.files,
            "checkpoint": self.note.encode("utf-8", "surrogatepass"),
            "log.vkey": "\n".join(self.trust).encode(),
        }
        for level, n, width in tiles.sizes(size):
            made[tiles.path(level, n, width)] = tiles.tile(tree, level, n, width)
            if level == 0:
                made[tiles.path("entries", n, width)] = tiles.bundle(self.entries[n * 256 : n * 256 + width])
        return made


def note_of(origin: str, entries: list[bytes], *keys: SigningKey, seconds: int = 1_700_000_000) -> str:
    """The checkpoint of these entries, signed by these keys."""
    tree = Tree(map(leaf_hash, entries))
    text = Checkpoint(origin, len(entries), tree.root()).text()
    return text + "\n" + "".join(k.line(text) if k.kind == 1 else k.cosign(text, seconds) for k in keys)


def on_disk(log: Signed, where: Path) -> Path:
    shutil.rmtree(where, ignore_errors=True)
    for name, data in log.written().items():
        target = where / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return where


def by_product(log: Signed, where: Path) -> str:
    """What is wrong with it; empty where nothing is."""
    found = verify(on_disk(log, where), log.trust).problems
    return "; ".join(f"{a}: {b}" for a, b in found)


_alone = None


def by_script(log: Signed, where: Path) -> str:
    """where: a folder that `by_product` has written."""
    global _alone
    _alone = _alone or standalone()
    return "; ".join(f"{a}: {b}" for a, b in _alone.verify(str(where), log.trust)[0])


def by_page(logs: Iterable[Signed], page=None, source: Path = PAGE) -> list[str]:
    """By the script of the page: in a browser where one is given, else by node; many logs in one call."""
    cases = [
        ["\n".join(one.trust), {k: base64.b64encode(v).decode() for k, v in one.written().items()}] for one in logs
    ]
    if page is not None:
        return page.evaluate(JUDGE, cases)
    text = source.read_text(encoding="utf-8")
    script = text[text.rindex("<script>") + 8 : text.rindex("</script>")]
    code = f"{STUB}\n(0, eval)({json.dumps(script)});\nlet d = ''; for await (const c of process.stdin) d += c;\nconsole.log(JSON.stringify(await ({JUDGE})(JSON.parse(d))));"
    done = subprocess.run(
        ["node", "--input-type=module", "-e", code], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)
