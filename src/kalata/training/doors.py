"""What the addresses of this room ask for: the first gate says whether a page is the public's or the staff's."""

from kalata.people.rules.doors import Page

PAGES: tuple[Page, ...] = ()
