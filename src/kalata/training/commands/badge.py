"""`kalata training badge issue|status|verify`: certificates that anybody checks offline. Pure."""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from kalata import plain
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.training.question_files import bytes_of, keep
from kalata.training.rules.badges import claims, page, tokens, verifying
from kalata.training.rules.badges.issuer import Issuer, Signer, issuer_of, signer_of
from kalata.training.rules.quiz.faults import NoFile

MOST = 16 << 20
PAGES = Path(page.__file__).parent


class NotADay(Refused):
    """--at is not a day."""

    code = "TRN-404"
    says = _("« %(value)s » n’est pas une date.")
    remedy = _("Donnez --at sous la forme 2027-02-28.")
    status = 422


def the_issuer(path: str) -> Issuer:
    return issuer_of(plain.json_of(bytes_of(path, MOST), file=path, most=1 << 20), path)


def the_signer(issuer: str, key: str) -> Signer:
    return signer_of(the_issuer(issuer), bytes_of(key, MOST), key)


def signing(command: click.decorators.FC) -> click.decorators.FC:
    for option in (
        click.option("--json", "as_json", is_flag=True),
        click.option("--key", required=True, help="the private key, PEM"),
        click.option("--issuer", required=True, help="ISSUER.json"),
    ):
        command = option(command)
    return command


@click.group()
def badge() -> None:
    """Certificates as Open Badges 3.0: issue, list what was withdrawn, verify."""


@badge.command()
@click.argument("source", metavar="CLAIMS.csv")
@signing
@click.option("--out", required=True, help="the folder of the tokens")
def issue(source: str, issuer: str, key: str, as_json: bool, out: str) -> None:
    """A signed token CERTIFICATE.jwt for each row. A fault in one row: none is written."""
    signer = the_signer(issuer, key)
    rows = plain.rows_of(bytes_of(source, MOST), file=source, most=MOST, needed=claims.COLUMNS, most_rows=200_000)
    made = {one.certificate: tokens.badge(one, signer).encode() for one in claims.claims_of(rows, source)}
    try:
        Path(out).mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise NoFile(file=out, why=problem.strerror or str(problem)) from None
    for name, token in made.items():
        keep(str(Path(out) / f"{name}.jwt"), token + b"\n")
    if as_json:
        files = [{"certificate": n, "path": f"{n}.jwt", "sha256": hashlib.sha256(t + b"\n").hexdigest()} for n, t in made.items()]  # fmt: skip
        click.echo(json.dumps({"issued": len(made), "kid": signer.kid, "files": files}, ensure_ascii=False))
    else:
        click.echo(str(len(made)))


@badge.command()
@signing
@click.option("--revoked", required=True, help="REVOKED.csv: certificate,status_index,reason")
@click.option("--out", required=True, help="STATUS.jwt")
def status(issuer: str, key: str, as_json: bool, revoked: str, out: str) -> None:
    """The signed list of what was withdrawn."""
    signer = the_signer(issuer, key)
    columns = ("certificate", "status_index", "reason")
    rows = plain.rows_of(bytes_of(revoked, MOST), file=revoked, most=MOST, needed=columns, most_rows=200_000)
    found = claims.withdrawn_of(rows, revoked)
    keep(out, tokens.status_list(found, signer).encode() + b"\n")
    if as_json:
        click.echo(json.dumps({"revoked": len(found), "kid": signer.kid, "written": out}, ensure_ascii=False))
    else:
        click.echo(out)


@badge.command()
@click.argument("token", metavar="FILE.jwt")
@click.option("--issuer", required=True, help="ISSUER.json: the only place a key is taken from")
@click.option("--status", "listed", help="STATUS.jwt")
@click.option("--at", help="the day asked, YYYY-MM-DD; else today")
@click.option("--json", "as_json", is_flag=True)
def verify(token: str, issuer: str, listed: str | None, at: str | None, as_json: bool) -> None:
    """Whether a token holds. Exit status 0 only where it is valid."""
    whose = the_issuer(issuer)
    try:
        day = date.fromisoformat(at) if at else datetime.now(UTC).date()
    except ValueError:
        raise NotADay(value=str(at)[:40]) from None
    found = verifying.verdict(bytes_of(token, MOST), whose, day, bytes_of(listed, MOST) if listed else None)
    if as_json:
        click.echo(json.dumps(found.record(), ensure_ascii=False))
    else:
        click.echo(" ".join([found.verdict, found.why, found.reason, *found.warnings]).strip())
    sys.exit(0 if found.verdict == "valid" else 1)


@badge.command(name="page")
@click.option("--issuer", required=True, help="ISSUER.json: its keys go into the page")
@click.option("--lang", type=click.Choice(page.LANGUAGES), default="fr")
@click.option("--out", required=True, help="the page, one file")
@click.option("--json", "as_json", is_flag=True)
def page_(issuer: str, lang: str, out: str, as_json: bool) -> None:
    """One page by which anybody checks a certificate of this issuer, without network."""
    frame, script = ((PAGES / name).read_text("utf-8") for name in ("check_page.html", "check_page.js"))
    made = page.page(the_issuer(issuer), lang, frame, script).encode()
    keep(out, made)
    click.echo(json.dumps({"written": out, "sha256": hashlib.sha256(made).hexdigest()}) if as_json else out)
