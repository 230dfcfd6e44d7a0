"""Interests that a person declares: which keep them from a post, which are written and shown."""

from kalata.text import gettext_noop as _

BARS = {
    "candidacy": _("candidature à ce scrutin"),
    "party_post": _("fonction dans un parti"),
    "kin": _("parenté déclarée avec une candidature"),
}
"""What may keep a person from a post, where the pack says so of that post."""
INTERESTS = {
    **BARS,
    "contract": _("marché ou emploi lié au scrutin"),
    "gift": _("cadeau reçu ou refusé"),
    "recusal": _("déport d’une affaire"),
    "none": _("rien à déclarer"),
}
"""What a declaration may be of."""
