"""`kalata plan` answers at once, knows its commands by name, and each name leads to a command."""

import subprocess
import sys

import click

from kalata import rooms
from kalata.planning.commands import COMMANDS


def test_every_word_of_the_group_leads_to_a_command() -> None:
    assert all(isinstance(rooms.load(where), click.Command) for where in COMMANDS.values())


def test_the_group_starts_without_django() -> None:
    script = "import sys, kalata.planning.commands; assert 'django' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
