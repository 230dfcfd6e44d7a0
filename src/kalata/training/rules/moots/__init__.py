"""Moot cases, units of ethics and simulations: cases as data, computed answers, ratings, life cycles."""
