"""What the Court signs with, and how anybody checks it: its local authority, PAdES, RFC 3161, signed Akoma Ntoso.

`authority` keeps and opens the keys, `times` stamps and checks instants, `papers` signs PDF, `texts` signs XML.
"Advanced, internal": a qualified effect asks for a qualified provider (docs/en/signing.md). pyHanko says that its own
validation is incomplete: in an archive the hashes and the seal decide, these checks only add.
"""
