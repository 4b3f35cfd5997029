"""An analysis -> the files that a scheduled job leaves behind: all of them, or none."""

import contextlib
import json
import math
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from clvapp import columns, findings
from clvapp.analysis import Analysis
from clvapp.cohorts.newly_won import THREE_YEARS, YEAR, NewValue
from clvapp.customers.rhythm import STATES
from clvapp.days import date
from clvapp.export import csv
from clvapp.forecast.forecast import Forecast
from clvapp.forecast.intervals import Intervals
from clvapp.problems import NotWritten
from clvapp.story import newly_won, pages

CENT = 2
_FOUR_DIGITS = ("recency", "T", "look_alike_score", "next_year_probability", "expected_orders", "probability_alive")
_ORDERS_AT_ONCE = 50_000
_MAY_BE_MISSING = {"rank": "Int32", "accepts_marketing": "boolean"}


def summary(analysis: Analysis) -> dict[str, Any]:
    """The key figures for JSON: ISO dates, shares as fractions, None where the data cannot say (see `findings`)."""
    cleaned = analysis.cleaned
    orders, revenue, _ = analysis.totals
    return {
        "format": analysis.shop.format_name,
        "rows_in": cleaned.rows_in,
        "rows_used": cleaned.rows_used,
        "rows_left_out": {row.reason: row.rows for row in cleaned.report.itertuples()},
        "orders": orders,
        "customers": len(analysis.customers),
        "revenue": round(revenue, CENT),
        "revenue_not_attributable": round(analysis.not_attributable[1], CENT),
        "currency": cleaned.currency,
        "first_order": analysis.first_order.isoformat(),
        "last_order": analysis.last_order.isoformat(),
        "observation_end": analysis.observation_end.isoformat(),
        "starts_at_opening": analysis.burn_in.starts_at_opening,
        "simple_clv": _simple_clv(analysis),
        "value_segments": {
            "above_average": analysis.segments.above,
            "below_average": analysis.segments.below,
        },
        "states": _states(analysis),
        "forecast": _forecast(analysis),
        "new_customer_value": new_customer_value(analysis),
        "profile": _profile(analysis),
        "targets": analysis.targets.counts["upgrade"],
        "win_back_first": analysis.targets.counts["win_back"],
        "thank": analysis.targets.counts["thank"],
        "findings": list(findings.of_all(analysis)),
        "sentences": pages.sentences(analysis, analysis.words),
    }


def _simple_clv(analysis: Analysis) -> dict[str, float] | None:
    clv = analysis.simple_clv
    if clv is None:
        return None
    factors = {"aov": clv.aov, "orders_per_year": clv.orders_per_year, "years": clv.years, "clv": clv.clv}
    return {name: round(value, 4) for name, value in factors.items()}


def _states(analysis: Analysis) -> dict[str, int] | None:
    if analysis.no_states is not None:
        return None  # the findings say why
    counts = analysis.states.value_counts()
    return {state: int(counts.get(state, 0)) for state in STATES}


def _forecast(analysis: Analysis) -> dict[str, Any] | None:
    found, wide = analysis.forecast, analysis.intervals
    if found is None or wide is None or not found.enough.total:
        return None  # the findings say why
    said = {
        "model": found.method,
        "why": found.choice.sentence,
        "horizon_days": found.terms.horizon_days,
        "orders": _number(found.totals.orders),
        "revenue": round(found.totals.revenue, CENT),
        "interval": [round(end, CENT) for end in wide.total],
        "value": round(found.totals.value, CENT),
        "backtest": _backtest(found, wide),
    }
    found.forget()  # we need nothing more from it, and in a large shop the profile needs the memory
    return said


def new_customer_value(analysis: Analysis) -> dict[str, Any] | None:
    """What a customer won now will be worth; None where nobody can say (the sentences say why)."""
    told = {months: analysis.returning.newly_won.value(months) for months in (YEAR, THREE_YEARS)}
    if told[YEAR] is None:
        return None
    cost = analysis.settings.acquisition_cost
    spent = None if cost is None else newly_won.now(cost)
    return {f"{months}_months": _new_value(one, spent) for months, one in told.items()}


def _new_value(told: NewValue | None, cost: float | None) -> dict[str, Any] | None:
    if told is None:
        return None
    found: dict[str, Any] = {
        "value": round(told.value, CENT), "interval": [round(told.low, CENT), round(told.high, CENT)],
        "months_watched": told.watched, "customers": told.people,
    }  # fmt: skip
    if cost:
        ratio, *ends = newly_won.ltv_cac(told, cost)
        found |= {"ltv_cac": _number(ratio), "ltv_cac_interval": [_number(end) for end in ends]}
    return found


def _backtest(found: Forecast, wide: Intervals) -> dict[str, Any] | None:
    if found.backtest is None:
        return None
    test = found.backtest.reported
    known = test.accuracy(found.method)
    others = [name for name in test.prepared.methods if name != found.method]
    return {
        "cut": date(test.prepared.day).isoformat(),
        "days": test.prepared.horizon,
        "forecast": round(known.forecast, CENT),
        "actual": round(known.actual, CENT),
        "error": _number(known.error),
        "interval": _of_error(known.forecast, wide.tested),
        "gini": _number(known.gini),
        "top_tenth_spend_share": _number(known.top_tenth_spend_share),
        "naive": {name: {"error": _number(test.accuracy(name).error)} for name in others},
    }


def _of_error(expected: float, tested: tuple[float, float] | None) -> list[float | None] | None:
    """Of the error of a test, 95 % as it was told before it: none where what came might have been nothing."""
    if tested is None or not tested[0] > 0:
        return None
    low, high = tested
    return [_number((expected - high) / high), _number((expected - low) / low)]


def _profile(analysis: Analysis) -> dict[str, Any]:
    found = analysis.profile
    return {
        "usable": found.usable,
        "reason": found.reason,
        "roc_auc": _number(found.roc_auc),
        "top_decile_lift": _number(found.top_decile_lift),
        "base_rate": _number(found.base_rate),
        "window_days": found.window_days,
        "horizon_days": found.horizon_days,
        "customers_learned_from": found.customers_learned_from,
        "not_used": [f"{row.column}: {row.why}" for row in found.not_used.itertuples()],
    }


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else round(float(value), 4)


def write(analysis: Analysis, directory: Path) -> list[Path]:
    """Write all results into `directory`, which is created. If one cannot be written, none is left there.

    They are written next to their places, on the same disk, and then moved in one step each. Raises `NotWritten`.
    """
    is_new = not directory.exists()
    directory.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".clvapp-", dir=directory) as made:
            written = sorted(_written(analysis, Path(made)))
            for place in (directory / path.name for path in written):
                if place.is_dir():
                    raise NotWritten(str(place), "it is a folder")
            return [path.replace(directory / path.name) for path in written]
    except OSError as fault:
        raise NotWritten(str(directory), fault.strerror or "it failed") from fault
    finally:
        if is_new:
            with contextlib.suppress(OSError):  # a folder that holds results stays
                directory.rmdir()


def _written(analysis: Analysis, folder: Path) -> list[Path]:
    """All results in `folder`."""
    _write_orders(analysis, folder / "orders.parquet")  # first, while the least else is in memory
    facts = json.dumps(summary(analysis), indent=1, ensure_ascii=False, allow_nan=False)
    (folder / "summary.json").write_text(facts + "\n", encoding="utf-8")
    for name, frame in tables(analysis).items():
        csv.write_csv(frame, folder / f"{name}.csv")
    return list(folder.iterdir())


def tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """The tables that people download, by file name without its extension."""
    return {
        "customers": customers(analysis),
        "targets": analysis.targets.table,
        "left_out": analysis.left_out,
    }


def customers(analysis: Analysis) -> pd.DataFrame:
    """One row for each customer, with the columns of the data dictionary and money to the hundredth."""
    frame = analysis.scored[columns.names(columns.CUSTOMERS)]
    money = [column.name for column in columns.CUSTOMERS if column.unit == "money"]
    return frame.round({**dict.fromkeys(money, CENT), **dict.fromkeys(_FOUR_DIGITS, 4)})


def orders(analysis: Analysis) -> pd.DataFrame:
    """One row for each order that counts and was placed on or before the look-back day, strays included."""
    frame: pd.DataFrame = _orders(analysis).read_all().to_pandas()
    return frame.astype(_MAY_BE_MISSING)


def _write_orders(analysis: Analysis, path: Path) -> None:
    """Write the same to a file, a batch at a time: the frame of all orders is large."""
    batches = _orders(analysis)
    typed = pa.Schema.from_pandas(batches.schema.empty_table().to_pandas().astype(_MAY_BE_MISSING))
    with parquet.ParquetWriter(path, batches.schema.with_metadata(typed.metadata)) as file:
        for batch in batches:
            file.write_batch(batch)


def _orders(analysis: Analysis) -> pa.RecordBatchReader:
    _ = analysis.cleaned
    money = {column.name for column in columns.ORDERS if column.unit == "money"}
    named = ", ".join(name + f"::DOUBLE AS {name}" * (name in money) for name in columns.names(columns.ORDERS))
    counted = f"SELECT * FROM orders WHERE day <= {analysis.end_day}"
    if analysis.strays_left_out:
        counted += " UNION ALL SELECT * FROM stray_orders"
    return analysis.shop.engine.con.sql(
        f"SELECT {named}, moment AS ordered_at FROM ({counted}) ORDER BY moment, order_id"
    ).to_arrow_reader(_ORDERS_AT_ONCE)
