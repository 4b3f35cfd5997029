"""Features and who became high-value -> contrasts and rules, in a shop owner's words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clvapp.classifier import MOST_ROWS
from clvapp.profile.bands import Bands, bands
from clvapp.profile.features import ATTRIBUTE, NOT_GIVEN, OTHER
from clvapp.stats import Bools, Floats, Integers, wilson
from clvapp.wording import Wording

Chances = Callable[[pd.Index], pd.Series]  # who to learn from -> everybody's chance, by customer_id
FALSE_SHARE = 0.05
LEAST_IN_LEAF, LEAST_SHARE_IN_LEAF, DEPTH, MOST_RULES = 40, 0.05, 3, 7

_TOPICS = {  # features that say the same thing in other words
    "product": "what", "category": "what", "country": "where", "region": "where", "city": "where",
    "discount_share": "discount", "discounted": "discount",
}  # fmt: skip
_LABELS = {
    "value": "Value of the first order", "quantity": "Pieces in the first order",
    "lines": "Different products in the first order", "discount_share": "Discount on the first order",
    "discounted": "First order at a discount", "product": "First product", "category": "First category",
    "country": "Country", "region": "Region", "city": "City", "channel": "Channel",
    "accepts_marketing": "Said yes to marketing", "month": "Month of the first order",
    "weekday": "Weekday of the first order", "window_spend": "Spent soon after",
    "window_orders": "Orders soon after",
}  # fmt: skip
_IS = {
    "value": ("first order came to {}",), "quantity": ("first order held {} pieces",),
    "lines": ("first order held {} different products",), "discount_share": ("first order had {} discount",),
    "product": ("first order held '{}'", "first order did not hold '{}'"),
    "category": ("first order was from '{}'", "first order was not from '{}'"),
    "country": ("first order went to {}", "first order did not go to {}"),
    "region": ("first order went to {}", "first order did not go to {}"),
    "city": ("first order went to {}", "first order did not go to {}"),
    "channel": ("first order came through '{}'", "first order did not come through '{}'"),
    "month": ("first order was in {}", "first order was not in {}"),
    "weekday": ("first order was on a {}", "first order was not on a {}"),
    "window_spend": ("spent {} soon after the first order",), "window_orders": ("{} more orders soon after",),
}  # fmt: skip
_YES_NO = {
    "discounted": {"yes": "first order was at a discount", "no": "first order was at full price"},
    "accepts_marketing": {"yes": "said yes to marketing", "no": "did not say yes to marketing"},
}


def label(feature: str) -> str:
    """A feature's name as people read it."""
    return _LABELS.get(feature, feature.removeprefix(ATTRIBUTE))


def phrase(feature: str, value: str, *, holds: bool = True) -> str:
    """A feature's value as part of a sentence; with `holds` false, that it does not have this value."""
    if feature in _YES_NO and value in ("yes", "no"):
        return _YES_NO[feature][value if holds else {"yes": "no", "no": "yes"}[value]]
    if value in (OTHER, NOT_GIVEN):
        what = "one of the rarer values" if value == OTHER else "not given"
        return f"{label(feature)} is {'' if holds else 'not '}{what}".replace("not not given", "given")
    if feature in _IS:
        said = _IS[feature][0 if holds else 1].format(value)
        return said.removesuffix("s") if value == "1" else said
    return f"{label(feature)} is {'' if holds else 'not '}{value}" if holds or value else label(feature)


def sentence(fragments: list[str]) -> str:
    """Join `fragments` and capitalise the first letter."""
    joined = " and ".join(fragments)
    return joined[:1].upper() + joined[1:]


def banded(values: pd.DataFrame, among: pd.Series, words: Wording) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every feature as text, with numbers in four bands; and one row per feature and value, with its `words`."""
    texts: dict[str, pd.Series] = {}
    said: list[tuple[str, str, str]] = []
    for feature in values:
        column = values[feature]
        if pd.api.types.is_float_dtype(column):
            cut = bands(column[among], 4, words)
            named = {float(i): cut.between(i, i) for i in range(len(cut.edges) + 1)}
            spoken = {i: phrase(str(feature), cut.between(int(i), int(i))) for i in named}
            texts[str(feature)] = cut.codes(column).map(named).astype("category")
            said += [(str(feature), named[i], sentence([spoken[i]])) for i in named]
        else:
            texts[str(feature)] = column.astype("category")
            said += [(str(feature), v, sentence([phrase(str(feature), v)])) for v in sorted(set(column[among]))]
    return pd.DataFrame(texts, index=values.index), pd.DataFrame(said, columns=["feature", "value", "words"])


def contrasts(texts: pd.DataFrame, words: pd.DataFrame, high: pd.Series) -> pd.DataFrame:
    """How common each value is among those who became high-value and among the others, one row per value.

    Parameters
    ----------
    texts
        one row per customer, one column per feature
    words
        `feature`, `value`, `words`
    high
        who became high-value, by customer_id, for the learners only

    Returns
    -------
    frame with both shares and the hit rate, each with its 95 % interval (Wilson), and the lift. `hit_rate_others` is
    that of everybody else, `rate_customers` how many the hit rate counts. `strength` is the difference of the shares in
    standard errors. `beyond_chance` says whether that is more than this many comparisons would show by luck, and the
    intervals of the two shares do not meet. `named` is false for merged rare values and for blanks. Values of one
    `topic` say much the same thing in other words.
    """
    counted = [_counts(texts[f].loc[high.index], high).assign(feature=str(f)) for f in texts]
    if not counted:
        return pd.DataFrame(columns=["feature", "label", "value", "words", "lift", "named", "beyond_chance"])
    table = words.merge(pd.concat(counted), on=["feature", "value"])
    n_high, n_others = int(high.sum()), int((~high).sum())
    table["customers"] = table["high"] + table["others"]
    table["label"] = table["feature"].map(label)
    table["topic"] = table["feature"].map(lambda feature: _TOPICS.get(feature, feature))
    table["named"] = ~table["value"].isin([OTHER, NOT_GIVEN])
    for side, people in (("high", n_high), ("others", n_others)):
        table[f"share_{side}"] = table[side] / max(people, 1)
        table[f"share_{side}_low"], table[f"share_{side}_high"] = wilson(table[side], people)
    table["hit_rate"] = table["high"] / table["customers"]
    table["hit_rate_low"], table["hit_rate_high"] = wilson(table["high"], table["customers"])
    table["rate_customers"] = table["customers"]
    table["hit_rate_others"] = (n_high - table["high"]) / (len(high) - table["customers"]).clip(lower=1)
    table["lift"] = table["hit_rate"] / max(high.mean(), 1e-12)
    pooled = table["customers"] / len(high)
    error = np.sqrt((pooled * (1 - pooled)).clip(lower=1e-12) * (1 / max(n_high, 1) + 1 / max(n_others, 1)))
    table["strength"] = (table["share_high"] - table["share_others"]) / error
    apart = (table["share_high_low"] > table["share_others_high"]) | (
        table["share_high_high"] < table["share_others_low"]
    )
    table["beyond_chance"] = _beyond_chance(table["strength"].to_numpy(np.float64)) & apart
    ranked = table.assign(size=table["strength"].abs()).sort_values("size", ascending=False, kind="stable")
    return ranked.drop(columns="size").reset_index(drop=True)


def with_rates_of(rules: pd.DataFrame, contrasts: pd.DataFrame) -> pd.DataFrame:
    """The `contrasts`, those that are also rules with the rate of the rule: what is said twice has one rate."""
    is_rule = contrasts["words"].isin(rules["rule"])
    if not is_rule.any():
        return contrasts
    own = rules.set_index("rule").loc[contrasts["words"][is_rule]]
    others = (rules["became_high"].sum() - own["became_high"]) / (rules["customers"].sum() - own["customers"]).clip(1)
    found = contrasts.copy()
    for name, rate in (
        ("hit_rate", own["hit_rate"]), ("hit_rate_low", own["low"]), ("hit_rate_high", own["high"]),
        ("hit_rate_others", others), ("lift", own["lift"]), ("rate_customers", own["customers"]),
    ):  # fmt: skip
        found.loc[is_rule, name] = rate.to_numpy()
    return found


def _beyond_chance(strength: Floats) -> Bools:
    """Which of many differences are real. On average, one in twenty of those picked is luck.

    Benjamini and Hochberg (Journal of the Royal Statistical Society B 57, 1995).
    """
    from scipy.special import ndtr
    from scipy.stats import false_discovery_control

    real: Bools = false_discovery_control(2 * ndtr(-np.abs(strength))) <= FALSE_SHARE
    return real


def _counts(values: pd.Series, high: pd.Series) -> pd.DataFrame:
    table = high.groupby(values, observed=True).agg(["sum", "size"])
    plain = pd.DataFrame({"value": table.index.astype(object), "high": table["sum"].to_numpy(int)})
    return plain.assign(others=table["size"].to_numpy(int) - plain["high"])


@dataclass(frozen=True)
class Rules:
    """A shallow tree: every customer's `leaf`, and one row per leaf with its rule in words and its hit rate."""

    leaf: pd.Series
    table: pd.DataFrame


def rules(values: pd.DataFrame, high: pd.Series, chances: Chances, *, words: Wording, seed: int) -> Rules:
    """Readable rules with honest hit rates: one half of the customers shapes the rules, the other half counts them.

    `chances` learns from the customers it is given and returns everybody's chance. The tree retells those chances in a
    few words, which is far steadier than a tree fitted to the outcomes. To count the customers who shaped a rule would
    flatter it.
    """
    from sklearn.tree import DecisionTreeRegressor

    columns, describe = _tree_columns(values, high.index, words)
    shaping = pd.Series(np.random.default_rng(seed).permutation(len(high)) % 2 == 0, index=high.index)
    least = max(LEAST_IN_LEAF, int(LEAST_SHARE_IN_LEAF * len(high)))
    tree = DecisionTreeRegressor(max_leaf_nodes=MOST_RULES, max_depth=DEPTH, min_samples_leaf=least, random_state=seed)
    told = chances(high.index[shaping])[high.index]
    tree.fit(columns.loc[high.index].to_numpy(np.float32), told.to_numpy(np.float64))
    leaf = pd.Series(_leaves(tree, columns), index=values.index, name="leaf")
    counted = high[~shaping].groupby(leaf[high.index[~shaping]]).agg(["sum", "size"])
    paths = _paths(tree.tree_)
    table = pd.DataFrame(
        {
            "leaf": counted.index.to_numpy(),
            "rule": [sentence(_simplified(paths[i], describe)) or "All customers" for i in counted.index],
            "customers": counted["size"].to_numpy(int),
            "became_high": counted["sum"].to_numpy(int),
        }
    )
    table["hit_rate"] = table["became_high"] / table["customers"]
    table["low"], table["high"] = wilson(table["became_high"], table["customers"])
    table["lift"] = table["hit_rate"] / max(float(high.mean()), 1e-12)
    return Rules(leaf, table.sort_values("hit_rate", ascending=False, kind="stable").reset_index(drop=True))


def _leaves(tree: Any, columns: pd.DataFrame) -> Integers:
    """Every row's leaf. Rows become the floats that the tree asks for only a block at a time."""
    starts = range(0, len(columns), MOST_ROWS)
    parts = (columns.iloc[start : start + MOST_ROWS].to_numpy(np.float32) for start in starts)
    return np.concatenate([tree.apply(part) for part in parts])


Said = tuple[str, bool, str]  # the feature, whether the condition settles its value, and the condition in words
Describe = Callable[[int, float, float], Said]


def _tree_columns(values: pd.DataFrame, learners: pd.Index, words: Wording) -> tuple[pd.DataFrame, Describe]:
    """The tree's columns, yes/no or band numbers; and a function that puts a range of one into words."""
    columns: dict[str, pd.Series] = {}
    spoken: list[Callable[[float, float], Said]] = []
    for feature in map(str, values.columns):
        column = values[feature]
        if pd.api.types.is_float_dtype(column):
            cut = bands(column[learners], 8, words)
            columns[feature] = cut.codes(column).fillna(len(cut.edges) // 2).astype("int8")
            spoken.append(_range_words(feature, cut))
            continue
        for value in sorted(set(column[learners]) - {OTHER, NOT_GIVEN}):
            columns[f"{feature}={value}"] = (column == value).astype("int8")
            spoken.append(_value_words(feature, value))
    frame = pd.DataFrame(columns, index=values.index) if columns else pd.DataFrame({"none": 0.0}, index=values.index)
    return frame, lambda i, low, high: spoken[i](low, high)


def _range_words(feature: str, cut: Bands) -> Callable[[float, float], Said]:
    def said(low: float, high: float) -> Said:
        first, last = max(0, int(np.floor(low)) + 1), min(len(cut.edges), int(np.floor(high)))
        return feature, True, phrase(feature, cut.between(first, last))

    return said


def _value_words(feature: str, value: str) -> Callable[[float, float], Said]:
    return lambda low, _: (feature, low >= 0, phrase(feature, value, holds=low >= 0))


def _paths(tree: Any) -> dict[int, dict[int, tuple[float, float]]]:
    """For every leaf, the range (low, high] that its path allows for each column."""
    found: dict[int, dict[int, tuple[float, float]]] = {}

    def walk(node: int, held: dict[int, tuple[float, float]]) -> None:
        if tree.children_left[node] == tree.children_right[node]:
            found[node] = held
            return
        column, cut = int(tree.feature[node]), float(tree.threshold[node])
        low, high = held.get(column, (-1.0, 1e9))
        walk(int(tree.children_left[node]), {**held, column: (low, min(high, cut))})
        walk(int(tree.children_right[node]), {**held, column: (max(low, cut), high)})

    walk(0, {})
    return found


def _simplified(path: dict[int, tuple[float, float]], describe: Describe) -> list[str]:
    """The path's conditions in words, without implied ones: somebody in one country is in no other."""
    said = [describe(column, low, high) for column, (low, high) in path.items()]
    settled = {feature for feature, certain, _ in said if certain}
    return list(dict.fromkeys(words for feature, certain, words in said if certain or feature not in settled))
