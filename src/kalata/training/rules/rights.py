"""The rights of this room, by name: the pack gives them to its roles."""

READ = "training.read"
WRITE = "training.write"
REVIEW = "training.review"
PLAN = "training.plan"
TEACH = "training.teach"
CERTIFY = "training.certify"
OBSERVE = "training.observe"
PAY = "training.approve"
"""Signs plans of training and lists of payment; who plans, teaches or certifies does not."""
HOLD = "training.hold"
"""Prepares and holds moot cases, units of ethics and simulations for judges and leaders."""
RATE = "training.rate"
"""Rates the written work of the sittings for which they are named; does not hold them."""

POSTS = "posts.read"
STAFF = "posts.staff"
APPOINT = "posts.appoint"
REPLACE = "posts.replace"
INDEPENDENCE = "posts.independence"

TRAINING = frozenset({READ, WRITE, REVIEW, PLAN, TEACH, CERTIFY, OBSERVE, PAY, HOLD, RATE})
"""Who has work in training."""
AT_MOOTS = (WRITE, REVIEW, HOLD, RATE)
AT_CLASSES = (PLAN, PAY, CERTIFY, TEACH, OBSERVE)
AT_POSTS = frozenset({POSTS, STAFF, APPOINT, REPLACE})
"""Who reads the posts of their territory."""
