"""`kalata training` and `kalata posts` answer at once, know their commands by name, and each name leads to a command."""

import subprocess
import sys

import click

from kalata import rooms
from kalata.training.commands import POSTS, TRAINING


def test_every_word_of_the_groups_leads_to_a_command() -> None:
    assert all(isinstance(rooms.load(where), click.Command) for where in (*TRAINING.values(), *POSTS.values()))


def test_the_words_stand_in_order() -> None:
    assert [*TRAINING] == sorted(TRAINING)
    assert [*POSTS] == sorted(POSTS)


def test_the_groups_start_without_django() -> None:
    script = "import sys, kalata.training.commands; assert 'django' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
