"""Frames -> files to download: CSV that is safe in a spreadsheet, and a page of HTML that stands alone."""
