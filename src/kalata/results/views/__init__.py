"""The screens of results, one module a group of pages."""
