"""A seed -> the sample shop's customers, each with a hidden type, and from that their orders and order lines.

A customer's type is *high* (comes often, stays, spends more) or *low*. What they buy first, whether they came for a
discount, and through which channel, go with the type. Town, weekday, hour and age group do not. Every draw uses
`Generator.random` and none of NumPy's other distributions, so a seed means the same shop on every machine.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from clvapp.sample import goods

Array = npt.NDArray[Any]

OPENING = np.datetime64("2023-10-01")
DAYS = 1096
HIGH_SHARE = 0.165
MAX_REPEATS = 60
TESTS = 3
# By type: low, then high.
NEVER_RETURNS = (0.47, 0.06)
MEAN_STAY_DAYS = (115.0, 680.0)
MEAN_GAP_DAYS = ((90.0, 180.0, 300.0), (32.0, 60.0, 100.0))
FIRST_KIND = {
    "beans": (0.335, 0.28),
    "subscription": (0.032, 0.19),
    "grinder": (0.03, 0.17),
    "brewer": (0.12, 0.15),
    "mug": (0.22, 0.08),
    "filters": (0.08, 0.06),
    "gift": (0.185, 0.07),
}
LATER_KIND = {
    "beans": (0.62, 0.70),
    "subscription": (0.0, 0.0),
    "grinder": (0.01, 0.03),
    "brewer": (0.06, 0.06),
    "mug": (0.12, 0.07),
    "filters": (0.11, 0.10),
    "gift": (0.08, 0.04),
}
SOURCES = ("web", "pos", "3890849", "shopify_draft_order")
SOURCE_SHARES = ((0.66, 0.25, 0.08, 0.01), (0.66, 0.10, 0.20, 0.04))
SUBSCRIPTION_APP = "294517"
WELCOME_SHARE = (0.50, 0.18)
# By occasion: later orders of the low type, and walk-ins; any first order; later orders of the high type.
LINES_SHARES = ((0.74, 0.20, 0.05, 0.01), (0.45, 0.33, 0.15, 0.07), (0.30, 0.34, 0.22, 0.14))
QUANTITY_SHARES = ((0.88, 0.10, 0.01, 0.01), (0.66, 0.24, 0.07, 0.03), (0.36, 0.36, 0.17, 0.11))
CODES = ("", "WELCOME10", "HOLIDAY20", "SPRING15", "REPLACEMENT")
PERCENT = np.array([0, 10, 20, 15, 100])
SEASON = (0.80, 0.85, 0.92, 0.95, 0.92, 0.85, 0.80, 0.85, 0.95, 1.05, 1.45, 1.75)
WEEKDAY = (1.0, 0.95, 0.95, 1.0, 1.1, 1.1, 0.9)


def season() -> Array:
    """How busy each day is: the month's share (interpolated between mid-months) times the weekday's."""
    dates = OPENING + np.arange(DAYS)
    month = dates.astype("datetime64[M]")
    position = month.astype(int) % 12 + (dates - month).astype(int) / 30.5 - 0.5
    weekday = (dates.astype(int) + 3) % 7
    busy: Array = np.interp(position, np.arange(12), SEASON, period=12) * np.array(WEEKDAY)[weekday]
    return busy


def picked(chance: Array, shares: Array) -> Array:
    """The place in `shares` (one row per draw, or one for all) where each chance in [0, 1) falls."""
    cumulative = np.cumsum(np.atleast_2d(shares), axis=1)
    place: Array = (chance[:, None] * cumulative[:, -1:] >= cumulative).sum(axis=1)
    return place


def customers(count: int, seed: int) -> pd.DataFrame:
    """One row per customer: the hidden type, the first order's day and contents, and who they are."""
    draw = np.random.default_rng([seed, 1])
    high = (draw.random(count) < HIGH_SHARE).astype(int)
    growth = np.interp(np.arange(DAYS), [0, 120, DAYS], [0.3, 0.8, 1.35])
    stay = -np.log1p(-draw.random(count)) * np.take(MEAN_STAY_DAYS, high)
    returns = draw.random(count) >= np.take(NEVER_RETURNS, high)
    product = picked(draw.random(count), shares_by_product(FIRST_KIND)[high])
    subscribed = np.isin(product, [i for i, p in enumerate(goods.PRODUCTS) if p.kind == "subscription"])
    gap = picked(draw.random(count), np.array([[0.25, 0.4, 0.35]]))
    source = np.take(SOURCES, picked(draw.random(count), np.array(SOURCE_SHARES)[high]))
    frame = pd.DataFrame({
        "high": high == 1,
        "first_day": picked_day(draw.random(count), growth * season()),
        "stay": np.where(returns | subscribed, stay, 0.0),
        "gap": np.where(subscribed, 30.0, np.array(MEAN_GAP_DAYS)[high, gap]),
        "subscribed": subscribed,
        "product": product,
        "source": source,
        "welcome": draw.random(count) < np.take(WELCOME_SHARE, high),
        "place": picked(draw.random(count), np.array([[p.weight for p in goods.PLACES]])),
        "accepts": draw.random(count) < 0.72,
        "unsubscribes": draw.random(count) < 0.05,
        "has_email": draw.random(count) >= 0.015,
    })  # fmt: skip
    return frame.join(people(count, seed))


def picked_day(chance: Array, weight: Array) -> Array:
    """Days drawn in proportion to their weight. The shop's very first day always gets a customer."""
    day = np.searchsorted(np.cumsum(weight) / weight.sum(), chance).clip(0, DAYS - 1)
    day[:1] = 0
    return day


def shares_by_product(kinds: dict[str, tuple[float, float]]) -> Array:
    """The chance of each product, one row per type, from the chance of each kind."""
    size = {kind: sum(p.kind == kind for p in goods.PRODUCTS) for kind in kinds}
    return np.array([[kinds[p.kind][t] / size[p.kind] for p in goods.PRODUCTS] for t in (0, 1)])


def people(count: int, seed: int) -> pd.DataFrame:
    """Names and contact details. Every pair of names comes up once before any repeats."""
    draw = np.random.default_rng([seed, 2])
    pairs = len(goods.FIRST_NAMES) * len(goods.LAST_NAMES)
    person = np.argsort(draw.random(max(pairs, count)))[:count]
    pair = person % pairs
    return pd.DataFrame({
        "first_name": np.take(goods.FIRST_NAMES, pair // len(goods.LAST_NAMES)),
        "last_name": np.take(goods.LAST_NAMES, pair % len(goods.LAST_NAMES)),
        "number": person // pairs,
        "domain": np.take(goods.DOMAINS, (draw.random(count) * len(goods.DOMAINS)).astype(int)),
        "street": (draw.random(count) * 180).astype(int) + 1,
        "phone": (draw.random(count) * 100).astype(int),
        "gives_phone": draw.random(count) < 0.35,
    })  # fmt: skip


def orders(customers: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row per order, oldest first: customers' first and later orders, and walk-ins who leave no name."""
    first = pd.DataFrame({"customer": np.arange(len(customers)), "day": customers["first_day"], "rank": 0})
    every = pd.concat([first, repeats(customers, seed), walk_ins(len(customers), seed)], ignore_index=True)
    draw = np.random.default_rng([seed, 4])
    every["second"] = (6 + 16 * draw.random(len(every)) ** 0.8) * 3600 // 1
    every = every.sort_values(["day", "second", "customer"], ignore_index=True).astype(int)
    return every.assign(**ordered(every, customers, draw))


def repeats(customers: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Orders after the first: at random while a customer stays, fewer in the quiet season; monthly if subscribed."""
    draw = np.random.default_rng([seed, 3])
    shape = (len(customers), MAX_REPEATS)
    subscribed = customers["subscribed"].to_numpy()[:, None]
    gap = -np.log1p(-draw.random(shape)) * customers["gap"].to_numpy()[:, None] / 1.3
    elapsed = np.ceil(np.where(subscribed, 29 + 3 * draw.random(shape), gap)).cumsum(axis=1)
    day = customers["first_day"].to_numpy()[:, None] + elapsed.astype(int)
    happens = (elapsed <= customers["stay"].to_numpy()[:, None]) & (day < DAYS)
    # People who drink the coffee themselves follow the season less than people who come for a present.
    wanted = season()[day.clip(max=DAYS - 1)] ** 0.4 / 1.3
    happens &= subscribed | (draw.random(shape) < wanted)
    customer, _ = np.nonzero(happens)
    rank = happens.cumsum(axis=1)[happens]
    return pd.DataFrame({"customer": customer, "day": day[happens], "rank": rank})


def walk_ins(count: int, seed: int) -> pd.DataFrame:
    """Sales over the counter to nobody in particular, one per twenty customers; `customer` is -1."""
    draw = np.random.default_rng([seed, 5])
    day = picked_day(draw.random(count // 20), season())
    return pd.DataFrame({"customer": np.full(len(day), -1), "day": day, "rank": 0})


def ordered(orders: pd.DataFrame, customers: pd.DataFrame, draw: np.random.Generator) -> dict[str, Array]:
    """What each order is about: product, channel, discount code and what became of it."""
    count, nobody = len(orders), orders["customer"].to_numpy() < 0
    who = customers.iloc[orders["customer"].clip(lower=0)].reset_index(drop=True)
    high = (who["high"].to_numpy() & ~nobody).astype(int)
    first = (orders["rank"].to_numpy() == 0) & ~nobody
    later = picked(draw.random(count), shares_by_product(LATER_KIND)[high])
    keep = first | (who["subscribed"].to_numpy() & ~nobody)
    subscribed = keep & who["subscribed"].to_numpy()
    source = np.where(first | (draw.random(count) < 0.85), who["source"], "web")
    source = np.where(subscribed & ~first, SUBSCRIPTION_APP, source)
    day = orders["day"].to_numpy()
    test = nobody & (nobody.cumsum() <= TESTS)
    return {
        "high": high,
        "first": first,
        "product": np.where(keep, who["product"], later),
        "test": test,
        "subscribed": subscribed,
        "source": np.where(test, "web", np.where(nobody, "pos", source)),
        "code": code(day, first & who["welcome"].to_numpy(), ~first & who["subscribed"].to_numpy(), draw),
        "status": np.where(test, "voided", status(day, draw.random(count))),
    }  # fmt: skip


def code(day: Array, welcome: Array, no_discount: Array, draw: np.random.Generator) -> Array:
    """The place in `CODES`: a welcome code, a seasonal sale, or a replacement sent for free."""
    month = (OPENING + day).astype("datetime64[M]").astype(int) % 12 + 1
    chance = draw.random(len(day))
    sale = np.where((month == 11) & (chance < 0.3), 2, np.where((month == 4) & (chance < 0.2), 3, 0))
    found = np.where(welcome, 1, np.where(no_discount, 0, sale))
    return np.where(chance > 0.994, 4, found)


def status(day: Array, chance: Array) -> Array:
    """Shopify's financial status. Orders of the last days are pending more often."""
    names = np.array(["refunded", "partially_refunded", "voided", "pending", "paid"])
    shares = np.array([[0.012, 0.024, 0.011, 0.002, 0.951], [0.0, 0.004, 0.004, 0.10, 0.892]])
    return names[picked(chance, shares[(day >= DAYS - 5).astype(int)])]


def lines(orders: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row per order line, main product first: `order` (place in `orders`), `product`, `quantity`."""
    draw = np.random.default_rng([seed, 6])
    count = len(orders)
    occasion = np.where(orders["first"], 1, orders["high"] * 2)
    # Weighted draws without replacement: the shortest waits win, and the main product does not wait at all.
    with np.errstate(divide="ignore"):
        waiting = -np.log1p(-draw.random((count, len(goods.PRODUCTS)))) / [p.extra for p in goods.PRODUCTS]
    waiting[np.arange(count), orders["product"]] = -1.0
    many = picked(draw.random(count), np.array(LINES_SHARES)[occasion]) + 1
    many = np.where(orders["subscribed"], 1 + (draw.random(count) < 0.15), many)
    order, place = np.nonzero(np.arange(4) < many[:, None])
    product = np.argsort(waiting, axis=1, kind="stable")[:, :4][order, place]
    quantity = 1 + picked(draw.random(len(order)), np.array(QUANTITY_SHARES)[occasion[order]])
    costly = np.array([p.cents >= 2600 for p in goods.PRODUCTS])[product]
    return pd.DataFrame({"order": order, "product": product, "quantity": np.where(costly, 1, quantity)})
