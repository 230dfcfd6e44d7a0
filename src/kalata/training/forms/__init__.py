"""What the pages of this room are sent."""
