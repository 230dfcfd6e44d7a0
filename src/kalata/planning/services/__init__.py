"""Every write: one act, one transaction, one line of the ledger."""
