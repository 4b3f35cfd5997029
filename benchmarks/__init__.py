"""Measures clvapp against the tools the field uses. The app runs without any of it."""
