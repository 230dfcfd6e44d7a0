"""What the addresses of this room ask for: the first gate says whether a page is the public's or the staff's."""

from kalata.disputes.rules.steps import RECEIVE, REGISTRY
from kalata.people.rules.doors import SIGNED, Over, held, page

PAGES = (page("disputes:registry", "petition", SIGNED, held(RECEIVE, REGISTRY, over=Over.SOMEWHERE)),)
