"""Certificates that anybody checks without us: Open Badges 3.0 as a signed token, its list of what was withdrawn. Pure.

The one key that counts is that of the issuer's file. What a token says of its own key is never looked at.
"""
