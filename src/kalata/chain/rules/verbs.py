"""How one record rests on another: a closed list. Each is said in both directions, of what it is drawn from to it and back."""

from __future__ import annotations

from enum import StrEnum

from kalata.text import gettext_noop as _


class Verb(StrEnum):
    """From the record that rests to the one it rests on."""

    STATED_IN = "stated_in"
    APPLIES = "applies"
    BOUND_BY = "bound_by"
    PART_OF = "part_of"
    ABOUT = "about"
    DRAWN_FROM = "drawn_from"
    PUBLISHES = "publishes"
    TELLS = "tells"
    DECIDES = "decides"
    REPLACES = "replaces"
    MADE_UNDER = "made_under"


SAYS = {
    Verb.STATED_IN: _("énoncé dans"), Verb.APPLIES: _("applique"), Verb.BOUND_BY: _("tenu par"),
    Verb.PART_OF: _("fait partie de"), Verb.ABOUT: _("porte sur"), Verb.DRAWN_FROM: _("établi d’après"),
    Verb.PUBLISHES: _("publie"), Verb.TELLS: _("inscrit au journal public"), Verb.DECIDES: _("tranche"),
    Verb.REPLACES: _("remplace"), Verb.MADE_UNDER: _("fait en vertu de"),
}  # fmt: skip
"""What a record does to the one it rests on."""
BACK = {
    Verb.STATED_IN: _("énonce"), Verb.APPLIES: _("appliqué par"), Verb.BOUND_BY: _("s’impose à"),
    Verb.PART_OF: _("comprend"), Verb.ABOUT: _("concerné par"), Verb.DRAWN_FROM: _("a servi à établir"),
    Verb.PUBLISHES: _("publié par"), Verb.TELLS: _("inscrit au journal par"), Verb.DECIDES: _("tranché par"),
    Verb.REPLACES: _("remplacé par"), Verb.MADE_UNDER: _("fonde"),
}  # fmt: skip
"""The same link, seen from what is rested on."""
