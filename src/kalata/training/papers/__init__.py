"""The papers of this room, each from plain values."""
