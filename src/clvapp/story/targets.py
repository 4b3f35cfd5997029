"""An analysis -> what the page on upsell targets says: whom to write to, why, and who was left out."""

from collections.abc import Mapping, Sequence

import pandas as pd

from clvapp import columns
from clvapp.analysis import Analysis
from clvapp.memo import once
from clvapp.story.figure import Figure
from clvapp.story.profile import no_profile_sentence
from clvapp.wording import GIVEN, Of, Wording

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
    "thank": "Above the average for their age, or of all where the file may not know it, and active. No offer: a "
    "thank-you, early access, a question.",
}


@once
def answer(analysis: Analysis, words: Wording, *, listed: pd.DataFrame) -> str:
    """The page's answer: who could be worth more, and why? `listed` is the upgrade list after the page's filters."""
    found, counts = analysis.profile, analysis.targets.counts
    if not found.usable:
        no_profile = no_profile_sentence(words, reason=found.reason, tested=found.roc_auc is not None)
        deserve = "deserves" if counts["thank"] == 1 else "deserve"
        return (
            f"{no_profile} So there is nobody to offer an upgrade; "
            f"{words.count(counts['thank'], 'customer', of=Of('thank'))} {deserve} thanks."
        )
    alike = float(listed["look_alike_score"].mean()) if len(listed) else 0.0
    if len(listed) < counts["upgrade"]:
        return filtered_sentence(
            words,
            targets=len(listed),
            of=counts["upgrade"],
            share_like_them=alike,
            share_all=found.base_rate,
            learned_from=found.customers_learned_from,
        )
    return targets_sentence(
        words,
        targets=len(listed),
        share_like_them=alike,
        share_all=found.base_rate,
        win_back=counts["win_back"],
        learned_from=found.customers_learned_from,
    )


@once
def figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """How many customers are on each list."""
    counts = analysis.targets.counts
    return [
        Figure(
            "Offer an upgrade", words.count(counts["upgrade"], of=Of("upgrade")),
            "Below the average for their age, active, and their first order looks like those of your best.",
        ),
        Figure(
            "Win back first", words.count(counts["win_back"], of=Of("win_back")),
            "The same, but slipping or lapsed.",
        ),
        Figure(
            "Thank", words.count(counts["thank"], of=Of("thank")),
            "Above the average for their age, or of all where the file may not know it, and active: a thank-you.",
        ),
        Figure(
            "Left out", words.count(analysis.targets.left_out["customers"].sum(), of=Of("targets_left_out")),
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
    score = words.of_100(float(listed.iloc[0]["look_alike_score"]), of=Of("look_alike_score", group="the closest"))
    return f"The closest look-alike scores {score}; the gap is what similar customers had spent more by the same age"


@once
def left_out(analysis: Analysis) -> pd.DataFrame:
    """How many customers were left out, by reason, as shown."""
    return analysis.targets.left_out.rename(columns={"reason": "Why", "customers": "Customers"})


def computed(analysis: Analysis, words: Wording) -> list[str]:
    """How the lists are made, and what a score is not."""
    found = analysis.profile
    base = words.of_100(found.base_rate, of=Of("base_rate", found.customers_learned_from))
    of_all = f", where {base} of all did" if found.customers_learned_from else ""
    best = words.share(analysis.targets.top_share, of=GIVEN)
    return [
        (
            "Value is compared at the same age: what a customer had paid by day 30, 90, 180, 365 and so on, against "
            "the average of all who reached that day. A plain average would call half of your best new customers "
            "below average."
        ),
        (
            "The look-alike score is of customers whose first order looked like this one's: so many in 100 became "
            f"high-value{of_all}. It is reckoned by the profile, from customers other than this one. It is not this "
            "customer's chance from here, nor the chance that they answer an offer. The list takes the best "
            f"{best} of all scores, above that average."
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
    words: Wording, *, targets: int, share_like_them: float, share_all: float, win_back: int = 0,
    learned_from: int | None = None,
) -> str:  # fmt: skip
    """Whom to offer an upgrade, and what the score is not.

    `share_like_them` is the mean score of the targets: the share that the profile reckons with among customers whose
    first orders look like theirs. `share_all` is the share among everyone it was learned from.
    """
    if not targets:
        return _nobody_active(words, win_back)
    one = targets == 1
    many = words.count(targets, "customer", of=Of("upgrade"))
    below = f"{many} {'is' if one else 'are'} below the average for their age, "
    looks = "and the first order looks" if one else "and their first orders look"
    another = words.count(win_back, of=Of("win_back"))
    silent = f" Another {another} like them went silent: win those back first." if win_back else ""
    alike = _alike(words, share_like_them, share_all, targets=targets, learned_from=learned_from)
    return (
        f"{below}{looks} like those of your best: {alike}{silent} What an offer earns, only a control group can tell."
    )


def _alike(words: Wording, share_like_them: float, share_all: float, *, targets: int, learned_from: int | None) -> str:
    """How many who start like that become high-value, by the profile, and how many of all did."""
    score = words.of_100(share_like_them, of=Of("look_alike_score", targets, group="upgrade"))
    every = words.of_100(share_all, of=Of("base_rate", learned_from))
    return f"of such customers the profile expects {score} to become high-value; of all, {every} did."


def _nobody_active(words: Wording, win_back: int) -> str:
    """What to say if there is nobody to offer an upgrade: they went silent, or nobody is like the best customers."""
    if not win_back:
        return "Nobody stands out this week: no customer below the average for their age started like your best."
    silent = words.count(win_back, "customer", of=Of("win_back"))
    return (
        f"Nobody to offer an upgrade this week: {silent} below the average for their age started like your best, but "
        f"went silent. Win {'them' if win_back > 1 else 'that one'} back first."
    )


def filtered_sentence(
    words: Wording, *, targets: int, of: int, share_like_them: float, share_all: float,
    learned_from: int | None = None,
) -> str:  # fmt: skip
    """How many of the upgrade list pass the page's filters. Shares as in `targets_sentence`."""
    fit = "fits" if targets == 1 else "fit"
    some = words.number(targets, of=Of("upgrade", group="after the filters"))
    left = f"{some} of the {words.count(of, 'customer', of=Of('upgrade'))} to offer an upgrade {fit}"
    if not targets:
        return f"{left} the filters."
    return (
        f"{left} the filters: {_alike(words, share_like_them, share_all, targets=targets, learned_from=learned_from)}"
    )
