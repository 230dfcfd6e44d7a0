"""A bundle installs what its list says, signed by the key that came another way; anything else installs nothing."""

import base64
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("bundle", ROOT / "tools" / "bundle.py")
bundle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bundle)
VERSION = "2026.1+g0123456789ab"


def wheel(into, version=VERSION):
    """A wheel that is as small as one can be, with a command."""
    info = f"kalata-{version}.dist-info"
    files = {
        "kalata_said.py": "def main():\n    print('this build')\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: kalata\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nkalata = kalata_said:main\n",
    }
    rows = [f"{n},sha256={base64.urlsafe_b64encode(hashlib.sha256(t.encode()).digest()).rstrip(b'=').decode()},{len(t)}" for n, t in files.items()]  # fmt: skip
    path = into / f"kalata-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as out:
        for name, text in files.items():
            out.writestr(name, text)
        out.writestr(f"{info}/RECORD", "\n".join([*rows, f"{info}/RECORD,,"]) + "\n")
    return path


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    for name in ("release", "other"):
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", folder / f"{name}.key"], check=True)
        subprocess.run(
            ["openssl", "pkey", "-in", folder / f"{name}.key", "-pubout", "-out", folder / f"{name}.pub"], check=True
        )
    return folder


@pytest.fixture
def folder(tmp_path, keys):
    """A bundle as `made` leaves it, with no wheel but the build's own."""
    made = tmp_path / "bundle"
    (made / "wheels").mkdir(parents=True)
    own = wheel(made / "wheels")
    (made / "VERSION").write_text(VERSION + "\n")
    (made / "PYTHON").write_text(f"{sys.version_info.major}.{sys.version_info.minor}\n")
    (made / "requirements.txt").write_text(bundle.locked("", own))
    for name in ("deploy", "docs"):
        (made / name).mkdir()
        (made / name / "read.md").write_text("x\n")
    shutil.copyfile(ROOT / "deploy" / "install.sh", made / "install.sh")
    bundle.sign(made, keys / "release.key")
    return made


def install(folder, key, into):
    return subprocess.run(["sh", folder / "install.sh", key, into], capture_output=True, text=True)


def test_a_bundle_installs_without_an_index_and_the_former_build_stays(folder, keys, tmp_path):
    into = tmp_path / "opt"
    former = into / "2026.1+gformer"
    former.mkdir(parents=True)
    (into / "current").symlink_to(former.name)
    got = install(folder, keys / "release.pub", into)
    assert got.returncode == 0, got.stderr
    assert (into / "current").readlink() == Path(VERSION) and (into / "previous").readlink() == Path(former.name)
    said = subprocess.run([into / "current" / "bin" / "kalata"], capture_output=True, text=True, check=True)
    assert said.stdout == "this build\n" and (into / "current" / "deploy" / "read.md").exists()
    again = install(folder, keys / "release.pub", into)  # done again it changes nothing
    assert again.returncode == 0 and (into / "previous").readlink() == Path(former.name)


def changed(folder):
    (folder / "wheels" / f"kalata-{VERSION}-py3-none-any.whl").open("ab").write(b"x")


def more(folder):
    (folder / "wheels" / "more-1-py3-none-any.whl").write_bytes(b"x")


def gone(folder):
    (folder / "docs" / "read.md").unlink()


def relisted(folder):
    more(folder)
    (folder / "SHA256SUMS").write_text(bundle.listed(folder))


@pytest.mark.parametrize("harm", [changed, more, gone, relisted])
def test_a_file_that_changed_came_or_went_installs_nothing(folder, keys, tmp_path, harm):
    harm(folder)
    got = install(folder, keys / "release.pub", tmp_path / "opt")
    assert got.returncode == 1 and "Nothing was installed." in got.stderr and not (tmp_path / "opt").exists()


def test_a_list_signed_by_another_key_installs_nothing(folder, keys, tmp_path):
    got = install(folder, keys / "other.pub", tmp_path / "opt")
    assert got.returncode == 1 and "not signed by that key" in got.stderr and not (tmp_path / "opt").exists()


def test_the_lock_of_a_bundle_holds_this_build_at_its_hash_beside_every_other(tmp_path):
    own = wheel(tmp_path)
    lock = bundle.locked((ROOT / "requirements" / "base.txt").read_text(), own)
    names = re.findall(r"^([a-zA-Z0-9._-]+)==", lock, re.M)
    assert names[-1] == "kalata" and len(names) == len(set(names)) > 40
    assert lock.count("--hash=sha256:") >= len(names) and bundle.sha256(own) in lock


def test_a_bundle_is_made_of_what_is_committed_only(monkeypatch, capsys, keys):
    monkeypatch.setattr(bundle, "clean", lambda: False)
    monkeypatch.setattr(sys, "argv", ["bundle", "--key", str(keys / "release.key")])
    assert bundle.main() == 2 and "Commit first" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["bundle", "--key", str(keys / "none.key")])
    assert bundle.main() == 2 and "genpkey" in capsys.readouterr().err
