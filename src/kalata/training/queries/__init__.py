"""Every read of this room, already limited to its reader."""
