"""Customers, their spend and the profile -> the lists of whom to write to, with the chance of each from here."""
