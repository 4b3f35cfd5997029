"""Orders (any engine) -> one row a customer, their order days and rhythm, where the file begins, their attributes."""
