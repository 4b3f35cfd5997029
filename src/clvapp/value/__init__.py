"""What a customer is worth, one source a module."""
