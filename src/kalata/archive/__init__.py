"""The archive of a house on PostgreSQL: bases, the journal as it is written, kept files; each file sealed for its keys.

`base` and `stream` write it with PostgreSQL's own tools, `verifying` puts it back on trial, `putting_back` for good.
What is never in it: `ledger.secret`, `key.secret`, the keys of log, Court, TLS and archive, and the settings.
"""
