"""What the pages of this room show, arranged: nothing here asks the database nor writes."""
