"""Customers, their spend and the profile -> whom to offer an upgrade, win back first or thank, and why.

The lists compare people fairly: at the same age, with a score from a model that did not see them. Those left out are
counted by reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from clvapp import columns
from clvapp.customers.rhythm import long_silent
from clvapp.days import day_numbers
from clvapp.settings import Settings
from clvapp.targets.ages import behaviour, gap, value_at_age
from clvapp.targets.next_year import NextYear, next_year
from clvapp.targets.reasons import facts, look_alike_reasons, three_each
from clvapp.wording import Of, Wording

__all__ = [
    "NextYear", "Targets", "behaviour", "gap", "long_silent", "next_year", "targets", "value_at_age",
]  # fmt: skip

UPGRADE, WIN_BACK, THANK = "upgrade", "win_back", "thank"
YOUNG = 30
STEADY_ORDER_DAYS, STEADY_RHYTHM, STEADY_BASKET = 6, 0.4, 0.25


class LookAlikes(Protocol):
    """What the lists need from a profile. Frames and series are by customer_id."""

    @property
    def usable(self) -> bool: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def base_rate(self) -> float: ...
    @property
    def scores(self) -> pd.Series: ...
    @property
    def became_high(self) -> pd.Series: ...
    @property
    def leaf(self) -> pd.Series: ...
    @property
    def values(self) -> pd.DataFrame: ...
    @property
    def contrasts(self) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Targets:
    """The lists.

    Attributes
    ----------
    table
        one row per listed customer: the columns of `columns.TARGETS`, best first within each list
    left_out
        one row per reason: `reason`, `customers`
    counts
        the number of customers on each list
    findings
        what the owner has to know, one sentence each
    top_share
        the share of all customers, by score, that counted as looking like the best
    """

    table: pd.DataFrame
    left_out: pd.DataFrame
    counts: dict[str, int]
    findings: tuple[str, ...]
    top_share: float = Settings.top_share


def targets(
    customers: pd.DataFrame, spend: pd.DataFrame, profile: LookAlikes, next_year: NextYear, *, end_day: int,
    burn_in_end: int | None = None, words: Wording = Wording(),
    control: Collection[str] = (), set_aside: Mapping[str, Collection[str]] | None = None,
    top_share: float = Settings.top_share,
) -> Targets:  # fmt: skip
    """Whom to offer an upgrade, whom to win back first and whom to thank, each with three reasons.

    Parameters
    ----------
    customers, spend
        one row per customer; one row per customer and day with money
    profile, next_year
        who looks like those who became high-value; the chance of a good next year
    end_day, burn_in_end
        the day of the snapshot; customers from before `burn_in_end` may be older than the file
    words
        how the reasons write numbers
    control, set_aside
        ids never to list: the members of a control group; and others, keyed by the reason in words
    top_share
        the share of all customers, by score, that counts as looking like the best
    """
    people = _people(customers, spend, profile, next_year, end_day=end_day, burn_in_end=burn_in_end)
    wanted = _wanted(people, profile, top_share)
    aside = {"in a control group": control, **(set_aside or {})}
    why = _why_left_out(people, wanted, aside, burn_in_end)
    listed = people.assign(list=wanted)[wanted.notna() & why.isna()]
    table = _table(listed, profile, words)
    counts = {name: int((table["list"] == name).sum()) for name in (UPGRADE, WIN_BACK, THANK)}
    left_out = why.dropna().value_counts().rename_axis("reason").reset_index(name="customers")
    return Targets(table, left_out, counts, _findings(table, profile, next_year, words), top_share)


def _people(
    customers: pd.DataFrame, spend: pd.DataFrame, profile: LookAlikes, next_year: NextYear, *, end_day: int,
    burn_in_end: int | None,
) -> pd.DataFrame:  # fmt: skip
    """Everything that decides who is on which list, one row per customer."""
    people = customers.set_index("customer_id", drop=False).rename_axis(None)
    first_days = pd.Series(day_numbers(people["first_order"]), people.index)
    # We group and look up customers many times. With numbers instead of ids that is quick, and small.
    numbers = people.index.get_indexer(pd.Index(spend["customer_id"]))
    moved, since = spend.assign(customer_id=numbers)[numbers >= 0], first_days.reset_index(drop=True)
    standing = value_at_age(since, moved, end_day=end_day, burn_in_end=burn_in_end).set_axis(people.index)
    silent = long_silent(customers.assign(customer_id=since.index), moved, end_day=end_day)
    chances = next_year.probability
    unknown = pd.Series(np.nan, index=people.index)
    score = profile.scores.reindex(people.index) if profile.usable else unknown
    distance = _gap(profile, people.index, since, moved, end_day=end_day) if profile.usable else unknown
    return people.join(standing).assign(
        first_day=first_days,
        silent=silent.to_numpy(),
        look_alike_score=score,
        next_year_probability=unknown if chances is None else chances.reindex(people.index),
        gap=distance,
    )


def _gap(profile: LookAlikes, ids: pd.Index, since: pd.Series, moved: pd.DataFrame, *, end_day: int) -> pd.Series:
    """The gap by id. Inside, customers are numbered in the order of `ids`."""
    leaf, high = (known.reindex(ids).reset_index(drop=True) for known in (profile.leaf, profile.became_high))
    return gap(since, moved, end_day=end_day, leaf=leaf, became_high=high).set_axis(ids)


def _wanted(people: pd.DataFrame, profile: LookAlikes, top_share: float) -> pd.Series:
    """The list each customer would be on if nothing spoke against it; missing for most."""
    below = people["below_average_at_age"]
    score = people["look_alike_score"]
    wanted = pd.Series(None, index=people.index, dtype=object)
    alike = (score >= score.quantile(1 - top_share)) & (score > profile.base_rate) & below.fillna(False).astype(bool)
    wanted[alike & ~people["silent"]] = UPGRADE
    wanted[alike & people["silent"]] = WIN_BACK
    above = people["above_average_at_age"].fillna(people["value_segment"].astype(str) == "above_average").astype(bool)
    wanted[above & ~people["silent"]] = THANK
    return wanted


def _why_left_out(
    people: pd.DataFrame, wanted: pd.Series, aside: Mapping[str, Collection[str]], burn_in_end: int | None
) -> pd.Series:
    """The first reason that keeps a customer off every list; missing for those listed or never wanted.

    People who are too new, or who may be older than the file, cannot be judged at all, so these reasons count all of
    them. The other reasons count only those who would have been listed.
    """
    never = pd.Series(False, index=people.index)
    would, offered = wanted.notna(), wanted.isin([UPGRADE, WIN_BACK])
    old = never if burn_in_end is None else people["first_day"] < burn_in_end
    reasons: dict[str, pd.Series] = {
        "first order less than 30 days ago": people["age"] < YOUNG,
        "may have been a customer before the file begins": old & ~would,
        "no marketing consent": would & people["accepts_marketing"].eq(False).fillna(False).astype(bool),
        "refunded everything": would & (people["order_days"] == 0),
        "has spent as much as those like them who became high-value": offered & (people["gap"] <= 0),
        "steady rhythm and basket: at their need or budget": offered & _saturated(people),
    }
    for reason, ids in aside.items():
        reasons[reason] = would & people.index.isin(list(ids))
    why = pd.Series(None, index=people.index, dtype=object)
    for reason, holds in reasons.items():
        why[why.isna() & holds] = reason
    return why


def _saturated(people: pd.DataFrame) -> pd.Series:
    steady = (people["gap_cv"] < STEADY_RHYTHM) & (people["value_cv"] < STEADY_BASKET)
    return steady & (people["order_days"] >= STEADY_ORDER_DAYS)


def _table(listed: pd.DataFrame, profile: LookAlikes, words: Wording) -> pd.DataFrame:
    """The listed customers with their reasons, best first: by score, or by revenue for those to thank."""
    thanked = listed["list"] == THANK
    offered = listed.index[~thanked]
    strongest = look_alike_reasons(offered, profile.values, profile.contrasts, profile.base_rate, words=words)
    then = [facts(listed[~thanked], words, thank=False), facts(listed[thanked], words, thank=True)]
    said = three_each(listed.index, strongest, pd.concat(then, ignore_index=True))
    rank = listed["list"].map({UPGRADE: 0, WIN_BACK: 1, THANK: 2}).astype(int)
    best = listed["look_alike_score"].where(~thanked, listed["revenue"])
    sorted_ids = pd.DataFrame({"rank": rank, "best": -best}).sort_values(["rank", "best"], kind="stable").index
    full = listed.join(said).loc[sorted_ids]
    full["gap"] = full["gap"].where(full["list"] != THANK)
    return full.reindex(columns=columns.names(columns.TARGETS)).reset_index(drop=True)


def _findings(table: pd.DataFrame, profile: LookAlikes, next_year: NextYear, words: Wording) -> tuple[str, ...]:
    """What the owner has to know about the lists."""
    said = []
    if not profile.usable:
        said.append(f"There is no list for an upgrade or for winning back. {profile.reason or ''}".strip())
    if next_year.probability is None and next_year.reason:
        said.append(next_year.reason)
    unknown = int(table["accepts_marketing"].isna().sum())
    if unknown:
        said.append(
            f"For {words.count(unknown, of=Of('listed', group='consent unknown'))} of the "
            f"{words.count(len(table), of=Of('listed'))} listed customers the file does not say whether they may be "
            "written to."
        )
    return tuple(said)
