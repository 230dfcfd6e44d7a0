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

POSTS = "posts.read"
STAFF = "posts.staff"
APPOINT = "posts.appoint"
REPLACE = "posts.replace"
INDEPENDENCE = "posts.independence"

TRAINING = frozenset({READ, WRITE, REVIEW, PLAN, TEACH, CERTIFY, OBSERVE, PAY})
"""Who has work in training."""
AT_CLASSES = (PLAN, PAY, CERTIFY, TEACH, OBSERVE)
AT_POSTS = frozenset({POSTS, STAFF, APPOINT, REPLACE})
"""Who reads the posts of their territory."""
