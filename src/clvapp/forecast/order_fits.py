"""What is known of customers -> every order model fitted to them, those older than the file apart."""

from collections.abc import Mapping
from dataclasses import replace

from clvapp.forecast import fit, steady_fit
from clvapp.forecast.histories import Array
from clvapp.forecast.models import mbgnbd, nbd, steady
from clvapp.forecast.snapshot import Known
from clvapp.stats import Bools

TO_LEARN = 100  # customers and repeat order days that are enough to be learned from apart


def order_fits(
    known: Known, *, new_from: int | None = None, near: Mapping[str, fit.Fit], exact: bool = False
) -> tuple[dict[str, fit.Fit], int | None]:
    """The fits by name, and the day since which customers are learned from as new; None if that is everybody.

    `near`: the fits of another day, where the search may begin. Customers who came before `new_from` may be older than
    the file, and are other people: who was seen in its first days is mostly a regular. Models are fitted to them apart,
    as far as both are enough to learn from.
    """
    told = steady_fit.evenness(known.x, known.uneven)
    old = known.first < (known.ledger.start if new_from is None else new_from)
    if new_from is None or not _to_learn(known, ~old):
        return _fits(known, None, told, near=near, exact=exact), None
    fits = _fits(known, ~old, told, near=near, exact=exact)
    if _to_learn(known, old):
        older = _fits(known, old, told, near=_older(near), exact=exact)
        fits = _together(fits, older, known.weeks_since(new_from))
    return fits, new_from


def _to_learn(known: Known, chosen: Bools) -> bool:
    """Whether so many customers can be learned from apart."""
    return bool(chosen.sum() >= TO_LEARN and known.x[chosen].sum() >= TO_LEARN)


def _fits(
    known: Known, chosen: Bools | None, told: steady_fit.Evenness | None, *, near: Mapping[str, fit.Fit], exact: bool
) -> dict[str, fit.Fit]:
    """Every order model, fitted to the customers `chosen`, or to all."""
    rows = known.histories if chosen is None else known.history(chosen)
    fits: dict[str, fit.Fit] = {}
    if rows.weight @ rows.x < fit.LEAST_REPEATS or not rows.weight @ rows.T > 0:
        return fits
    limit = fit.orders_fit(nbd.NAME, rows, exact=False)
    for name in fit.ORDERS:
        fits[name] = fit.orders_fit(name, rows, start=_start(near, name), exact=exact, limit=limit)
    return fits | _steady(known, chosen, told, fits, near=near)


def _steady(
    known: Known, chosen: Bools | None, told: steady_fit.Evenness | None, fits: Mapping[str, fit.Fit], *,
    near: Mapping[str, fit.Fit],
) -> dict[str, fit.Fit]:  # fmt: skip
    """The model with steady customers, where gaps are evener than chance makes them and it is by far the likeliest."""
    if told is None or not told.shows:
        return {}
    rows = known.rhythms if chosen is None else known.rhythm(chosen)
    found = steady_fit.steady_fit(rows, told, fits[mbgnbd.NAME], near.get(steady.NAME))
    gain = found.log_likelihood - max(one.log_likelihood for one in fits.values())
    return {steady.NAME: found} if found.converged and gain >= steady_fit.GAIN else {}


def _together(fits: Mapping[str, fit.Fit], older: Mapping[str, fit.Fit], weeks: float) -> dict[str, fit.Fit]:
    """The models that describe both, those of new customers and, watched for more than `weeks`, of older ones."""
    both = {name: (found, older[name]) for name, found in fits.items() if name in older}
    return {
        name: replace(found, older=fit.Older(old, weeks), converged=found.converged and old.converged)
        for name, (found, old) in both.items()
    }


def _older(fits: Mapping[str, fit.Fit]) -> dict[str, fit.Fit]:
    """The fits to older customers among those of another day."""
    return {name: found.older.fit for name, found in fits.items() if found.older is not None}


def _start(near: Mapping[str, fit.Fit], name: str) -> Array | None:
    """The log parameters of the same model nearby, if it has not given way to its limit."""
    if name not in near or near[name].name == nbd.NAME != name:
        return None
    return near[name].log_parameters
