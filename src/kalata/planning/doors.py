"""What the addresses of this room ask for: the first gate says whether a page is the public's or the staff's."""

from kalata.people.rules.doors import SIGNED, Page, held, page
from kalata.planning.rules.rights import READ

PAGES: tuple[Page, ...] = (
    page("planning:budget", "plan", SIGNED, held(READ)),
    page("planning:budget_workbook", "plan", SIGNED, held(READ)),
)
