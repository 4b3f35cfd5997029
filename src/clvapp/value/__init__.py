"""Customers' orders and money -> what each is worth: so far, by the simple formula, and as margin earned."""
