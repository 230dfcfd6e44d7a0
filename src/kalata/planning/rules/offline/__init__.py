"""Progress entered without a network: the page that goes out, the table that comes back, and what of it is new."""
