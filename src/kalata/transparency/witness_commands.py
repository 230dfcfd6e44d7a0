"""`kalata witness`: the command of a party or an observer, on a laptop, without a database."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from kalata.transparency.log_commands import reading


@click.group()
def witness() -> None:
    """The witness of a party or an observer: cosigns a log after checking it (pure)."""


def half() -> str:
    """The passphrase of the witness' key, from KALATA_WITNESS_PASSPHRASE or typed."""
    return os.environ.get("KALATA_WITNESS_PASSPHRASE") or click.prompt(
        "phrase secrète / passphrase", hide_input=True, err=True
    )


FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


@witness.command("init")
@FOLDER
@click.option("--name", required=True, help="e.g. temoin-observateurs")
def witness_init(folder: Path, name: str) -> None:
    """Make the key of this witness; give the line it prints to the electoral body and to the press."""
    from kalata.transparency import witness as here

    for key in here.create(folder, name, half()):
        click.echo(key.text())


@witness.command("key")
@FOLDER
def witness_key(folder: Path) -> None:
    """Print the public key of this witness: what the electoral body and the press know it by."""
    from kalata.transparency import witness as here

    for key in here.opened(folder, half()).vkeys:
        click.echo(key.text())


@witness.command("trust")
@FOLDER
@click.argument("vkey")
def witness_trust(folder: Path, vkey: str) -> None:
    """Know a log by its key, as read aloud or printed."""
    from kalata.transparency import witness as here

    key = reading(Path(vkey[:40]), lambda: here.opened(folder, half()).trust(vkey))
    click.echo(key.name)


@witness.command("follow")
@FOLDER
@click.argument("announcement", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def witness_follow(folder: Path, announcement: Path) -> None:
    """Know the new key of a log by the entry that announces it (log/key-N.json): the old key must have signed it."""
    from kalata.transparency import witness as here

    click.echo(reading(announcement, lambda: here.opened(folder, half()).follow(announcement.read_bytes())).text())


@witness.command("serve")
@FOLDER
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8025)
def witness_serve(folder: Path, host: str, port: int) -> None:
    """Answer the log over the network, until Ctrl+C."""
    from kalata.transparency import witness as here

    running = here.server(here.opened(folder, half()), host, port)
    click.echo(f"http://{host}:{running.server_port}/", err=True)
    try:
        running.serve_forever()
    except KeyboardInterrupt:
        running.shutdown()


@witness.command("cosign")
@FOLDER
@click.argument("request", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="the answer; REQUEST.cosig when left out")
def witness_cosign(folder: Path, request: Path, out: Path | None) -> None:
    """Read a request from a USB key, check it, write the cosignature back. Exit status 1: refused."""
    from kalata.transparency import witness as here
    from kalata.transparency.rules.proofs import read_add_checkpoint

    body = reading(request, lambda: request.read_text(encoding="utf-8"))
    found = here.opened(folder, half()).answer(body)
    click.echo(found.said, err=True)
    if found.status != 200:
        if found.status == 409:
            click.echo(f"taille vue / size seen: {found.body.strip()}", err=True)
        sys.exit(1)
    size = read_add_checkpoint(body)[2].split("\n")[1]
    target = out or request.with_suffix(".cosig")
    target.write_text(f"size {size}\n{found.body}", encoding="utf-8")
    click.echo(str(target))


@witness.command("status")
@FOLDER
@click.option("--json", "as_json", is_flag=True)
def witness_status(folder: Path, as_json: bool) -> None:
    """What this witness has seen, and what it has refused."""
    from kalata.transparency import witness as here

    watch = here.Watch(folder, (folder / "name").read_text(encoding="utf-8").strip(), bytes(32))
    rows = [{"log": o, "size": s, "root": r} for o, s, r in watch.seen()]
    refused = [{"at": a, "log": o, "status": s, "said": t} for a, o, s, t in watch.refusals()]
    click.echo(json.dumps({"seen": rows, "refused": refused}, ensure_ascii=False) if as_json else "\n".join([*(f"{r['log']} {r['size']} {r['root']}" for r in rows), *(f"REFUS {r['log']} {r['said']}" for r in refused)]))  # fmt: skip
