"""What the addresses of this room ask for: the first gate says whether a page is the public's or the staff's."""

from kalata.people.rules.doors import SIGNED, Page, held, page
from kalata.training.rules.rights import READ

CASCADE: tuple[Page, ...] = (page("cascade:plan", "contest", SIGNED, held(READ)),)

PAGES: tuple[Page, ...] = CASCADE
