"""First orders -> what was known of each customer then, as numbers and texts, and what was not used and why.

Nothing here sees the outcome, so nothing can leak from it. The one check that does (for a column too good to be true)
is in `learning`.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

ATTRIBUTE = "attribute: "
OTHER, NOT_GIVEN = "(other)", "(not given)"
FREQUENT_SHARE, FREQUENT_LEAST, MOST_VALUES = 0.01, 15, 30
NEARLY_ALL = 0.9  # of the customers share one value
FEWEST_KNOWN = 20
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_OUTCOMES = {  # why, and the words in a heading that give it away, without accents
    "it counts what the customer spent": r"""
        \bspen[td]\b | \bspendings?\b | \brevenue\b | \bsales\b | \bturnover\b | \bamount\b | \bmonetary\b |
        \blifetime\b | \bltv\b | \bc?ltv\b | \bclv\b | \baov\b | average\ (order|basket) | customer\ value |
        kundenwert | umsatz | ausgegeben | ausgaben | bestellwert | \bbetrag\b | \bdepens | chiffre\ d\
        affaires | \bca\ total\b | panier\ moyen | \bmontant\b | \bgast(o|os|ado)\b | \bingresos\b |
        \bspes[oa]\b | fatturato | besteed | \bomzet\b | faturamento | \breceita\b | \bwydano\b | \bwydatki\b
        """,
    "it counts orders": r"""
        \borders?\b(?!\ (source|channel)) | \bpurchases?\b | \btransactions?\b | \bfrequency\b | \bvisits?\b
        | \bitems\ bought\b | bestellung | bestellingen | \b(ein)?kaufe\b | \bauftrage\b | \bhaufigkeit\b |
        \bcommandes?\b | \bachats?\b | \bpedidos?\b | \bcompras?\b | \bordini\b | \bacquisti\b | \bzamowien
        """,
    "it is a tier, segment or score that grows with buying": r"""
        \btiers?\b | \bvip\b | loyalty | \btreue | \bfidelite\b | \bfidelidad\b | \bfedelta\b | \bsegment |
        \brfm\b | \bpoints?\b | \bpunkte | \bpuntos\b | \bpunti\b | \bpunten\b | \bpontos\b | \bpunkty\b |
        \brewards?\b | ^((customer|member|membership|kunden)\ ?)?(level|status|score|rank|group)$ |
        kundengruppe | kundenstatus | \bstufe\b | \bcashback\b | store\ credit | \bchurn
        """,
    "tags and notes are added later": r"""
        \btags?\b | \betiquetas?\b | \betiquettes?\b | \betichett | schlagwort | \blabels?\b | \bnotes?\b
        """,
    "it is known only later": r"""
        \blast\b(?!\ name) | \blatest\b | \bmost\ recent\b | \brecency\b | \bdays\ since\b | \bupdated\b |
        \bletzte | \bzuletzt\b | \bderni | \bultim[oa]s?\b | \blaatste\b | \bostatni | \bseen\b |
        \b(in)?active\b | \brefund | \breturns?\b | \bretouren?\b
        """,
}


@dataclass(frozen=True)
class Features:
    """What was known at the start: one row per customer (floats and texts); and what is left out, and why."""

    known: pd.DataFrame
    not_used: pd.DataFrame


def outcome_reason(heading: str) -> str | None:
    """Why a column of this name looks like a result of buying rather than something known beforehand."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).lower()
    words = re.sub(r"[^a-z0-9]+", " ", apart).strip()
    return next((why for why, pattern in _OUTCOMES.items() if re.search(pattern, words, re.VERBOSE)), None)


def suspicious_columns(attributes: pd.DataFrame) -> pd.DataFrame:
    """The columns of a customer-attributes file that look like results of buying.

    Returns a frame `column`, `why`. It understands names in English, German, French, Spanish, Italian, Dutch,
    Portuguese and Polish.
    """
    found = [(str(c), outcome_reason(str(c).removeprefix(ATTRIBUTE))) for c in attributes]
    return pd.DataFrame([(c, why) for c, why in found if why], columns=["column", "why"])


def features(
    first_orders: pd.DataFrame,
    learners: pd.Series,
    *,
    attributes: tuple[str, ...] = (),
    window: pd.DataFrame | None = None,
) -> Features:
    """What was known of each customer at the first order; with `window`, also in the days right after it.

    Parameters
    ----------
    first_orders
        one row per customer
    learners
        boolean by customer_id: a text column's frequent values are counted among these customers
    attributes
        headings of confirmed attributes, with or without the prefix they have in `first_orders`
    window
        `window_spend` and `window_orders` by customer_id, if more than the first order counts as known
    """
    known = first_orders.set_index("customer_id")
    among = learners.reindex(known.index, fill_value=False).to_numpy(bool)
    columns: dict[str, pd.Series] = {}
    dropped: list[tuple[str, str]] = []
    if window is not None:
        known = known.join(window)
    headings = [h if h.startswith(ATTRIBUTE) else ATTRIBUTE + h for h in attributes]
    for name, raw in {**_own(known), **_typed(known, headings, dropped)}.items():
        column = raw if pd.api.types.is_float_dtype(raw) else frequent(raw, among)
        why = _useless(column[among])
        if why is None:
            columns[name] = column
        elif raw.notna().any() or name in known:
            dropped.append((name, why))
    return Features(pd.DataFrame(columns, index=known.index), pd.DataFrame(dropped, columns=["column", "why"]))


def _own(known: pd.DataFrame) -> dict[str, pd.Series]:
    """The shop's own columns of the first order: numbers as floats, texts as texts, which may be missing."""
    own: dict[str, pd.Series] = {}
    for name in ("value", "quantity", "lines", "window_spend", "window_orders"):
        if name in known:
            own[name] = known[name].astype("float64")
    if "discount" in known and "value" in known and known["discount"].notna().any():
        taken = known["discount"].astype("float64").clip(lower=0)
        full = taken + known["value"].astype("float64").clip(lower=0)
        own["discount_share"] = (taken / full.where(full > 0)).fillna(0.0)
        own["discounted"] = (taken > 0).map({True: "yes", False: "no"}).astype(object)
    for name in ("product", "category", "country", "region", "city", "channel"):
        if name in known:
            own[name] = known[name]
    if "accepts_marketing" in known:
        own["accepts_marketing"] = _yes_no(known["accepts_marketing"])
    for name, words, first in (("month", MONTHS, 1), ("weekday", WEEKDAYS, 0)):
        if name in known:
            own[name] = known[name].map({i + first: word for i, word in enumerate(words)}).astype(object)
    return own


def _yes_no(column: pd.Series) -> pd.Series:
    return column.astype(object).map(lambda v: None if pd.isna(v) else "yes" if v else "no").astype(object)


def _typed(known: pd.DataFrame, headings: list[str], dropped: list[tuple[str, str]]) -> dict[str, pd.Series]:
    """Confirmed attributes, typed by what they hold. Those that cannot be used are added to `dropped`."""
    typed: dict[str, pd.Series] = {}
    for heading in headings:
        why = outcome_reason(heading.removeprefix(ATTRIBUTE))
        if why is not None:
            dropped.append((heading, why))
        elif heading in known:
            column = typed_by_content(known[heading])
            if column is None:
                dropped.append((heading, "it holds dates"))
            else:
                typed[heading] = column
    return typed


def typed_by_content(column: pd.Series) -> pd.Series | None:
    """A file's column as floats or texts (yes/no values become "yes" and "no"); None if it holds dates."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return None
    if pd.api.types.is_bool_dtype(column):
        return _yes_no(column)
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64")
    text = column.astype(object).map(lambda v: None if pd.isna(v) or not str(v).strip() else str(v).strip())
    given = text.dropna()
    if len(given) and given.str.match(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?$").mean() > 0.9:
        return None
    numbers = pd.to_numeric(given, errors="coerce")
    if len(given) and numbers.notna().mean() > 0.95:
        return numbers.reindex(column.index).astype("float64")
    words = {"true": "yes", "y": "yes", "yes": "yes", "ja": "yes", "oui": "yes", "si": "yes",
             "false": "no", "n": "no", "no": "no", "nein": "no", "non": "no"}  # fmt: skip
    if len(given) and given.str.lower().isin(list(words)).all():
        return text.map(lambda v: None if v is None or pd.isna(v) else words[v.lower()]).astype(object)
    return text.astype(object)


def frequent(column: pd.Series, among: np.ndarray) -> pd.Series:
    """A text column as a category, with its rare values merged into "(other)" and its blanks named "(not given)"."""
    counts = column[among].value_counts()
    least = max(FREQUENT_LEAST, FREQUENT_SHARE * among.sum())
    kept = set(counts[counts >= least].index[:MOST_VALUES])
    values = pd.Index(sorted(kept | {OTHER, NOT_GIVEN}), dtype=object)
    codes, found = pd.factorize(column)  # a blank is -1
    other, not_given = values.get_indexer(pd.Index([OTHER, NOT_GIVEN], dtype=object))
    place = values.get_indexer(pd.Index(found, dtype=object))
    named = np.append(np.where(place < 0, other, place), not_given)
    coded = pd.Categorical.from_codes(named[codes], categories=values).remove_unused_categories()
    return pd.Series(coded, index=column.index, name=column.name)


def _useless(column: pd.Series) -> str | None:
    """Why a column can tell us nothing about the customers we learn from; None if it can."""
    if pd.api.types.is_float_dtype(column):
        if column.notna().sum() < min(FEWEST_KNOWN, len(column)):
            return "it is empty" if column.isna().all() else "too few customers have it"
        return "it is the same for everybody" if column.nunique() < 2 else None
    counts = column.astype(object).value_counts()
    if counts.get(NOT_GIVEN, 0) == len(column):
        return "it is empty"
    if counts.get(OTHER, 0) == len(column):
        return "none of its values has enough customers"
    if (counts >= min(FREQUENT_LEAST, len(column))).sum() > 1:
        return None
    if counts.max() > NEARLY_ALL * len(column):
        return "it is the same for nearly everybody"
    return "too few of its values have enough customers"


def model_input(values: pd.DataFrame) -> pd.DataFrame:
    """The same with amounts on a log scale, which turns ratios into distances. Signs stay."""
    logged = {
        str(c): np.sign(values[c]) * np.log1p(values[c].abs())
        for c in values
        if pd.api.types.is_float_dtype(values[c]) and c != "discount_share"
    }
    return values.assign(**logged)
