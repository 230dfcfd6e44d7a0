"""The seal in a hardware token: what it signs is what a key in a file signs, and what is missing is said with a code.

With SoftHSM and python-pkcs11 on the machine the token is a real one; the refusals are also tried on a library that
answers as python-pkcs11 does, so that they are tried everywhere.
"""

import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from kalata.disputes.signing import authority, hardware, papers, refusals, texts
from tests.disputes.court import AT, DECISION, PHRASE, court, paper
from tests.disputes.test_signing import IDS, PARTS

PIN = "1234"
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so")  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """A Court's folder whose seal is not there any more: it went into the token."""
    kept = shutil.copytree(court().folder, tmp_path / "court")
    (kept / "seal.key").unlink()
    return kept


def environ(**other):
    return {"KALATA_COURT_PKCS11_MODULE": "/lib/token.so", "KALATA_COURT_PKCS11_TOKEN": "cour", "KALATA_COURT_PKCS11_KEY": "sceau", "KALATA_COURT_PIN": PIN} | other  # fmt: skip


# --- a library that answers as python-pkcs11 -------------------------------------------------------------
@pytest.fixture
def library(monkeypatch):
    errors = types.ModuleType("pkcs11.exceptions")
    errors.PKCS11Error = type("PKCS11Error", (RuntimeError,), {})
    for name in ("NoSuchToken", "TokenNotPresent", "TokenNotRecognised", "PinIncorrect", "PinInvalid", "PinLocked", "PinLenRange", "NoSuchKey", "MultipleObjectsReturned"):  # fmt: skip
        setattr(errors, name, type(name, (errors.PKCS11Error,), {}))
    found = types.ModuleType("pkcs11")
    found.ObjectClass, found.Mechanism = types.SimpleNamespace(PRIVATE_KEY=3), types.SimpleNamespace(ECDSA=1)
    found.key, found.opened = court().seal.key, []

    class Key:
        def sign(self, digest, mechanism):
            r, s = utils.decode_dss_signature(found.key.sign(digest, ec.ECDSA(utils.Prehashed(SHA256()))))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    class Session:
        def __enter__(self):
            found.opened.append("in")
            return self

        def __exit__(self, *_why):
            found.opened.append("out")

        def get_key(self, *, object_class, label):
            if label != "sceau":
                raise errors.NoSuchKey
            return Key()

    class Token:
        def open(self, user_pin):
            if user_pin != PIN:
                raise errors.PinIncorrect
            return Session()

    class Library:
        def get_token(self, *, token_label):
            if token_label != "cour":
                raise errors.NoSuchToken
            return Token()

    def lib(module):
        if module != "/lib/token.so":
            raise RuntimeError("cannot open shared object file")
        return Library()

    found.lib = lib
    monkeypatch.setitem(sys.modules, "pkcs11", found)
    monkeypatch.setitem(sys.modules, "pkcs11.exceptions", errors)
    return found


def signs(keys):
    """PDF and XML by these keys, checked by whoever trusts the Court's root alone."""
    pdf = papers.sign(paper(), keys, at=AT, reason="x", attached={"a.json": b"{}"})
    assert papers.check(pdf, [court().root]).faults == []
    xml = texts.sign(texts.judgment(DECISION, IDS, court="Cour", parts=PARTS), keys, at=AT)
    assert texts.check(xml, [court().root], AT).faults == []


def test_pdf_and_xml_are_signed_by_a_key_that_is_in_no_file(folder, library):
    keys = authority.open_court(folder, PHRASE, hardware.asked(folder, environ()))
    signs(keys)
    assert library.opened == ["in", "out"] * (len(library.opened) // 2) and len(library.opened) >= 6
    with pytest.raises(TypeError):
        keys.seal.key.private_bytes()
    assert PIN not in repr(hardware.asked(folder, environ()))


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        ({"KALATA_COURT_PKCS11_MODULE": "/nowhere.so"}, refusals.NoToken),
        ({"KALATA_COURT_PKCS11_TOKEN": "autre"}, refusals.TokenAbsent),
        ({"KALATA_COURT_PIN": "9999"}, refusals.WrongPin),
        ({"KALATA_COURT_PIN": ""}, refusals.WrongPin),
        ({"KALATA_COURT_PIN_FILE": "/nowhere"}, refusals.WrongPin),
        ({"KALATA_COURT_PKCS11_KEY": "autre"}, refusals.NoTokenKey),
        ({"KALATA_COURT_PKCS11_KEY": ""}, refusals.NoToken),
    ],
)
def test_what_is_missing_is_said_with_a_code_and_nothing_is_signed(folder, library, other, refused):
    with pytest.raises(refused):
        authority.open_court(folder, PHRASE, hardware.asked(folder, environ(**other)))


def test_another_key_in_the_token_than_the_certificate_s_signs_nothing(folder, library):
    library.key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(refusals.ForeignKey):
        authority.open_court(folder, PHRASE, hardware.asked(folder, environ()))


def test_without_the_library_it_says_so(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(refusals.NoTokenLibrary):
        authority.open_court(folder, PHRASE, hardware.asked(folder, environ()))


def test_a_folder_may_name_the_token_and_never_its_pin(folder, library):
    assert hardware.asked(folder, {}) is None
    (folder / hardware.FILE).write_text('{"module": "/lib/token.so", "token": "cour", "key": "sceau", "pin": "1234"}')
    with pytest.raises(refusals.WrongPin):
        hardware.asked(folder, {})
    signs(authority.open_court(folder, PHRASE, hardware.asked(folder, {"KALATA_COURT_PIN": PIN})))
    for odd in ("{", "[]", '{"module": "/lib/token.so"}'):
        (folder / hardware.FILE).write_text(odd)
        with pytest.raises(refusals.NoToken):
            hardware.asked(folder, {"KALATA_COURT_PIN": PIN})


def test_the_key_to_import_is_written_once_for_its_two_custodians_and_readable_by_nobody_else(tmp_path):
    out = tmp_path / "seal.pem"
    authority.seal_out(court().folder, PHRASE, out)
    key = serialization.load_pem_private_key(out.read_bytes(), None)
    assert key.public_key() == court().seal.certificate.public_key() and out.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        authority.seal_out(court().folder, PHRASE, out)
    with pytest.raises(refusals.WrongPassphrase):
        authority.seal_out(court().folder, PHRASE + "x", tmp_path / "other.pem")


# --- a real token -----------------------------------------------------------------------------------------
def test_a_softhsm_token_signs_what_a_file_signs(folder, tmp_path, monkeypatch):
    pytest.importorskip("pkcs11")
    module = next((m for m in MODULES if Path(m).exists()), "")
    if not module or not shutil.which("softhsm2-util"):
        pytest.skip("no SoftHSM on this machine")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(
        f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n"
    )
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    authority.seal_out(court().folder, PHRASE, tmp_path / "seal.pem")
    for command in (
        ["--init-token", "--free", "--label", "cour", "--pin", PIN, "--so-pin", "56789"],
        ["--import", str(tmp_path / "seal.pem"), "--token", "cour", "--label", "sceau", "--id", "01", "--pin", PIN],
    ):
        subprocess.run(["softhsm2-util", *command], check=True, capture_output=True)
    said = environ(KALATA_COURT_PKCS11_MODULE=module)
    signs(authority.open_court(folder, PHRASE, hardware.asked(folder, said)))
    for other, refused in (
        ({"KALATA_COURT_PIN": "99999"}, refusals.WrongPin),
        ({"KALATA_COURT_PKCS11_TOKEN": "autre"}, refusals.TokenAbsent),
        ({"KALATA_COURT_PKCS11_KEY": "autre"}, refusals.NoTokenKey),
    ):
        with pytest.raises(refused):
            authority.open_court(folder, PHRASE, hardware.asked(folder, said | other))
