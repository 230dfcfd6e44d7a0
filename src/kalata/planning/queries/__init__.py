"""Every read, limited to what this person may see."""
