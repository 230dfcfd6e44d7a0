"""One page each: a typed form, one service, a template."""
