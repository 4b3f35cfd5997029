"""Who becomes high-value, and whom to write to."""

from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd

from clvapp import clean
from clvapp.analysis.forecast import Outlook
from clvapp.profile.learning import Profile, profile
from clvapp.targets.ages import behaviour
from clvapp.targets.lists import Targets, targets
from clvapp.targets.next_year import NextYear, next_year


class Lists(Outlook):
    """The forecast, with the high-value profile and the lists made with it."""

    @cached_property
    def profile(self) -> Profile:
        """Who becomes high-value, and how well that can be told from the first order."""
        self._begin("Learning who becomes high-value, and testing it on later customers")
        found = profile(
            self.first_orders, self.spend, end_day=self.end_day, burn_in_end=self.burn_in.end,
            attributes=self.settings.known_at_first_order, seed=self.settings.seed, words=self.words,
        )  # fmt: skip
        nobody = clean.nobody_named(self.shop.loaded)
        return replace(found, reason=nobody, findings=()) if nobody else found

    @cached_property
    def next_year(self) -> NextYear:
        """The chance of spending more than the average customer in the next 12 months."""
        self._begin("Looking at what the last 12 months brought")
        return next_year(
            self.first_orders.set_index("customer_id")["day"], self.spend, end_day=self.end_day,
            burn_in_end=self.burn_in.end, seed=self.settings.seed, words=self.words,
        )  # fmt: skip

    @cached_property
    def targets(self) -> Targets:
        """Whom to offer an upgrade, win back first or thank, each with reasons; and who is left out."""
        found, chances = self.profile, self.next_year
        self._begin("Making your lists")
        return targets(
            self.customers, self.spend, found, chances, end_day=self.end_day,
            burn_in_end=self.burn_in.end, words=self.words,
        )  # fmt: skip

    @cached_property
    def scored(self) -> pd.DataFrame:
        """`customers` with a look-alike score and the chance of a good next year; missing where the data cannot say."""
        by_id = self.customers["customer_id"]
        scores = by_id.map(self.profile.scores) if self.profile.usable else np.nan
        chances = self.next_year.probability
        return self.with_forecast.assign(
            look_alike_score=scores,
            next_year_probability=np.nan if chances is None else by_id.map(chances),
        )

    @cached_property
    def behaviour(self) -> pd.DataFrame:
        """How customers above and below the average differ after their first order. Describes, does not predict."""
        return behaviour(self.customers, self.spend, end_day=self.end_day, burn_in_end=self.burn_in.end)
