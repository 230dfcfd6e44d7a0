"""Every write of this room: one act, one transaction, one line of the ledger."""
