"""Customers, their spend and the profile -> the lists of whom to write to, and each customer's chance from here."""
