"""`kalata disputes authority`: the ceremony of the Court's keys, by two custodians, without a database (pure)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from kalata.disputes.commands.sealing import passphrase_of


def half(who: str, path: str | None) -> str:
    if path:
        return passphrase_of(path) or ""
    said = click.prompt(f"{who} : sa moitié de la phrase / half of the passphrase", hide_input=True, err=True)
    return str(said)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--court", help="the Court's name, as its certificates bear it")
@click.option("--country", help="two letters")
@click.option("--origin", default="cour.example", show_default=True, help="the name in the key of archives")
@click.option("--first", help="file of the first custodian's half; asked otherwise")
@click.option("--second", help="file of the second custodian's half; asked otherwise")
@click.option("--renew", is_flag=True, help="new certificates under the same root; the old ones stay beside")
@click.option(
    "--seal-out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="write the seal's key of FOLDER in clear in a new file (mode 600), to import it into a hardware token",
)
@click.option("--json", "as_json", is_flag=True)
def authority(
    folder: Path, court: str | None, country: str | None, origin: str, first: str | None, second: str | None,
    renew: bool, seal_out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Make the Court's keys and certificates in FOLDER, under the passphrase of two custodians (pure)."""
    from kalata.disputes.signing import authority as keys

    if seal_out is not None:
        keys.seal_out(folder, keys.joined(half("1", first), half("2", second)), seal_out)
        return click.echo(str(seal_out))
    if not renew and not (court and country and len(country) == 2 and country.isascii() and country.isupper()):
        raise click.UsageError("--court and --country (two capital letters) are needed")
    phrase = keys.joined(half("1", first), half("2", second))
    now = datetime.now(UTC).replace(microsecond=0)
    if renew:
        keys.renew(folder, phrase, now)
    else:
        keys.create(folder, phrase, court=str(court), country=str(country), origin=origin, at=now)
    opened = keys.open_court(folder, phrase)
    ca = folder / "court-ca.pem"
    ca.write_bytes(opened.ca_pem())
    said = {
        "folder": str(folder), "vkey": opened.vkey, "ca": str(ca),
        "until": opened.seal.certificate.not_valid_after_utc.date().isoformat(),
    }  # fmt: skip
    return click.echo(json.dumps(said) if as_json else opened.vkey)
