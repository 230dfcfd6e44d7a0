"""What `kalata setup` asks: each question with its default, and what its answer must be. Answers are settings, by name."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kalata.refusals import Refused
from kalata.settings import reading
from kalata.text import gettext_noop as _

Answers = Mapping[str, str]
COUNTRY = "SETUP_COUNTRY"
NAMED = _("des noms de machine séparés par des virgules sont attendus, sans https://")
FOLDER = _("un dossier qui commence par / est attendu")


def nothing(_name: str) -> object:
    return None


def folder(name: str) -> object:
    if not Path(os.environ[name]).is_absolute():
        raise reading.BadSetting(name=name, value=os.environ[name], why=FOLDER)
    return None


def optional_folder(name: str) -> object:
    return folder(name) if os.environ[name] else None


def hosts(name: str) -> object:
    found = reading.listed(name)
    if not found or any(set("/ :*@") & set(one) for one in found if not one.startswith("[")):
        raise reading.BadSetting(name=name, value=os.environ[name], why=NAMED)
    return found


def database(name: str) -> object:
    return reading.postgres(os.environ[name]) if os.environ[name] else None


def zone(name: str) -> object:
    return reading.zone(name, "")


def country(name: str) -> object:
    from kalata.country.packs import find_pack

    return find_pack(os.environ[name])


def zone_of(answers: Answers) -> str:
    """The time zone of the country, which its pack says."""
    import yaml

    from kalata.country.packs import find_pack

    said = yaml.safe_load((find_pack(answers[COUNTRY]) / "pack.yaml").read_text(encoding="utf-8"))
    return str(said.get("timezone") or "Africa/Bamako")


def mail(name: str) -> object:
    return reading.server(name, 587)


def first_host(answers: Answers) -> str:
    return answers["KALATA_HOSTS"].split(",")[0].strip()


@dataclass(frozen=True, slots=True)
class Question:
    """name: the setting. asks: the sentence. usual: the default from the answers before. holds: refuses (OPS-120) what is none."""

    name: str
    asks: str
    usual: Callable[[Answers], str]
    holds: Callable[[str], object] = nothing


QUESTIONS = (
    Question("KALATA_VAR", _("Dossier de la maison : base, pièces, clés"), lambda a: "/var/lib/kalata", folder),
    Question(COUNTRY, _("Pays (pack) : ml, sn, bj, ci, gh, ke, ne, ou le dossier d’un autre"), lambda a: "ml", country),
    Question("KALATA_TIMEZONE", _("Fuseau horaire du pays"), zone_of, zone),
    Question("DATABASE_URL", _("Base PostgreSQL (postgresql://…), ou rien pour SQLite sur cette machine"), lambda a: "", database),
    Question("KALATA_HOSTS", _("Noms sous lesquels les postes ouvrent ce serveur, séparés par des virgules"), lambda a: socket.getfqdn(), hosts),
    Question("KALATA_HTTPS", _("TLS devant la maison (1 oui, 0 non : une seule machine, sans réseau)"), lambda a: "1", reading.switch),
    Question("KALATA_TRUSTED_PROXIES", _("Adresses de vos mandataires (nginx, Caddy), ou rien"), lambda a: "127.0.0.1" if a["KALATA_HTTPS"] == "1" else "", reading.proxies),
    Question("KALATA_SMTP", _("Serveur de courriel nom:port, ou rien : les avis restent à l’écran"), lambda a: "", mail),
    Question("KALATA_FROM", _("Expéditeur des avis"), lambda a: f"kalata@{first_host(a)}"),
    Question("KALATA_LOG_ORIGIN", _("Nom du journal public, gardé pour toujours : une adresse publique sans https://"), first_host),
    Question("KALATA_SITE", _("Dossier du site public, ou rien : écrit par « kalata publish » seulement"), lambda a: f"{a['KALATA_VAR']}-site", optional_folder),
)  # fmt: skip


def derived(answers: Answers) -> dict[str, str]:
    """The settings that follow from the answers."""
    scheme = "https" if answers["KALATA_HTTPS"] == "1" else "http"
    names = [one.strip() for one in answers["KALATA_HOSTS"].split(",") if one.strip()]
    return {
        "KALATA_ORIGINS": ",".join(f"{scheme}://{one}" for one in names),
        "KALATA_ADDRESS": f"{scheme}://{names[0]}",
        "KALATA_SITE_ADDRESS": f"{scheme}://{names[0]}" if answers["KALATA_SITE"] else "",
    }


def checked(question: Question, answer: str) -> str:
    """The answer. OPS-120 where it is none. It stands in the environment from now on, as the settings read it."""
    before = os.environ.get(question.name)
    os.environ[question.name] = answer.strip()
    try:
        question.holds(question.name)
    except Refused:
        if before is None:
            del os.environ[question.name]
        else:
            os.environ[question.name] = before
        raise
    return answer.strip()


def from_file(said: Answers, before: Answers) -> Iterator[tuple[Question, str]]:
    """Each question with the answer of a file of answers, of the former settings, or the usual one."""
    found: dict[str, str] = {}
    for one in QUESTIONS:
        found[one.name] = (
            said.get(one.name, before.get(one.name, "")) if one.name in {*said, *before} else one.usual(found)
        )
        yield one, found[one.name]
