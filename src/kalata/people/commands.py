"""`kalata user`: what a console needs to open the first accounts of a system."""

from __future__ import annotations

from typing import Any

import click

from kalata.ready import setup_house


def opened_first(*, username: str, full_name: str, role: str) -> tuple[Any, str]:
    """An account opened by the console: the person and the one-time code."""
    from django.db import transaction

    from kalata.people import first

    with transaction.atomic():
        return first.opened(username=username, full_name=full_name, role=role)


def kept_factor(*, person: Any, secret: str, code: str) -> list[str]:
    """The second factor of somebody at the console: the recovery codes."""
    from django.db import transaction

    from kalata.people import first

    with transaction.atomic():
        return first.second_factor(person=person, secret=secret, code=code)


@click.group()
def user() -> None:
    """Accounts."""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="full name")
@click.option("--role", default="", help="role of the pack; given without a second person: for first set-up only")
def create(username: str, name: str, role: str) -> None:
    """Open an account and print its one-time activation code."""
    setup_house()
    _person, code = opened_first(username=username, full_name=name, role=role)
    click.echo(f"{username}  {code}")


@user.command("list")
def list_() -> None:
    """Accounts and the roles they hold."""
    setup_house()
    from kalata.people.models import Person

    for person in Person.objects.prefetch_related("mandates"):
        roles = ", ".join(m.role for m in person.mandates.all() if not m.revoked_at)
        click.echo(f"{person.username:<24}{'active' if person.is_active else 'closed':<8}{roles}")


@user.command("end-sessions")
@click.argument("username", default="")
@click.option("--all", "everybody", is_flag=True, help="every person, at once")
@click.option("--reason", required=True, help="kept in the ledger")
def end_sessions(username: str, everybody: bool, reason: str) -> None:
    """End the sessions of one person, or of everybody: they sign in again, nothing else is lost."""
    setup_house()
    from kalata.people import sessions
    from kalata.people.models import Person

    if bool(username) == everybody:
        raise click.UsageError("give a name, or --all")
    try:
        click.echo(f"{sessions.end_everywhere(username=username, reason=reason, by=None)} sessions fermées / sessions ended")
    except Person.DoesNotExist:
        raise click.ClickException(f"no account {username}") from None
