"""Reads about results: nothing here writes."""
