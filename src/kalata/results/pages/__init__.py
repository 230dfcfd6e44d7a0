"""From what is read to what a page shows: rows, words, order. No figure is computed here."""
