"""The only writers of the paper's way, one module a group of acts: one transaction an act, a row of the ledger each."""
