"""An analysis -> what the profile page says: what the best customers have in common, and how well we know it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from clvapp.analysis import Analysis
from clvapp.profile.learning import Profile
from clvapp.profile.patterns import label
from clvapp.story.figure import TENTH, Figure, between, rows_of
from clvapp.wording import GIVEN, Of, Wording

MOST_CONTRASTS, MOST_OF_A_TOPIC = 8, 2
SIDES = ("high", "others")


def answer(analysis: Analysis, words: Wording) -> str:
    """The page's answer: what do my best customers have in common?"""
    found = analysis.profile
    if not found.usable or found.roc_auc_interval is None:
        return no_profile_sentence(
            words, reason=found.reason, customers=found.customers_learned_from, tested=found.roc_auc is not None
        )
    beyond = contrasts(analysis)
    best = beyond[beyond["lift"] > 1].head(1)
    if best.empty:
        lift = words.times(found.top_decile_lift, of=_lift(found))
        return f"The profile finds them better than chance: the top tenth holds {lift} as many."
    row = best.iloc[0]
    return profile_sentence(
        words, start=_start(str(row["words"])), sign=str(row["words"]), share_high=float(row["hit_rate"]),
        share_others=float(row["hit_rate_others"]),
        top_decile_lift=float(found.top_decile_lift or 1), tested=found.customers_tested,
        customers=int(row["rate_customers"]),
    )  # fmt: skip


def _lift(found: Profile) -> Of:
    return Of("top_decile_lift", found.customers_tested)


def _start(sentence: str) -> str:
    """Turn "First order held 'X'" into the words that complete "Customers who ..."."""
    if sentence.startswith("First order "):
        return f"had a first order that {sentence.removeprefix('First order ')}"
    return f"fit this: {sentence}"


def figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """How good the profile is, measured on later customers."""
    found = analysis.profile
    if found.roc_auc is None or found.roc_auc_interval is None:
        return []
    low, high = found.roc_auc_interval
    newest = words.count(found.customers_tested, "newest customer", of=Of("tested"))
    auc = Of("roc_auc", found.customers_tested)
    tested = f"Measured on the {newest}, with a model that saw only earlier ones."
    return [
        Figure(
            "Became high-value", words.of_100(found.base_rate, of=Of("base_rate", found.customers_learned_from)),
            f"Spent more than {_threshold(found, words)} in the "
            f"{words.count(found.horizon_days, 'day', of=GIVEN)} after the day of their first order, the average of "
            f"{_learned_from(found, words)}.",
        ),
        Figure(
            "In the top tenth", words.times(found.top_decile_lift, of=_lift(found)),
            f"As many future high-value customers as chance would put there. {tested}",
        ),
        Figure(
            "Told apart", words.of_100(found.roc_auc, of=auc),
            "Of 100 pairs of a future high-value customer and another, so many are put in the right order; chance is "
            f"50 ({between(low, high, words, auc)}). {tested}",
        ),
    ]  # fmt: skip


def contrasts(analysis: Analysis) -> pd.DataFrame:
    """For the picture: the strongest differences between those who became high-value and the others."""
    frame = analysis.profile.contrasts
    if not analysis.profile.usable or frame.empty:
        return frame.head(0).assign(label="")
    frame = frame[frame["beyond_chance"] & frame["named"]]
    frame = frame[~frame.duplicated(["topic", "share_high", "share_others"])]  # the same people in other words
    told = frame[frame.groupby("topic").cumcount() < MOST_OF_A_TOPIC]
    said = told["words"].str.removeprefix("First order ")
    return told.assign(label=said.str[:1].str.upper() + said.str[1:]).drop_duplicates("label").head(MOST_CONTRASTS)


def contrasts_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the picture."""
    frame = contrasts(analysis)
    if frame.empty:
        return "Nothing differs"
    row = frame.iloc[0]
    high, others = (
        words.share(row[f"share_{side}"], of=Of(f"share_of_{side}", group=str(row["words"]))) for side in SIDES
    )
    return f"{row['words']}: {high} of high-value customers, {others} of others"


def rules(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """The profile's rules with their hit rates, as shown."""
    rows = rows_of(analysis.profile.rules)
    return pd.DataFrame(
        {
            "Customers whose ...": [row.rule for row in rows],
            "Became high-value": [_rate(row, words) for row in rows],
            "Customers": [words.count(row.customers, of=Of("counted", group=row.rule)) for row in rows],
            "Times the average": [
                words.number(row.lift, 1, of=Of("lift", row.customers, group=row.rule)) for row in rows
            ],
        }
    )


def _rate(row: Any, words: Wording) -> str:
    """A rule's hit rate with its interval."""
    of = Of("hit_rate", row.customers, group=row.rule)
    return f"{words.share(row.hit_rate, of=of)} ({between(row.low, row.high, words, of)})"


def rules_counted(analysis: Analysis, words: Wording) -> str:
    """Who the rules' shares count: not those who shaped the rules. The picture counts everybody."""
    people = words.count(int(analysis.profile.rules["customers"].sum()), "customer", of=Of("counted"))
    return f"Counted on {people} who had no part in shaping the rules; the picture's shares are of everybody."


def not_used(analysis: Analysis) -> pd.DataFrame:
    """What the profile left aside, and why. Columns missing from the export altogether are not listed."""
    frame = analysis.profile.not_used
    frame = frame[frame["why"] != "it is empty"]
    return pd.DataFrame({"Column": frame["column"].map(label), "Why": frame["why"]})


def behaviour(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """How customers above and below the average differ after the first order, as shown."""
    write: dict[str, Callable[..., str]] = {
        "money": words.money,
        "share": words.share,
        "orders": partial(words.number, digits=1),
        "days": words.number,
    }
    frame = analysis.behaviour

    def written(side: str) -> list[str]:
        return [
            write[row.unit](
                getattr(row, side), of=Of(row.measure, getattr(row, f"customers_{side}"), group=f"{side} average")
            )
            for row in rows_of(frame)
        ]

    return pd.DataFrame(
        {
            "After the first order": frame["measure"],
            "Above average": written("above"),
            "Below average": written("below"),
            "Customers": [words.number(row.customers, of=Of("told_of", group=row.measure)) for row in rows_of(frame)],
        }
    )


def gain_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the gain curve."""
    curve = analysis.profile.gain.set_index("share_contacted")["share_found"]
    reached = float(curve.get(TENTH, float("nan")))
    found = words.share(reached, of=Of("share_found", group=f"first {TENTH}"))
    return f"The first {words.share(TENTH, of=GIVEN)} by score hold {found} of later high-value customers"


def computed(analysis: Analysis, words: Wording) -> list[str]:
    """How the profile is learned and tested, and what it cannot know."""
    found = analysis.profile
    return [
        f"High-value means: {_high_value(found, words)} The first order itself is not in that sum.",
        (
            "Only what was known on the day of the first order is used to tell them apart. Anything that buying "
            "produces, such as order counts, tiers or a last-seen date, is set aside and named."
        ),
        _how_tested(found, words),
        (
            "What it cannot know: why. A first order that looks like those of your best is a likeness, not a cause, "
            "and says nothing about who answers an offer."
        ),
    ]


def _high_value(found: Profile, words: Wording) -> str:
    """What makes a customer high-value, in words that complete "High-value means:"."""
    until = f"from the day after the first order to day {words.count(found.horizon_days, of=GIVEN)} after it"
    if not found.customers_learned_from:
        return f"spent more than the average {until}; nobody has been a customer that long yet."
    return (
        f"spent more than {_threshold(found, words)} {until}, the average of {_learned_from(found, words)} who have "
        "been customers that long."
    )


def _threshold(found: Profile, words: Wording) -> str:
    return words.money(found.threshold, of=Of("high_value_threshold", found.customers_learned_from))


def _learned_from(found: Profile, words: Wording) -> str:
    return words.count(found.customers_learned_from, "customer", of=Of("learned_from"))


def _how_tested(found: Profile, words: Wording) -> str:
    """Who the profile was tested on, or why it was not tested."""
    if found.roc_auc is None:
        return (
            "It would be tested on the newest quarter of these customers, by a model that saw only earlier ones. Here "
            "none could be fitted."
        )
    newest = words.count(found.customers_tested, "newest customer", of=Of("tested"))
    return (
        f"It is tested on the {newest}, by a model that saw only earlier ones; every customer's score comes from a "
        f"model that did not see that customer ({found.model})."
    )


def profile_sentence(
    words: Wording, *, start: str, share_high: float, share_others: float, top_decile_lift: float, sign: str = "",
    tested: int | None = None, customers: int | None = None,
) -> str:  # fmt: skip
    """What high-value customers have in common. `start` completes "Customers who ..."; `sign` is its name elsewhere.

    `customers` are those whose share is said, `tested` those on whom the profile was.
    """
    often = ""
    if share_others > 0 and share_high > share_others:
        times = words.times(share_high / share_others, of=Of("hit_rate_times", group=sign))
        often = f" {times} as often"
    rate = words.of_100(share_high, of=Of("hit_rate", customers, group=sign))
    others = words.number(share_others * 100, of=Of("hit_rate_others in %", group=sign))
    return (
        f"Customers who {start} become high-value{often} ({rate} against {others}). The profile finds them better than "
        f"chance: the top tenth holds {words.times(top_decile_lift, of=Of('top_decile_lift', tested))} as many."
    )


def no_profile_sentence(
    words: Wording, *, reason: str | None = None, customers: int | None = None, tested: bool = True
) -> str:
    """What to say when the profile is not usable. `reason` is the profile's own sentence.

    If it could not be `tested`, the sentence claims nothing about what tells customers apart.
    """
    if not tested:
        unknown = "The file cannot tell yet what your high-value customers have in common."
        return f"{unknown} {reason}" if reason else unknown
    looked = f" ({words.count(customers, 'customer', of=Of('learned_from'))} looked at)" if customers else ""
    why = f" {reason}" if reason else ""
    return f"Nothing known early tells your high-value customers from the others{looked}.{why}"
