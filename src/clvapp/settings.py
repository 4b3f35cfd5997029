"""What the owner may decide about the numbers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Threshold = Literal["mean", "median", "top"]
Strays = Literal["keep", "leave-out"]
Basis = Literal["historic", "with_expected"]
Cost = float | Mapping[dt.date, float]


@dataclass(frozen=True)
class Settings:
    """Every setting, with its default."""

    observation_end: dt.date | None = None
    margin: float = 1.0
    margins: Mapping[str, float] = field(default_factory=dict)  # by `Analysis.kind`, where they differ from `margin`
    threshold: Threshold = "mean"
    top_share: float = 0.2
    currency: str | None = None
    rates: Mapping[str, float] = field(default_factory=dict)  # what one unit of another currency is worth in this one
    count_shipping: bool = True
    count_tax: bool = True
    count_pending: bool = False
    join_people: bool = False  # those who share a name and postcode, or a telephone number
    strays: Strays = "leave-out"  # orders whose day lies alone: whether they move the first and last day
    starts_at_opening: bool | None = None
    horizon_days: int = 365
    discount_rate: float = 0.10  # a year
    basis: Basis = "historic"  # what we compare with the average
    acquisition_cost: Cost | None = None  # of one customer: for all, or by the first day of the month they came in
    known_at_first_order: tuple[str, ...] = ()
    seed: int = 0


USUAL = Settings()  # what holds until the owner says otherwise
