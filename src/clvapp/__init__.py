"""From an order export to what a customer is worth, and to the list of who could be worth more."""
