"""Frames -> files to download: CSV that is safe in a spreadsheet, and self-contained HTML."""
