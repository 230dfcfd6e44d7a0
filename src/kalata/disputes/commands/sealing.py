"""`kalata disputes keygen|seal|unseal`: a member reads and writes without any page of the server (pure)."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path

import click

from kalata.cli import tell
from kalata.disputes.rules import sealing, sealing_keys
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class Unreadable(Refused):
    code = "DIS-761"
    says = _("%(file)s n’est pas lisible : %(why)s.")
    remedy = _("Vérifiez le chemin et les droits. Rien n’a été écrit.")
    status = 422


class FileThere(Refused):
    code = "DIS-762"
    says = _("%(file)s existe déjà : une clé ne s’écrase pas.")
    remedy = _("Donnez un autre nom. Les textes scellés pour l’ancienne clé ne s’ouvrent qu’avec elle.")
    status = 409


class Unwritable(Refused):
    code = "DIS-763"
    says = _("%(file)s ne s’écrit pas : %(why)s.")
    remedy = _("Choisissez un dossier où vous avez le droit d’écrire, sur un disque qui a de la place.")
    status = 422


def content(path: str, most: int) -> bytes:
    """The bytes of a file, or of standard input for `-`, one more than `most` at the most."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(most + 1)
        with Path(path).open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as why:
        raise Unreadable(file=path, why=getattr(why, "strerror", None) or str(why)) from None


def passphrase_of(path: str | None) -> str | None:
    """The first line of the file, without its end."""
    if path is None:
        return None
    try:
        return content(path, 4096).decode().split("\n")[0].rstrip("\r")
    except UnicodeDecodeError:
        raise Unreadable(file=path, why="UTF-8") from None


def opened(path: str, passphrase_file: str | None) -> sealing_keys.PrivateKey:
    data = content(path, sealing_keys.LARGEST)
    passphrase = passphrase_of(passphrase_file)
    if passphrase is None and path != "-" and sealing_keys.is_protected(data) and sys.stdin.isatty():
        passphrase = str(click.prompt("Phrase secrète / passphrase", hide_input=True, err=True))
    return sealing_keys.private_key(data, passphrase)


def written(path: str, data: bytes, *, new: bool) -> None:
    """Write the file whole: new ones of mode 600 and never over another."""
    if path == "-":
        sys.stdout.buffer.write(data)
        return
    flags = os.O_WRONLY | os.O_CREAT | (os.O_EXCL if new else os.O_TRUNC)
    try:
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(data)
    except FileExistsError:
        raise FileThere(file=path) from None
    except OSError as why:
        raise Unwritable(file=path, why=why.strerror or str(why)) from None


@click.command()
@click.argument("file")
@click.option("--passphrase-file", help="protects the private key; its first line is the passphrase")
@click.option("--json", "as_json", is_flag=True)
def keygen(file: str, passphrase_file: str | None, as_json: bool) -> None:
    """Write a private key into FILE; print the public one (pure)."""
    key = sealing_keys.PrivateKey.fresh()
    made = sealing_keys.key_file(key, passphrase_of(passphrase_file), secrets.token_bytes)
    written(file, made, new=True)
    public = key.public.text()
    if file != "-":
        click.echo(json.dumps({"file": file, "public": public}) if as_json else public)


@click.command()
@click.argument("source", metavar="IN")
@click.argument("out")
@click.option("--to", "keys", required=True, help="the public keys of the bench, one a line")
@click.option("--json", "as_json", is_flag=True)
def seal(source: str, out: str, keys: str, as_json: bool) -> None:
    """Seal the text IN to the keys of the bench, into OUT (pure)."""
    try:
        readers = sealing_keys.public_keys(content(keys, 1024 * 1024).decode())
    except UnicodeDecodeError:
        raise Unreadable(file=keys, why="UTF-8") from None
    sealed = sealing.seal(content(source, sealing.LARGEST), readers, secrets.token_bytes)
    written(out, sealed, new=False)
    told = sealing.outside(sealed)
    if as_json and out != "-":
        click.echo(json.dumps({"file": out, "readers": told.readers, "bytes": len(sealed), "rounded": told.rounded}))


@click.command()
@click.argument("source", metavar="IN")
@click.option("--key", required=True, help="the private key of a member")
@click.option("--passphrase-file", help="where the private key is protected")
def unseal(source: str, key: str, passphrase_file: str | None) -> None:
    """Print the sealed text. 1: not one of the bench's keys, or a byte altered; 2: not a sealed file (pure)."""
    data = content(source, 2 * sealing.LARGEST)
    sealing.sealed_file(data) or sealing.outside(data)
    private = opened(key, passphrase_file)
    try:
        text = sealing.unseal(data, private)
    except (sealing.NotForThisKey, sealing.Altered) as refused:
        tell(refused)
        sys.exit(1)
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()
