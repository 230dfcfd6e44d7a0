"""Files made to hurt whoever reads them, built here byte by byte: none is kept in the repository."""
