"""Collects the sentences of the source, those that views mark with `_t` too: none may stay in French on an English page."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_t"]
