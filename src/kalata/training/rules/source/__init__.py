"""One source of manuals: read (`reading`), judged (`findings`) against the law of its pack (`law`). Pure."""
