"""Plans of other programs: MS Project's XML read, scheduled to the minute and written; XLSX, calendars, TaskJuggler."""
