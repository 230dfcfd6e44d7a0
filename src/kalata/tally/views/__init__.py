"""The screens of the tally centre, one module a group of desks."""
