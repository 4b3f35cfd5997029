"""An analysis -> what the page on upsell targets says: whom to write to, why, and who was left out."""

from collections.abc import Mapping, Sequence

import pandas as pd

from clvapp import columns
from clvapp.analysis import Analysis
from clvapp.memo import once
from clvapp.story.figure import Figure
from clvapp.story.profile import no_profile_sentence
from clvapp.wording import Wording

# A list's columns: who, how alike, how far behind, and why.
COLUMNS = (
    columns.CUSTOMER_ID, columns.EMAIL, columns.NAME, columns.LOOK_ALIKE_SCORE, columns.NEXT_YEAR_PROBABILITY,
    columns.GAP, *columns.REASONS, columns.ACCEPTS_MARKETING, columns.COUNTRY, columns.FIRST_ORDER, columns.LAST_ORDER,
    columns.ORDER_COUNT, columns.REVENUE,
)  # fmt: skip


LISTS = {"upgrade": "Offer an upgrade", "win_back": "Win back first", "thank": "Thank"}


LIST_MEANING = {
    "upgrade": "Active, below the average for their age, and started like your best.",
    "win_back": "Started like your best too, but slipping or lapsed: an upgrade is too early.",
    "thank": "Above the average for their age and active. No offer: a thank-you, early access, a question.",
}


@once
def answer(analysis: Analysis, words: Wording, *, listed: pd.DataFrame) -> str:
    """The page's answer: who could be worth more, and why? `listed` is the upgrade list after the page's filters."""
    found, counts = analysis.profile, analysis.targets.counts
    if not found.usable:
        no_profile = no_profile_sentence(words, reason=found.reason, tested=found.roc_auc is not None)
        deserve = "deserves" if counts["thank"] == 1 else "deserve"
        return (
            f"{no_profile} So there is nobody to offer an upgrade; {words.count(counts['thank'], 'customer')} "
            f"{deserve} thanks."
        )
    alike = float(listed["look_alike_score"].mean()) if len(listed) else 0.0
    if len(listed) < counts["upgrade"]:
        return filtered_sentence(
            words, targets=len(listed), of=counts["upgrade"], share_like_them=alike, share_all=found.base_rate
        )
    return targets_sentence(
        words, targets=len(listed), share_like_them=alike, share_all=found.base_rate, win_back=counts["win_back"]
    )


@once
def figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """How many customers are on each list."""
    counts = analysis.targets.counts
    return [
        Figure(
            "Offer an upgrade", words.count(counts["upgrade"]),
            "Below the average for their age, active, and their first order looks like those of your best.",
        ),
        Figure("Win back first", words.count(counts["win_back"]), "The same, but slipping or lapsed."),
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
    """The rows of one list that pass the page's filters. The download holds exactly these."""
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
    """Each list after the page's filters. Customers to thank need no score."""
    return {
        name: chosen(
            analysis.targets.table, name=name, most=most, least_score=0.0 if name == "thank" else least_score,
            countries=countries, consent_known=consent_known,
        )
        for name in LISTS
    }  # fmt: skip


def first_filled(lists: Mapping[str, pd.DataFrame]) -> str:
    """The words for the first list that is not empty."""
    return LISTS[next((name for name, listed in lists.items() if len(listed)), "upgrade")]


def picked(listed: pd.DataFrame, box: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """The rows of `listed` that lie within every range of `box`; all of them without a box."""
    if not box:
        return listed
    keep = pd.Series(True, index=listed.index)
    for column, (low, high) in box.items():
        keep &= listed[column].between(low, high)
    return listed[keep].reset_index(drop=True)


@once
def title(analysis: Analysis, listed: pd.DataFrame, words: Wording) -> str:
    """The finding of the picture of targets."""
    best = listed.iloc[0]
    return (
        f"The closest look-alike scores {words.of_100(float(best['look_alike_score']))}; the gap is what similar "
        "customers had spent more by the same age"
    )


@once
def left_out(analysis: Analysis) -> pd.DataFrame:
    """How many customers were left out, by reason, as shown."""
    return analysis.targets.left_out.rename(columns={"reason": "Why", "customers": "Customers"})


def computed(analysis: Analysis, words: Wording) -> list[str]:
    """How the lists are made, and what a score is not."""
    found = analysis.profile
    of_all = f", where {words.of_100(found.base_rate)} of all did" if found.customers_learned_from else ""
    return [
        (
            "Value is compared at the same age: what a customer had paid by day 30, 90, 180, 365 and so on, against "
            "the average of all who reached that day. A plain average would call half of your best new customers "
            "below average."
        ),
        (
            "The look-alike score is of customers whose first order looked like this one's: so many in 100 became "
            f"high-value{of_all}. It is not this customer's chance from here, nor the chance that they answer an "
            "offer. The list takes the best fifth of all scores above that average."
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


def targets_sentence(
    words: Wording, *, targets: int, share_like_them: float, share_all: float, win_back: int = 0
) -> str:
    """Whom to offer an upgrade, and what the score is not.

    `share_like_them` is the share who became high-value among customers whose first orders looked like the targets';
    `share_all` is the share among everyone.
    """
    if not targets:
        return _nobody_active(words, win_back)
    one = targets == 1
    below = f"{words.count(targets, 'customer')} {'is' if one else 'are'} below the average for their age, "
    looks = "and the first order looks" if one else "and their first orders look"
    silent = f" Another {words.count(win_back)} like them went silent: win those back first." if win_back else ""
    return (
        f"{below}{looks} like those of your best: {words.number(share_like_them * 100)} in 100 such customers became "
        f"high-value, against {words.number(share_all * 100)} of all.{silent} What an offer earns, only a control "
        "group can tell."
    )


def _nobody_active(words: Wording, win_back: int) -> str:
    """What to say if there is nobody to offer an upgrade: they went silent, or nobody is like the best customers."""
    if not win_back:
        return "Nobody stands out this week: no customer below the average for their age started like your best."
    return (
        f"Nobody to offer an upgrade this week: {words.count(win_back, 'customer')} below the average for their age "
        f"started like your best, but went silent. Win {'them' if win_back > 1 else 'that one'} back first."
    )


def filtered_sentence(words: Wording, *, targets: int, of: int, share_like_them: float, share_all: float) -> str:
    """How many of the upgrade list pass the page's filters. Shares as in `targets_sentence`."""
    fit = "fits" if targets == 1 else "fit"
    left = f"{words.number(targets)} of the {words.count(of, 'customer')} to offer an upgrade {fit}"
    if not targets:
        return f"{left} the filters."
    return (
        f"{left} the filters: {words.number(share_like_them * 100)} in 100 such customers became high-value, against "
        f"{words.number(share_all * 100)} of all."
    )
