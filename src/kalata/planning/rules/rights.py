"""The rights of this room, by name: the pack gives them to its roles."""

READ = "planning.read"
EDIT = "planning.edit"
PROGRESS = "planning.progress"
MONEY = "planning.money"
BUY = "planning.buy"
ENDORSE = "planning.endorse"
APPROVE = "planning.approve"
FUND = "planning.fund"

STAFF = frozenset({READ, EDIT, PROGRESS, MONEY, BUY, ENDORSE, APPROVE})
"""Who sees drafts. A donor (`FUND`) sees what is approved alone."""
