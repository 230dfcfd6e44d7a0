"""The right each address asks for, declared beside the addresses: what a page shows, to whom, and what it lets do.

A page is read from its first gate to its last: whoever does not pass one gets its answer, and nothing is
written. 302: sign in first; 401: a key; 404: for this person the thing does not exist; 403: he sees it
and may not do this. `docs/fr/droits.md` is printed from these declarations, and one test walks every
address with every role to see that they are true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kalata.text import gettext_noop as _


class Over(StrEnum):
    """Over what a right must be held. A mandate tied to one contest counts for that contest alone."""

    SOMEWHERE = "somewhere"  # in any territory, for any contest
    CONTEST_PART = "part"  # in any territory, for this contest
    PLACE = "place"  # over the place of the thing, for this contest
    CONTEST = "contest"  # over the whole country, for this contest
    AREA_PART = "area-part"  # in any territory, whatever the contest
    AREA = "area"  # over the territory of the thing, whatever the contest
    BRANCH = "branch"  # over the territory of the thing, one that holds it or one inside it
    BODY = "body"  # by a role of the body of the thing, over its territory, for its contest
    HOUSE = "house"  # over the whole country, whatever the contest
    SCOPE = "scope"  # the key of a program carries it


OVER_LABELS: Mapping[Over, str] = {
    Over.SOMEWHERE: _("quelque part, pour un scrutin au moins ; ce qui est montré se limite à ce territoire"),
    Over.CONTEST_PART: _("quelque part dans ce scrutin ; ce qui est montré se limite à ce territoire"),
    Over.PLACE: _("sur le lieu de l’objet, pour ce scrutin"),
    Over.CONTEST: _("sur tout le pays, pour ce scrutin"),
    Over.AREA_PART: _("quelque part, pour tous les scrutins"),
    Over.AREA: _("sur le territoire de l’objet, pour tous les scrutins"),
    Over.BRANCH: _("sur le territoire de l’objet, au-dessus ou au-dessous"),
    Over.BODY: _("par un rôle de l’organe de l’objet, sur son territoire, pour ce scrutin"),
    Over.HOUSE: _("sur tout le pays, pour tous les scrutins"),
    Over.SCOPE: _("porté par la clé"),
}


@dataclass(frozen=True, slots=True)
class Gate:
    """One question and the answer of who does not pass. rights: one of them is enough; none: being signed in.

    public: everybody passes once the thing is published. own: its author passes too.
    """

    status: int
    rights: tuple[str, ...] = ()
    over: Over = Over.HOUSE
    public: bool = False
    own: bool = False


SIGNED = Gate(302)
KEY = Gate(401)


def exists(*rights: str, over: Over, public: bool = False, own: bool = False) -> Gate:
    """For who holds none of these rights there, the thing does not exist."""
    return Gate(404, rights, over, public, own)


def held(*rights: str, over: Over = Over.HOUSE) -> Gate:
    """Who sees the thing and holds none of these rights there is refused (PEO-101)."""
    return Gate(403, rights, over)


def carried(right: str) -> Gate:
    """The key must carry the right (PEO-312)."""
    return Gate(403, (right,), Over.SCOPE)


@dataclass(frozen=True, slots=True)
class Page:
    """An address, the kind of thing it is about, the gates before it, and those before each act posted there.

    name: of the address ("tally:bag"); after "?" a reading of it that asks for something else.
    reads: GET shows something; else the address only takes acts. acts: {name of the act: further gates}.
    library: a page of the sign-in library; only who must be signed in is declared here.
    """

    name: str
    thing: str
    gates: tuple[Gate, ...] = ()
    acts: tuple[tuple[str, tuple[Gate, ...]], ...] = ()
    reads: bool = True
    library: bool = False

    @property
    def address(self) -> str:
        return self.name.partition("?")[0]

    def before(self, act: str) -> tuple[Gate, ...]:
        """Every gate before an act."""
        return self.gates + dict(self.acts)[act]


def page(
    name: str,
    thing: str,
    *gates: Gate,
    acts: Mapping[str, Iterable[Gate]] | None = None,
    reads: bool = True,
    library: bool = False,
) -> Page:
    return Page(name, thing, gates, tuple((a, tuple(g)) for a, g in (acts or {}).items()), reads, library)
