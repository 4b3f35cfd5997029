"""An analysis -> what its owner has set otherwise than usual, in words, for the pages on which it changes anything."""

from collections.abc import Callable
from dataclasses import dataclass

from clvapp.analysis import Analysis
from clvapp.clean.reasons import AFTER_LOOK_BACK
from clvapp.settings import USUAL
from clvapp.wording import GIVEN, Of, Wording, listed

_MOST_NAMED = 4


@dataclass(frozen=True)
class _Choice:
    """A setting of its owner's: the words for it, empty where it is as usual, and the pages that it changes."""

    words: Callable[[Analysis, Wording], str]
    pages: frozenset[str] | None = None  # None: all of them


def _look_back(of: Analysis, words: Wording) -> str:
    if of.settings.observation_end is None or of.end_day == of.last_day:
        return ""
    report = of.cleaned.report
    rows = int(report.loc[report["reason"] == AFTER_LOOK_BACK, "rows"].sum())
    later = words.count(rows, "later row", of=Of("rows_left_out", period="in the file", group=AFTER_LOOK_BACK))
    return f"looking back from {words.date(of.observation_end)}" + (f" ({later} left out)" if rows else "")


def _margin(of: Analysis, words: Wording) -> str:
    own = [name for name, share in of.settings.margins.items() if share != of.settings.margin]
    named = listed(own) if len(own) < _MOST_NAMED else f"{words.count(len(own), of=GIVEN)} of the kinds sold"
    said = [
        f"a margin of {words.share(of.settings.margin, of=GIVEN)}" if of.settings.margin != USUAL.margin else "",
        f"a margin of its own for {named}" if own else "",
    ]
    return listed([part for part in said if part])


def _threshold(of: Analysis, words: Wording) -> str:
    if of.settings.threshold == "median":
        return "above average means above the middle customer"
    if of.settings.threshold == "top":
        return f"above average means the top {words.share(of.settings.top_share, of=GIVEN)}"
    return ""


def _basis(of: Analysis, words: Wording) -> str:
    del words
    return "" if of.settings.basis == USUAL.basis else "value is what was paid so far and what is expected"


def _discount(of: Analysis, words: Wording) -> str:
    rate = of.settings.discount_rate
    return "" if rate == USUAL.discount_rate else f"a discount of {words.share(rate, of=GIVEN)} a year"


def _horizon(of: Analysis, words: Wording) -> str:
    days = of.settings.horizon_days
    return "" if days == USUAL.horizon_days else f"looking {words.horizon(days)} ahead"


def _money(of: Analysis, words: Wording) -> str:
    del words
    kept = [name for name, counts in (("shipping", of.settings.count_shipping), ("tax", of.settings.count_tax))
            if not counts]  # fmt: skip
    return f"revenue without {listed(kept)}" if kept else ""


def _pending(of: Analysis, words: Wording) -> str:
    del words
    return "orders that wait for their money count" if of.settings.count_pending else ""


def _people(of: Analysis, words: Wording) -> str:
    del words
    return "customers who share a name and postcode, or a telephone number, are one" if of.settings.join_people else ""


def _strays(of: Analysis, words: Wording) -> str:
    del words
    return "days that lie alone count like any other" if of.settings.strays != USUAL.strays else ""


def _opening(of: Analysis, words: Wording) -> str:
    del words
    said = of.settings.starts_at_opening
    return "" if said is None else f"the file {'starts' if said else 'does not start'} when the shop opened"


def _currency(of: Analysis, words: Wording) -> str:
    del words
    codes = of.cleaned.currencies["currency"]
    chosen = of.settings.currency
    other = bool(chosen) and len(codes) > 0 and str(chosen).upper() != str(codes.iloc[0]).upper()
    rates = f"{listed(sorted(of.settings.rates))} counted at a rate of yours" if of.settings.rates else ""
    return "; ".join(
        part for part in (f"orders in {of.cleaned.currency} only" if other and not rates else "", rates) if part
    )


_VALUE = frozenset({"value"})
_AHEAD = _VALUE | {"segments"}
CHOICES = (
    _Choice(_look_back),
    _Choice(_margin, _AHEAD | {"repeat", "overview"}),
    _Choice(_threshold, _VALUE),
    _Choice(_basis, _VALUE),
    _Choice(_discount, _AHEAD),
    _Choice(_horizon, _AHEAD | {"overview"}),
    _Choice(_money),
    _Choice(_pending),
    _Choice(_people),
    _Choice(_strays),
    _Choice(_opening),
    _Choice(_currency),
)


def sentence(analysis: Analysis, words: Wording, *, page: str) -> str:
    """What is set otherwise than usual and changes this page, in one line; empty where nothing is."""
    here = [choice for choice in CHOICES if choice.pages is None or page in choice.pages]
    said = [part for choice in here if (part := choice.words(analysis, words))]
    return f"Set by you: {'; '.join(said)}." if said else ""
