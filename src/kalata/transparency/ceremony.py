"""The ceremony of the log's key at the console: two persons, each with their second factor, each half typed twice."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import click

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class WrongCode(Refused):
    code = "LOG-105"
    says = _("Ce code du second facteur n’est pas le bon, ou a déjà servi.")
    remedy = _("Attendez le code suivant de l’application, ou prenez un code imprimé, puis recommencez la cérémonie.")
    status = 403


def signed_in(username: str, password: str) -> Any:
    """A person with the right over the log's key, by their own passphrase."""
    from django.contrib.auth import authenticate
    from django.http import HttpRequest

    from kalata.people.services import require
    from kalata.refusals import Forbidden

    person = authenticate(HttpRequest(), username=username, password=password)
    if person is None:
        raise Forbidden(right="log.keys")
    require(person, "log.keys")
    return person


def second_factor(person: Any) -> None:
    """Ask for the code of the application, or a printed one. PEO-307: no second factor; LOG-105: not the code.

    In demonstration the accounts are public: nothing is asked of those that have none.
    """
    from allauth.mfa.models import Authenticator
    from django.conf import settings

    from kalata.people import factors

    if not factors.has_factor(person):
        if settings.DEMO:
            return
        raise factors.NoFactor
    code = click.prompt("  code du second facteur / code of the second factor", hide_input=True, err=True).strip()
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    rows = Authenticator.objects.filter(user_id=person.pk, type__in=kinds)
    if not any(factors.accept(one, code) for one in rows):
        raise WrongCode


def half(*, new: bool) -> str:
    """One half of the passphrase. new: it is being chosen, so it is typed twice; a slip would lock the key for ever."""
    typed: str = click.prompt(
        "  sa moitié de la phrase de la clé / half of the key’s passphrase",
        hide_input=True, err=True, confirmation_prompt="  encore une fois / once more" if new else False,
    )  # fmt: skip
    return typed


def two_custodians(*, new: bool = False, shown: Collection[int] = ()) -> tuple[Any, Any, str]:
    """Both persons, signed in, and the passphrase of their two halves. The same person twice is refused.

    shown: those who have shown their second factor in this very command.
    """
    from kalata.people.rules.approval import SamePerson
    from kalata.transparency.keys import joined

    persons: list[Any] = []
    halves: list[str] = []
    for rank in ("Premier dépositaire / first custodian", "Second dépositaire / second custodian"):
        click.echo(rank, err=True)
        username = click.prompt("  compte / account", err=True)
        person = signed_in(username, click.prompt("  phrase du compte / account passphrase", hide_input=True, err=True))
        if persons and persons[0].pk == person.pk:
            raise SamePerson
        if person.pk not in shown:
            second_factor(person)
        persons.append(person)
        halves.append(half(new=new))
    return persons[0], persons[1], joined(*halves)


def minutes_of(public: bytes, pq: bytes, one: Any, two: Any) -> str:
    """The minutes: what is read aloud and printed, in a form that `kalata log verify --vkey` takes as it stands."""
    from django.conf import settings
    from django.utils import timezone

    from kalata.country.models import Contest
    from kalata.transparency import keys, publiclog
    from kalata.transparency.rules.notes import ED25519, VerifierKey

    codes = sorted(Contest.objects.values_list("code", flat=True))
    full = [f"  {VerifierKey(f'{settings.LOG_ORIGIN}/{code}', ED25519, public).text()}" for code in codes]
    return "\n".join(
        [
            "CÉRÉMONIE DE LA CLÉ DU JOURNAL PUBLIC / KEY CEREMONY OF THE PUBLIC LOG",
            f"{timezone.localtime():%Y-%m-%d %H:%M %Z}",
            f"Journaux / logs      : {settings.LOG_ORIGIN}/<code du scrutin>",
            f"Clé publique / key   : {public.hex()}",
            f"Empreinte / print    : {keys.fingerprint(public)}",
            f"ML-DSA-44, empreinte : {keys.fingerprint(pq)}",
            f"Vérifier / verify    : kalata log verify DOSSIER --vkey {public.hex()}",
            *(["Par scrutin / by contest (témoins, verifier.html) :", *full] if full else []),
            f"Dépositaires         : {one.get_username()}, {two.get_username()}",
            "À lire à voix haute, à imprimer, à publier au Journal officiel. Chacun garde sa moitié, seul.",
            f"Fichiers de la clé (à copier sur deux clés USB scellées) : {publiclog.key_path()}, {keys.second(publiclog.key_path()).name}",
            "La maison signe quand elle a reçu la phrase : « kalata log phrase », où chacun retape sa moitié, puis relancez-la",
            "(fichier de deux lignes, mode 600, nommé par KALATA_LOG_PASSPHRASE_FILE, jamais avec les fichiers de la clé).",
            "Signatures : ____________________    ____________________    Témoins : ____________________",
            "",
        ]
    )
