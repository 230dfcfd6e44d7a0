"""The operations guide: every command it names exists, both languages say the same, and by night it is followed word for word."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from kalata.cli import main

ROOT = Path(__file__).parents[2]
GUIDES = {"en": ROOT / "docs" / "en" / "operations.md", "fr": ROOT / "docs" / "fr" / "exploitation.md"}
CARDS = {"en": ROOT / "docs" / "en" / "disaster-cards.md", "fr": ROOT / "docs" / "fr" / "cartes.md"}
PAGES = [*GUIDES.values(), *CARDS.values(), ROOT / "docs" / "en" / "data-protection.md", ROOT / "docs" / "fr" / "donnees-personnelles.md", ROOT / "SECURITY.md"]  # fmt: skip
BLOCK = re.compile(r"<!-- tested: (\w+) -->\n```sh\n(.*?)```", re.S)
STEPS = ("install", "setup", "start", "upgrade", "rollback")
LINES_OF_A_PAGE, LETTERS_OF_A_LINE = 50, 90
"""What one A4 holds at 11 points."""


def blocks(path):
    return dict(BLOCK.findall(path.read_text()))


def called(text):
    """Every command of ours that a page names, as its words."""
    for line in re.findall(r"(?:^|[`\s])(?:K|kalata) ([a-z][^`\n]*)", text):
        words = line.replace("…", "").split()
        if words:
            yield words


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_command_that_a_page_names_exists_with_its_options(path):
    for words in called(re.sub(r"\[[^\]]*\]\([^)]*\)", "", path.read_text())):
        command, rest = main, list(words)
        while isinstance(command, click.Group) and rest and re.fullmatch(r"[a-z-]+", rest[0].rstrip(".,;:")):
            found = command.get_command(click.Context(command), rest[0].rstrip(".,;:"))
            if found is None:
                break
            command, rest = found, rest[1:]
        assert command is not main, f"{path.name}: kalata {' '.join(words)}"
        if command.name != "manage":
            known = {opt for one in command.params for opt in (*one.opts, *one.secondary_opts)}
            asked = {w.rstrip(".,;:)") for w in rest if w.startswith("--")}
            assert asked <= known, f"{path.name}: kalata {' '.join(words)}"


def test_both_languages_run_the_same_commands():
    assert blocks(GUIDES["en"]) == blocks(GUIDES["fr"]) and tuple(blocks(GUIDES["en"])) == STEPS


@pytest.mark.parametrize("path", [*GUIDES.values(), *(ROOT / "docs" / lang / "machines.md" for lang in GUIDES)], ids=lambda p: f"{p.parent.name}-{p.name}")  # fmt: skip
def test_every_block_of_commands_is_run_or_says_why_not_and_where_it_is_proved(path):
    lines = path.read_text().splitlines()
    for before, first in [(lines[i - 1], lines[i + 1]) for i in range(1, len(lines)) if lines[i].startswith("```")][::2]:
        why = re.fullmatch(r"<!-- (tested|not run): (.+) -->", before)
        assert why, f"{path.name}: « {first} » is neither run nor said not to be"
        assert why[1] == "tested" or all((ROOT / named).exists() for named in re.findall(r"tests/[\w/.]+\w", why[2]))
        assert why[1] == "tested" or "tests/" in why[2]


def cards(path):
    return re.split(r"^## \d\. ", path.read_text(), flags=re.M)[1:]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_each_card_fits_one_page_says_what_to_do_in_order_and_what_never_to_do(lang):
    found = cards(CARDS[lang])
    assert len(found) == 7
    for card in found:
        assert sum(-(-len(line) // LETTERS_OF_A_LINE) for line in card.splitlines()) <= LINES_OF_A_PAGE
        assert re.findall(r"^(\d)\.", card, re.M) == [
            str(n) for n in range(1, 1 + len(re.findall(r"^\d\.", card, re.M)))
        ]
        assert ("**Never.**" if lang == "en" else "**Jamais.**") in card


def test_both_languages_hold_the_same_cards():
    codes = [
        [sorted(set(re.findall(r"\b[A-Z]{3}-\d{3}\b|`K [a-z-]+", card))) for card in cards(path)]
        for path in CARDS.values()
    ]
    assert codes[0] == codes[1]


def test_what_was_not_measured_is_said_not_to_be():
    assert "| not measured |" in GUIDES["en"].read_text() and "| pas mesuré |" in GUIDES["fr"].read_text()


# --- word for word ---------------------------------------------------------------------------------------------
SYSTEMCTL = r"""#!/bin/sh
# What systemctl does with our units, where there is no systemd: ExecStart, under their user and their file of settings.
unit=/etc/systemd/system
run() { line=$(sed -n 's/^ExecStart=//p' "$unit/$1.service"); set -a; . /etc/kalata/kalata.env; set +a; (cd /; umask 077; exec runuser -u kalata -- $line); }
parts="web worker sequencer"
start() { run kalata-prepare || exit 1; for p in $parts; do run "kalata-$p" >>/tmp/said-$p 2>&1 & echo $! >"/tmp/pid-$p"; done; }
stop() { for p in $parts; do [ -f "/tmp/pid-$p" ] && pkill -TERM -P "$(cat "/tmp/pid-$p")"; done; for p in $parts; do [ -f "/tmp/pid-$p" ] && while kill -0 "$(cat "/tmp/pid-$p")" 2>/dev/null; do sleep 0.2; done; rm -f "/tmp/pid-$p"; done; }
case "$*" in
  daemon-reload) for f in "$unit"/kalata*; do [ -s "$f" ] || exit 1; done ;;
  "enable --now kalata.target kalata-backup.timer kalata-check.timer"|"start kalata.target") start ;;
  "stop kalata.target") stop ;;
  *) echo "systemctl $*: not known here" >&2; exit 1 ;;
esac
"""
MACHINE = r"""set -eu
mkdir -p /tmp
mount -t tmpfs -o mode=1777 none /tmp
for d in etc opt var root usr/local; do
  mkdir -p "/tmp/.over/$d/up" "/tmp/.over/$d/work"
  mount -t overlay over -o "lowerdir=/$d,upperdir=/tmp/.over/$d/up,workdir=/tmp/.over/$d/work" "/$d"
done
ip link set lo up
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
"""


def nights():
    return os.environ.get("KALATA_NIGHTLY") == "1" and os.geteuid() == 0 and shutil.which("unshare") and Path("/usr/bin/python3.11").exists()  # fmt: skip


@pytest.mark.nightly
@pytest.mark.skipif(
    not nights(), reason="by night, as root, on a Debian with python3.11: a machine of its own, without network"
)
def test_the_guide_followed_word_for_word_installs_starts_upgrades_and_rolls_back_without_network(tmp_path):
    usb = bundled(tmp_path)
    followed = follow(usb, tmp_path, GUIDES["en"])
    assert followed.returncode == 0, followed.stdout[-3000:] + followed.stderr[-3000:]
    assert '{"ok": true, "alarms": []}' in followed.stdout and "<title>" in followed.stdout
    assert followed.stdout.count("== done:") == len(STEPS)


def bundled(tmp_path):
    """A USB key: the bundle of this commit, made with the index or with the wheels of KALATA_WHEELS."""
    key = tmp_path / "release.key"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
    wheels = ["--wheels", os.environ["KALATA_WHEELS"]] if os.environ.get("KALATA_WHEELS") else []
    usb = tmp_path / "usb"
    subprocess.run(
        [sys.executable, ROOT / "tools" / "bundle.py", "--key", key, "--into", usb, *wheels], check=True, cwd=ROOT
    )
    return usb


def follow(usb, tmp_path, guide):
    """Run the blocks of a guide in order, on a machine without network whose disks are copies that end with it."""
    kept = tmp_path / "machine"
    kept.mkdir()
    (kept / "systemctl").write_text(SYSTEMCTL)
    script = MACHINE + f"cp -r {usb} /tmp/usb; install -m 755 {kept}/systemctl /usr/local/bin/systemctl\n"
    script = script.replace("mount -t tmpfs -o mode=1777 none /tmp", f"mkdir -p {kept}/tmp; cp -r {usb} {kept}/usb; mount -t tmpfs -o mode=1777 none /mnt; cp -r {kept} /mnt/machine; mount --move /mnt /tmp")  # fmt: skip
    script = script.replace(
        f"cp -r {usb} /tmp/usb; install -m 755 {kept}/systemctl",
        "mv /tmp/machine/usb /tmp/usb; install -m 755 /tmp/machine/systemctl",
    )
    script += "mkdir -p /etc/systemd/system; cd /tmp/usb\n"
    for name in STEPS:
        if name == "upgrade":  # the same build under another name stands for the next one
            script += 'mv /opt/kalata/current /tmp/now; ln -s former /opt/kalata/current; cp -a "/opt/kalata/$(readlink /tmp/now)" /opt/kalata/former\n'
        script += f"echo '== {name}'; date +%s\n{blocks(guide)[name]}\necho '== done: {name}'; date +%s\n"
    script += "systemctl stop kalata.target\n"
    (tmp_path / "follow.sh").write_text(script)
    return subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-e", tmp_path / "follow.sh"],
        capture_output=True, text=True, timeout=1500, env={"HOME": "/root", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )  # fmt: skip
