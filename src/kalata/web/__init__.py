"""The web server of the house: several processes of a few threads, which only ever hold whole requests.

A client that sends its headers or its body slowly, or reads its answer slowly, holds a socket and
a buffer, never a thread (docs/decisions/0011-server.md). `server.py` is what is ours in that; `bodies.py`
says how much may be sent where and by whom; `watch.py` ends a request that takes too long.
Neighbours: `operations` starts it; nothing else imports it.
"""
