"""What the pages of this room show, made of queries and rules."""
