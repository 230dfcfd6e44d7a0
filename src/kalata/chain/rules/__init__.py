"""The closed list of links, and how words are folded so that spellings meet. Pure."""
