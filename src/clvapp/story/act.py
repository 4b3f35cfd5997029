"""What the pages say of who becomes high-value, and of whom to write to."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd

from clvapp import columns, wording
from clvapp.analysis import Analysis
from clvapp.once import once
from clvapp.profile.patterns import label
from clvapp.story.figure import TENTH, Figure
from clvapp.wording import Wording

# Of a list: who, how alike, how far, and why.
TARGET_COLUMNS = (
    columns.CUSTOMER_ID, columns.EMAIL, columns.NAME, columns.LOOK_ALIKE_SCORE, columns.NEXT_YEAR_PROBABILITY,
    columns.GAP, *columns.REASONS, columns.ACCEPTS_MARKETING, columns.COUNTRY, columns.FIRST_ORDER, columns.LAST_ORDER,
    columns.ORDER_COUNT, columns.REVENUE,
)  # fmt: skip
MOST_CONTRASTS, MOST_OF_A_TOPIC = 8, 2
LISTS = {"upgrade": "Offer an upgrade", "win_back": "Win back first", "thank": "Thank"}
LIST_MEANING = {
    "upgrade": "Active, below the average for their age, and started like your best.",
    "win_back": "Started like your best too, but silent for longer than nine in ten gaps: an upgrade is too early.",
    "thank": "Above the average for their age and active. No offer: a thank-you, early access, a question.",
}


def profile(analysis: Analysis, words: Wording) -> str:
    """What do my best customers have in common?"""
    found = analysis.profile
    if not found.usable or found.roc_auc_interval is None:
        return wording.no_profile_sentence(
            words, reason=found.reason, customers=found.customers_learned_from, tested=found.roc_auc is not None
        )
    beyond = contrasts(analysis)
    best = beyond[beyond["lift"] > 1].head(1)
    if best.empty:
        lift = words.times(found.top_decile_lift)
        return f"The profile finds them better than chance: the top tenth holds {lift} as many."
    row = best.iloc[0]
    others = (found.base_rate * found.customers_learned_from - row["high"]) / max(
        1, found.customers_learned_from - row["customers"]
    )
    return wording.profile_sentence(
        words, start=_start(str(row["words"])), share_high=float(row["hit_rate"]), share_others=float(others),
        top_decile_lift=float(found.top_decile_lift or 1),
    )  # fmt: skip


def _start(sentence: str) -> str:
    """ "First order held 'X'" as what completes "Customers who ..."."""
    if sentence.startswith("First order "):
        return f"had a first order that {sentence.removeprefix('First order ')}"
    return f"fit this: {sentence}"


def profile_figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """How good the profile is, measured on later customers."""
    found = analysis.profile
    if found.roc_auc is None or found.roc_auc_interval is None:
        return []
    low, high = found.roc_auc_interval
    newest = words.count(found.customers_tested, "newest customer")
    tested = f"Measured on the {newest}, with a model that saw only earlier ones."
    return [
        Figure(
            "Became high-value", words.of_100(found.base_rate),
            f"Spent more than {words.money(found.threshold)} in the {words.count(found.horizon_days, 'day')} after "
            f"the day of their first order, the average of {words.count(found.customers_learned_from, 'customer')}.",
        ),
        Figure(
            "In the top tenth", words.times(found.top_decile_lift),
            f"As many future high-value customers as chance would put there. {tested}",
        ),
        Figure(
            "Told apart", words.of_100(found.roc_auc),
            "Of 100 pairs of a future high-value customer and another, so many are put in the right order; chance is "
            f"50 ({words.number(low * 100)}–{words.number(high * 100)}). {tested}",
        ),
    ]  # fmt: skip


def contrasts(analysis: Analysis) -> pd.DataFrame:
    """The strongest differences between those who became high-value and the others, for the picture."""
    frame = analysis.profile.contrasts
    if not analysis.profile.usable or frame.empty:
        return frame.head(0).assign(label="")
    frame = frame[frame["beyond_chance"] & frame["named"]]
    told = frame[frame.groupby("topic").cumcount() < MOST_OF_A_TOPIC]
    said = told["words"].str.removeprefix("First order ")
    return told.assign(label=said.str[:1].str.upper() + said.str[1:]).drop_duplicates("label").head(MOST_CONTRASTS)


def contrasts_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the picture."""
    frame = contrasts(analysis)
    if frame.empty:
        return "Nothing differs"
    row = frame.iloc[0]
    return (
        f"{row['words']}: {words.share(row['share_high'])} of high-value customers, "
        f"{words.share(row['share_others'])} of others"
    )


def rules(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """The profile's rules with their hit rates, as shown."""
    frame = analysis.profile.rules
    shares = zip(*(map(words.share, frame[column]) for column in ("hit_rate", "low", "high")), strict=True)
    rates = [f"{rate} ({low}–{high})" for rate, low, high in shares]
    return pd.DataFrame(
        {
            "Customers whose ...": frame["rule"],
            "Became high-value": rates,
            "Customers": frame["customers"],
            "Times the average": frame["lift"].round(1),
        }
    )


def rules_counted(analysis: Analysis, words: Wording) -> str:
    """Who the rules' shares were counted on: not those who shaped them, so they differ a little from the picture's."""
    people = words.count(int(analysis.profile.rules["customers"].sum()), "customer")
    return f"Counted on {people} who had no part in shaping the rules; the shares above are of all."


def not_used(analysis: Analysis) -> pd.DataFrame:
    """What the profile left aside, and why; columns that the export does not have at all go without saying."""
    frame = analysis.profile.not_used
    frame = frame[frame["why"] != "it is empty"]
    return pd.DataFrame({"Column": frame["column"].map(label), "Why": frame["why"]})


def behaviour(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """How those above and below the average differ after the first order, as shown."""
    write: dict[str, Callable[[float], str]] = {
        "money": words.money,
        "share": words.share,
        "orders": partial(words.number, digits=1),
        "days": words.number,
    }
    frame = analysis.behaviour

    def written(side: str) -> list[str]:
        return [write[unit](value) for unit, value in zip(frame["unit"], frame[side], strict=True)]

    return pd.DataFrame(
        {
            "After the first order": frame["measure"],
            "Above average": written("above"),
            "Below average": written("below"),
            "Customers": [words.number(count) for count in frame["customers"]],
        }
    )


def gain_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the gain curve."""
    curve = analysis.profile.gain.set_index("share_contacted")["share_found"]
    reached = float(curve.get(TENTH, float("nan")))
    return f"The first {words.share(TENTH)} by score hold {words.share(reached)} of later high-value customers"


def profile_computed(analysis: Analysis, words: Wording) -> list[str]:
    """How the profile is learned and tested, and what it cannot know."""
    found = analysis.profile
    return [
        (
            f"High-value means: spent more than {words.money(found.threshold)} from the day after the first order to "
            f"day {words.count(found.horizon_days)}, the average of "
            f"{words.count(found.customers_learned_from, 'customer')} who have been customers that long. The first "
            "order itself is not in that sum."
        ),
        (
            "Only what was known on the day of the first order is used to tell them apart. Anything that buying "
            "produces, such as order counts, tiers or a last-seen date, is set aside and named."
        ),
        (
            f"It is tested on the {words.count(found.customers_tested, 'newest customer')}, by a model that saw only "
            "earlier ones; every customer's score comes from a model that did not see that customer "
            f"({found.model or 'no model'})."
        ),
        (
            "What it cannot know: why. A first order that looks like those of your best is a likeness, not a cause, "
            "and says nothing about who answers an offer."
        ),
    ]


@once
def targets(analysis: Analysis, words: Wording, *, listed: pd.DataFrame) -> str:
    """Who could be worth more, and why? `listed` are the people on the upgrade list after the page's filters."""
    found, counts = analysis.profile, analysis.targets.counts
    if not found.usable:
        no_profile = wording.no_profile_sentence(words, reason=found.reason, tested=found.roc_auc is not None)
        return (
            f"{no_profile} So there is nobody to offer an upgrade; {words.count(counts['thank'], 'customer')} deserve "
            "thanks."
        )
    alike = float(listed["look_alike_score"].mean()) if len(listed) else 0.0
    if len(listed) < counts["upgrade"]:
        return wording.filtered_sentence(
            words, targets=len(listed), of=counts["upgrade"], share_like_them=alike, share_all=found.base_rate
        )
    return wording.targets_sentence(
        words, targets=len(listed), share_like_them=alike, share_all=found.base_rate, win_back=counts["win_back"]
    )


@once
def target_figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """How many are on each list."""
    counts = analysis.targets.counts
    return [
        Figure(
            "Offer an upgrade", words.count(counts["upgrade"]),
            "Below the average for their age, active, and their first order looks like those of your best.",
        ),
        Figure("Win back first", words.count(counts["win_back"]), "The same, but silent for longer than most gaps."),
        Figure("Thank", words.count(counts["thank"]), "Above the average for their age, and active: a thank-you."),
        Figure(
            "Left out", words.count(analysis.targets.left_out["customers"].sum()),
            "People who would be listed, or cannot be judged yet; the reasons stand below.",
        ),
    ]  # fmt: skip


def chosen(
    table: pd.DataFrame, *, name: str, most: int | None = None, least_score: float = 0.0,
    countries: Sequence[str] = (), consent_known: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """The rows of one list after the page's filters; the download holds exactly these."""
    keep = table["list"] == name
    if least_score > 0:
        keep &= table["look_alike_score"].fillna(0) >= least_score
    if countries:
        keep &= table["country"].isin(list(countries))
    if consent_known:
        keep &= table["accepts_marketing"].eq(True).fillna(False).astype(bool)
    found = table[keep]
    return (found if most is None else found.head(most)).reset_index(drop=True)


@once
def lists(
    analysis: Analysis, *, most: int | None, least_score: float, countries: Sequence[str], consent_known: bool
) -> dict[str, pd.DataFrame]:
    """Each list after the page's filters; whoever is to be thanked needs no score."""
    return {
        name: chosen(
            analysis.targets.table, name=name, most=most, least_score=0.0 if name == "thank" else least_score,
            countries=countries, consent_known=consent_known,
        )
        for name in LISTS
    }  # fmt: skip


def first_filled(lists: Mapping[str, pd.DataFrame]) -> str:
    """The words for the first list that has anybody on it."""
    return LISTS[next((name for name, listed in lists.items() if len(listed)), "upgrade")]


def picked(listed: pd.DataFrame, box: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """The rows of `listed` whose values lie in every range of `box`; all of them without one."""
    if not box:
        return listed
    keep = pd.Series(True, index=listed.index)
    for column, (low, high) in box.items():
        keep &= listed[column].between(low, high)
    return listed[keep].reset_index(drop=True)


@once
def targets_title(analysis: Analysis, listed: pd.DataFrame, words: Wording) -> str:
    """The finding of the picture of targets."""
    best = listed.iloc[0]
    return (
        f"The closest look-alike scores {words.of_100(float(best['look_alike_score']))}; the gap is what similar "
        "customers had spent more by the same age"
    )


@once
def targets_left_out(analysis: Analysis) -> pd.DataFrame:
    """One row a reason, as shown."""
    return analysis.targets.left_out.rename(columns={"reason": "Why", "customers": "Customers"})


def targets_computed(analysis: Analysis, words: Wording) -> list[str]:
    """How the lists are made, and what a score is not."""
    found = analysis.profile
    return [
        (
            "Value is compared at the same age: what a customer had paid by day 30, 90, 180, 365 and so on, against "
            "the average of all who reached that day. A plain average would call half of your best new customers "
            "below average."
        ),
        (
            "The look-alike score is of customers whose first order looked like this one's: so many in 100 became "
            f"high-value, where {words.of_100(found.base_rate)} of all did. It is not this customer's chance from "
            "here, nor the chance that they answer an offer. The list takes the best fifth of all scores above that "
            "average."
        ),
        (
            "The chance next year is of another model, of value, age and how long ago they last ordered: spending "
            "more than the average customer in the next 12 months."
        ),
        (
            "The gap is what customers like them who became valuable had spent by the same age, less their own "
            "spend. It is shown as it is, never multiplied or added up: it is not money to be earned."
        ),
    ]
