"""What the addresses of this room ask for: the first gate says whether a page is the public's or the staff's."""

from kalata.people.rules.doors import KEY, SIGNED, carried, held, page
from PACKAGE.room import KEEP

PAGES = (
    page("toy:list", "toy", SIGNED, held(KEEP), acts={"add": (), "close": ()}),
    page("api:list_toy", "toy", KEY, carried(KEEP)),
)
