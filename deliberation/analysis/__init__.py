"""The only door to summarizer: rows in, arrays across, rows out."""
