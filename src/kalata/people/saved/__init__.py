"""Views of lists that persons keep: own, or shared with a role."""
