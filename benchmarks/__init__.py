"""Measurements side by side with what the field would use: none of it is needed to run the app."""
