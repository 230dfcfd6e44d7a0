"""The audit ledger: every act and every read of personal data, one row each, sealed into a chain of hashes.

`services.record` is called by every room in the transaction of the act itself; one sequencer seals later
(`rules/chain.py`). `locks` and `limits`: what the database itself refuses, set after every migration and looked at
by `kalata check`. On the ground floor: this package names no room. Its pages ask `people` for the right.
"""
