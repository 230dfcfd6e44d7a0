"""A synthetic night: paper forms filled by chance, clerks who misread them, and what the house makes of it."""
