"""What people type and press in the Court's room, one subject a file."""
