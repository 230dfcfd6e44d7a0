"""From a source to what is printed, shown and asked: pages with their hash, questions, sheets; and what a changed article touches. Pure."""
