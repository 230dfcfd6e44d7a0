"""Questions and their files: one value (`question`), JSON, GIFT and Moodle XML both ways, tables for simple kinds, SCORM and QTI out. Pure."""
