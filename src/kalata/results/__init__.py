"""Results: what a figure means, from a station report that counts to provisional results and seats.

Three rules that matter, and where to read them:
- what decides an election: `rules/outcome.py` (majority, second round, referendum, ties);
- how seats are shared: `rules/seats.py`;
- what must hold on a sheet: `rules/checks.py`.
Adding up is defined in `rules/tabulation.py` and done on columns in `numeric/table.py`.
`services/` writes, `queries/` reads, `pages/` arranges what `views/` show.
Basis: the country pack's systems, norms and check records. Neighbours below: country, people,
transparency, tables. The paper's way is the room `tally`, above.
"""
