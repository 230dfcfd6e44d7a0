"""A setting of the environment, read or refused with its name: no traceback, and nothing misspelt is passed over in silence."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from kalata.address import Network, networks
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

if TYPE_CHECKING:
    from kalata.evidence.s3 import Place

T = TypeVar("T")
YEAR = 31_536_000
STORE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
WHOLE = _("un nombre entier, 0 ou plus, est attendu")
WHOLES = _("des nombres entiers séparés par des virgules sont attendus")
SWITCH = _("1 ou 0 est attendu")
PROXIES = _("des adresses ou des réseaux séparés par des virgules sont attendus, comme 127.0.0.1 ou 10.0.0.0/8")
HEADER = _("X-Forwarded-For ou Forwarded est attendu")
ZONE = _("ce fuseau horaire n’est pas connu ; Africa/Bamako en est un")
ORIGIN = _("des adresses https://nom (ou http://nom) séparées par des virgules sont attendues")
NAMED = _("nom:port est attendu")
URL = _("postgresql://utilisateur:mot-de-passe@machine:port/base est attendu")
WORD = _("ce mot de la connexion n’est pas connu (docs : DATABASE_URL), ou il est dit deux fois, ou sans valeur")
STORE = _("https://machine:port/seau/dossier?region=…&ca=FICHIER est attendu (http : vers cette machine seulement)")
STORE_KEY = _(
    "KALATA_STORE demande KALATA_STORE_KEY, et KALATA_STORE_SECRET_FILE (un fichier d’une ligne) ou KALATA_STORE_SECRET"
)
PRELOAD = _("le préchargement demande KALATA_HSTS_SUBDOMAINS=1 et un an ou plus dans KALATA_HSTS")


class BadSetting(Refused, ValueError):
    """value: what was given, never where it may hold a secret."""

    code = "OPS-120"
    says = _("Le réglage %(name)s n’est pas utilisable (« %(value)s ») : %(why)s.")
    remedy = _("Corrigez-le dans les réglages de la maison, puis lancez « kalata check ». Rien n’a été fait.")
    status = 422
    sentences = frozenset({"why"})


class NoFolder(Refused):
    code = "OPS-121"
    says = _("Le dossier de la maison ne peut pas être utilisé : %(folder)s (%(why)s).")
    remedy = _(
        "Lancez la commande sous le compte de la maison (sudo -u kalata …), ou donnez à la maison un dossier à elle par KALATA_VAR."
    )


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def read(name: str, default: str, how: Callable[[str], T], why: str) -> T:
    """A setting through `how`. OPS-120 where that fails: `why` says what is expected."""
    value = text(name, default)
    try:
        return how(value)
    except (ValueError, LookupError, OSError):
        raise BadSetting(name=name, value=value, why=why) from None


def natural(value: str) -> int:
    found = int(value)
    if found < 0:
        raise ValueError
    return found


def whole(name: str, default: int) -> int:
    return read(name, str(default), natural, WHOLE)


def switch(name: str, default: str = "") -> bool:
    return read(name, default, lambda v: {"": False, "0": False, "1": True}[v], SWITCH)


def listed(name: str, default: str = "") -> list[str]:
    return [one.strip() for one in text(name, default).split(",") if one.strip()]


def wholes(name: str, default: str) -> tuple[int, ...]:
    return read(name, default, lambda v: tuple(int(h) for h in v.split(",")), WHOLES)


def proxies(name: str) -> tuple[Network, ...]:
    return read(name, "", networks, PROXIES)


def header(name: str) -> str:
    known = {"x-forwarded-for": "X-Forwarded-For", "forwarded": "Forwarded"}
    return read(name, "X-Forwarded-For", lambda v: known[v.strip().lower()], HEADER)


def zone(name: str, default: str) -> str:
    return read(name, default, lambda v: ZoneInfo(v).key, ZONE)


def origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise ValueError
    return f"{parts.scheme}://{parts.netloc}"


def origins(name: str) -> list[str]:
    return read(name, "", lambda v: [origin(one.strip()) for one in v.split(",") if one.strip()], ORIGIN)


def server(name: str, port: int) -> tuple[str, int]:
    """host and port of "host:port"; ("", port) where nothing is said."""

    def parts(value: str) -> tuple[str, int]:
        host, _colon, said = value.partition(":")
        if value and not host:
            raise ValueError
        return host, natural(said) if said else port

    return read(name, "", parts, NAMED)


def strictly(https: bool) -> tuple[int, bool, bool]:
    """(seconds, subdomains, preload) of Strict-Transport-Security: what binds more than this name is a choice.

    OPS-120 for a preload that browsers would not take."""
    seconds, under, preload = (
        whole("KALATA_HSTS", YEAR),
        switch("KALATA_HSTS_SUBDOMAINS"),
        switch("KALATA_HSTS_PRELOAD"),
    )
    if preload and not (under and seconds >= YEAR):
        raise BadSetting(name="KALATA_HSTS_PRELOAD", value="1", why=PRELOAD)
    return (seconds, under, preload) if https else (0, False, False)


def folder(path: Path) -> Path:
    """The folder of the house, made where it is not. OPS-121 where this account may not write in it."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as why:
        raise NoFolder(folder=str(path), why=why.strerror or type(why).__name__) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise NoFolder(folder=str(path), why="EACCES")
    return path


LIBPQ = frozenset({
    "sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl", "sslcrldir", "sslsni", "sslnegotiation",
    "ssl_min_protocol_version", "ssl_max_protocol_version", "sslcertmode", "channel_binding", "require_auth", "gssencmode",
    "krbsrvname", "passfile", "service", "connect_timeout", "application_name", "options", "target_session_attrs",
    "load_balance_hosts", "hostaddr", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
    "tcp_user_timeout",
})  # fmt: skip
"""What DATABASE_URL may say of the connection, in the words of PostgreSQL: it is handed over as it is."""


def postgres(url: str) -> dict[str, object]:
    """Connection settings from DATABASE_URL: postgresql://user:password@host:port/name?host=/socket&sslmode=verify-full.

    OPS-120 for a word that is not known, said twice or without value: a demand for TLS that is misspelt is not passed over
    in silence. The address itself, which may hold a password, is never shown.
    """
    parts = urlsplit(url)
    try:
        port = str(parts.port or "")
    except ValueError:
        raise BadSetting(name="DATABASE_URL", value="…", why=URL) from None
    said = parse_qsl(parts.query, keep_blank_values=True)
    words = [word for word, _value in said]
    for word, value in said:
        if word not in LIBPQ | {"host"} or not value or words.count(word) > 1:
            raise BadSetting(name="DATABASE_URL", value=word, why=WORD)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/") or parts.fragment:
        raise BadSetting(name="DATABASE_URL", value="…", why=URL)
    query = dict(said)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": port,
        "OPTIONS": {k: v for k, v in query.items() if k in LIBPQ},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def store() -> Place | None:
    """The shared store of kept files that KALATA_STORE names; None: the folder of this machine.

    OPS-120 for an address that is none, in clear to another machine, or without a credential. What may hold a secret is
    never shown.
    """
    from kalata.evidence.s3 import Place

    if not (url := text("KALATA_STORE")):
        return None
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        said = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        bucket, _slash, prefix = unquote(parts.path).strip("/").partition("/")
        here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        names = [bucket, *prefix.split("/")] if prefix else [bucket]
        if (
            parts.scheme not in ("https", "http") or (parts.scheme == "http" and not here) or parts.username or parts.fragment
            or not parts.hostname or not set(said) <= {"region", "ca"} or not all(STORE_NAME.fullmatch(n) for n in names)
        ):  # fmt: skip
            raise ValueError
        if said.get("ca"):
            Path(said["ca"]).read_bytes()
    except (ValueError, OSError):
        raise BadSetting(name="KALATA_STORE", value="…", why=STORE) from None
    key, secret = text("KALATA_STORE_KEY"), text("KALATA_STORE_SECRET")
    try:
        secret = Path(file).read_text("utf-8").strip() if (file := text("KALATA_STORE_SECRET_FILE")) else secret
    except (OSError, UnicodeDecodeError):
        secret = ""
    if not key or not secret:
        raise BadSetting(name="KALATA_STORE_KEY", value="…", why=STORE_KEY)
    return Place(
        secure=parts.scheme == "https", host=parts.hostname, port=port, bucket=bucket, prefix=f"{prefix}/" if prefix else "",
        region=said.get("region", "us-east-1"), authority=said.get("ca", ""), key=key, secret=secret,
    )  # fmt: skip
