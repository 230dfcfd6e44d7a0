"""The plural of the source. Sentences are French; Django, which finds no catalogue for them, would count as English does
("0 bureaux"): in French none is singular, as one is."""

from __future__ import annotations

import gettext


class French(gettext.NullTranslations):
    """What stands behind every catalogue: the sentence as it is written, its form chosen as French does."""

    def ngettext(self, msgid1: str, msgid2: str, n: float) -> str:
        return msgid1 if -2 < n < 2 else msgid2

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: float) -> str:
        return self.ngettext(msgid1, msgid2, n)


def counts_as_french() -> None:
    """Put it behind the French of Django, once for each process."""
    from django.utils.translation import trans_real

    trans_real.translation("fr").add_fallback(French())
