"""What people type and press on the pages of results."""
