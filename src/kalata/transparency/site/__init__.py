"""The public site: static files made from the public log alone."""
