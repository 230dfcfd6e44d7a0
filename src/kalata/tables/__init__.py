"""Tables: other people's tabular files, opened safely and read row by row, without guessing aloud.

CSV, CSV.gz, XLSX, Parquet; how a table lies in its file, what is seen of a column, when two writings are one name.
A room gives its columns and its rules; nothing here knows what a figure means.
"""
