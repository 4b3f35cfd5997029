"""Order days -> what every customer will be worth, how far to trust it, and what may be said at all."""
