"""`make bundle KEY=release.key`: what a machine without network needs to install a build, in one folder and one archive.

Wheels at the hashes of requirements/base.txt, the wheel of this commit, the deploy files, the guides, and SHA256SUMS signed with
an Ed25519 key (`openssl genpkey -algorithm ed25519 -out release.key`, kept off the machine). deploy/install.sh verifies and
installs it. The tree must be committed: a build says its commit.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))


def run(*line: object, **named: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in line], check=True, text=True, **named)  # type: ignore[call-overload,no-any-return]


def clean() -> bool:
    return not run("git", "-C", ROOT, "status", "--porcelain", capture_output=True).stdout.strip()


def wheels(into: Path, requirements: Path, found_in: list[str]) -> None:
    """The wheels of the lock, each at one of its hashes; from the folders given where they are, without an index."""
    offline = [part for folder in found_in for part in ("--find-links", folder)]
    run(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes",
        "--only-binary", ":all:", *(["--no-index", *offline] if offline else []), "-r", requirements, "-d", into)  # fmt: skip


def own_wheel(into: Path) -> Path:
    """The wheel of this commit."""
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", into, cwd=ROOT, stdout=subprocess.DEVNULL)
    return next(into.glob("kalata-*.whl"))


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def locked(requirements: str, own: Path) -> str:
    """The lock with this build in it, at its hash."""
    name = re.match(r"kalata-([^-]+)-", own.name)
    assert name
    return f"{requirements.rstrip()}\nkalata=={name.group(1)} \\\n    --hash=sha256:{sha256(own)}\n"


def listed(folder: Path) -> str:
    """The list of a bundle, as sha256sum reads it."""
    files = sorted(
        (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("SHA256SUMS")),
        key=lambda p: str(p).encode(),
    )
    return "".join(f"{sha256(p)}  ./{p.relative_to(folder)}\n" for p in files)


def sign(folder: Path, key: Path) -> None:
    (folder / "SHA256SUMS").write_text(listed(folder), encoding="utf-8")
    run(
        "openssl",
        "pkeyutl",
        "-sign",
        "-inkey",
        key,
        "-rawin",
        "-in",
        folder / "SHA256SUMS",
        "-out",
        folder / "SHA256SUMS.sig",
    )


def made(into: Path, key: Path, requirements: Path, found_in: list[str]) -> Path:
    """The folder of the bundle, whole and signed."""
    into.mkdir(parents=True, exist_ok=True)
    folder = into / "making"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    own = own_wheel(folder / "wheels")
    wheels(folder / "wheels", requirements, found_in)
    version = re.sub(r"^kalata-|-py3.*$", "", own.name)
    (folder / "VERSION").write_text(version + "\n")
    (folder / "PYTHON").write_text(f"{sys.version_info.major}.{sys.version_info.minor}\n")
    (folder / "requirements.txt").write_text(locked(requirements.read_text(encoding="utf-8"), own), encoding="utf-8")
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    (folder / "docs").mkdir()
    for name in ("en", "fr"):
        shutil.copytree(ROOT / "docs" / name, folder / "docs" / name)
    for name in ("LICENSE", "SECURITY.md"):
        shutil.copyfile(ROOT / name, folder / name)
    shutil.copyfile(ROOT / "deploy" / "install.sh", folder / "install.sh")
    sign(folder, key)
    last = into / f"kalata-{version}"
    shutil.rmtree(last, ignore_errors=True)
    return folder.rename(last)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--key", required=True, type=Path, help="the Ed25519 key that signs the list")
    parser.add_argument("--into", default=ROOT / "dist", type=Path)
    parser.add_argument("--requirements", default=ROOT / "requirements" / "base.txt", type=Path)
    parser.add_argument("--wheels", action="append", default=[], help="a folder of wheels instead of the index")
    given = parser.parse_args()
    if not given.key.is_file():
        print(f"No key {given.key}: openssl genpkey -algorithm ed25519 -out {given.key}", file=sys.stderr)
        return 2
    if not clean():
        print("Commit first: a build says its commit.", file=sys.stderr)
        return 2
    os.environ.setdefault(
        "SOURCE_DATE_EPOCH", run("git", "-C", ROOT, "log", "-1", "--format=%ct", capture_output=True).stdout.strip()
    )
    folder = made(given.into, given.key, given.requirements, given.wheels)
    run("tar", "-C", given.into, "--owner=0", "--group=0", "--sort=name", "-cf", f"{folder}.tar", folder.name)
    run("openssl", "pkey", "-in", given.key, "-pubout", "-out", given.into / "release.pub")
    print(
        f"{folder}.tar  {sha256(Path(f'{folder}.tar'))}\n{given.into / 'release.pub'}  {sha256(given.into / 'release.pub')}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
