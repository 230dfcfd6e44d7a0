"""The only writers of what counts and of what is public: one transaction an act, a row of the ledger each."""
