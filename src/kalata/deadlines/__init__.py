"""Legal time: what the law counts, from when, to when, and whether a calendar is possible at all.

Three rules that matter: `rules/counting.py` (from a trigger to a limit, step by step),
`rules/calendar.py` (every norm of an election, readings and derogations side by side),
`rules/feasibility.py` (which norms contradict each other, and by how many days).

The law: the pack's `texts`, `deadlines` and `counting_rules`, each with source and confidence.
Neighbours: every room takes its dates from here and nowhere else.
"""
