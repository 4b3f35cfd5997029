"""Counts in sentences."""


def counted(count: int, one: str, several: str = "") -> str:
    """A count and its noun.

    >>> counted(1, "order"), counted(1200, "order"), counted(2, "person", "people")
    ('1 order', '1,200 orders', '2 people')
    """
    return f"{count:,} {one if count == 1 else several or one + 's'}"
