"""Pure: no Django, no clock, no chance, no files. What is decided is decided here."""
