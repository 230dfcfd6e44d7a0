"""Accounts from a file."""
