"""The command line: a second thin face on `analysis`, for a scheduled job.

Exit code 0 with the results written; 2 with one plain sentence on standard error and nothing written; 130 when it is
interrupted (Ctrl-C), with nothing written either.
"""

import argparse
import datetime as dt
import math
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from clvapp import formats
from clvapp.days import latest_today
from clvapp.formats.words import KINDS, MEANINGS
from clvapp.problems import CannotOpen, Problem, WrongOption
from clvapp.settings import Settings

FAULT = 2
_LONGEST_HORIZON = 1826
_FILES_HELP = "CSV, Excel, Parquet, or a zip of them; of one shop"
_SHEET_HELP = "the workbook's sheet with the orders, where several could be; once for each"
_MARGIN_HELP = "the same of one category, or of one product where orders name no category"
_STATUS_HELP = f"what a status means: {', '.join(MEANINGS)}"
_JOIN_HELP = "whether customers who share a name and postcode, or a telephone number, are one"
_STRAYS_HELP = "whether orders whose day lies alone, years from all others, move the first and last day (keep)"
_KIND_HELP = f"what a row is, where a column says so: {', '.join(KINDS)}"
_COST_HELP = "what it costs to win a customer: when that is paid back is then said"
_ORDER_HELP = "whether 03/04 is the third of April (day-first) or the fourth of March (month-first)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code."""
    options = _parser().parse_args(arguments)
    asked: list[int] = []
    try:
        with _ending_in_order(asked):
            return int(options.run(options))
    except Problem as problem:
        print(problem, file=sys.stderr)
        return FAULT
    except OSError as fault:
        print(CannotOpen(str(fault.filename or options.out), fault.strerror or "it failed"), file=sys.stderr)
        return FAULT
    except Exception:
        if asked:  # the engine tells of an interrupted query as of a fault of its own
            return 128 + asked[0]
        raise


@contextmanager
def _ending_in_order(asked: list[int]) -> Iterator[None]:
    """Let a request to end (SIGTERM, SIGINT) unwind, so that nothing is left half done; `asked` notes its number."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _: object) -> NoReturn:
        asked.append(number)
        sys.exit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _analyze(options: argparse.Namespace) -> int:
    from clvapp import (  # pandas and scikit-learn take a second to import, and `formats` needs neither
        Analysis,
        Reading,
        Source,
        load,
        results,
    )
    from clvapp.database import in_memory

    if not 0 < options.margin <= 1:
        raise WrongOption("--margin", str(options.margin), "a number above 0 and at most 1, such as 0.35")
    if not 1 <= options.horizon_days <= _LONGEST_HORIZON:
        raise WrongOption("--horizon-days", str(options.horizon_days), f"a number of days up to {_LONGEST_HORIZON}")
    if not 0 <= options.discount_rate < 1:
        raise WrongOption("--discount-rate", str(options.discount_rate), "a share of a year's value, such as 0.10")
    cost = _cost(options.acquisition_cost)
    reading = Reading(
        format=options.format,
        mapping=_mapping(options.map),
        date_order=options.date_order,
        decimal_sign={"point": ".", "comma": ",", None: None}[options.decimal_sign],
        statuses=_meanings("--status", options.status, MEANINGS),
        kinds=_meanings("--kind", options.kind, KINDS),
        amount_is=options.amount_is,
        cents={"yes": True, "no": False, None: None}[options.cents],
        sheets=tuple(options.sheet),
    )
    about = Source(_shown(options.customers), options.customers) if options.customers else None
    shop = load([Source(_shown(path), path) for path in options.files], reading, attributes=about)
    try:
        headings = shop.attributes.headings if shop.attributes else ()
        for name in options.known_at_first_order:
            if name not in headings:
                raise WrongOption("--known-at-first-order", name, "a column of the file given with --customers")
        settings = Settings(
            observation_end=options.observation_end,
            margin=options.margin,
            margins=_margins(options.margin_of),
            currency=options.currency,
            rates=_rates(options.rate),
            join_people=options.join_people == "yes",
            horizon_days=options.horizon_days,
            discount_rate=options.discount_rate,
            starts_at_opening={"yes": True, "no": False, None: None}[options.file_starts_at_opening],
            strays=options.strays,
            acquisition_cost=cost,
            known_at_first_order=tuple(options.known_at_first_order),
        )
        found = Analysis(shop, settings, today=latest_today(dt.datetime.now(tz=dt.UTC)))
        with in_memory():
            found.forget_rows()  # they hold much of the memory, and no setting will change any more
            results.write(found, options.out)
    finally:
        shop.close()
    return 0


def _shown(path: Path) -> str:
    """A file's name as it can be written down, with a question mark for whatever is not text in it."""
    return path.name.encode("utf-8", "replace").decode()


def _formats(_: argparse.Namespace) -> int:
    for known in formats.known():
        print(f"{known.key}\t{known.name}\t{known.menu_path}")
    return 0


def _sample(options: argparse.Namespace) -> int:
    from clvapp import sample

    options.out.mkdir(parents=True, exist_ok=True)
    for path in sample.write(options.out):
        print(path)
    return 0


def _mapping(pairs: Sequence[str]) -> dict[str, list[str]]:
    """`ROLE=HEADING` pairs as given. A role given twice takes both columns."""
    mapping: dict[str, list[str]] = {}
    for pair in pairs:
        if "=" not in pair:
            raise WrongOption("--map", pair, "ROLE=HEADING, such as order_total=Amount")
        role, heading = pair.split("=", 1)
        mapping.setdefault(role, []).append(heading)
    return mapping


def _meanings(option: str, pairs: Sequence[str], meanings: Mapping[str, str]) -> dict[str, str]:
    """`WORD=MEANING` pairs as given: what a word of the shop's own means."""
    found = {}
    for pair in pairs:
        word, _, meaning = pair.rpartition("=")
        if not word.strip() or meaning.strip().lower() not in meanings:
            raise WrongOption(option, pair, f"WORD=MEANING, the meaning one of {', '.join(meanings)}")
        found[word.strip()] = meaning.strip().lower()
    return found


def _margins(pairs: Sequence[str]) -> dict[str, float]:
    """`NAME=SHARE` pairs as given: the margin of a category, or of a product when orders name no category."""
    margins = {}
    for pair in pairs:
        name, share = _named_number(pair)
        if not name or not -1 <= share <= 1:
            raise WrongOption("--margin-of", pair, "NAME=SHARE, such as Coffee=0.35")
        margins[name] = share
    return margins


def _rates(pairs: Sequence[str]) -> dict[str, float]:
    """`CODE=RATE` pairs as given: what one unit of that currency is worth in the one analysed."""
    rates = {}
    for pair in pairs:
        code, rate = _named_number(pair)
        if not code or "=" in code or not 0 < rate < float("inf"):
            raise WrongOption("--rate", pair, "CODE=RATE, such as EUR=1.08")
        rates[code.upper()] = rate
    return rates


def _cost(text: str | None) -> float | None:
    """What it costs to win a customer, as an option gives it."""
    if text is None:
        return None
    try:
        cost = float(text)
    except ValueError:
        cost = math.nan
    if not (math.isfinite(cost) and cost >= 0):
        raise WrongOption("--acquisition-cost", text, "what winning one customer costs, 0 or more, such as 12.50")
    return cost


def _named_number(pair: str) -> tuple[str, float]:
    """`NAME=NUMBER` in two parts. The number is NaN if it is not one, and the name is "" if there is none."""
    name, _, number = pair.rpartition("=")
    try:
        return name.strip(), float(number)
    except ValueError:
        return name.strip(), float("nan")


class _Parser(argparse.ArgumentParser):
    """Answers a wrong option with one plain sentence, like any other fault."""

    def error(self, message: str) -> NoReturn:
        self.exit(FAULT, f"{message[:1].upper()}{message[1:].rstrip('.')}. See `{self.prog} --help`.\n")


def _day(text: str) -> dt.date:
    """A day, as an option gives it."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"'{text}' is no day such as 2026-09-30") from fault


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="clvapp", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    analyze = commands.add_parser("analyze", help="order exports -> what customers are worth, and the lists")
    analyze.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_FILES_HELP)
    analyze.add_argument("--format", metavar="NAME", help="one of `clvapp formats`; found out when not given")
    analyze.add_argument("--sheet", action="append", default=[], metavar="NAME", help=_SHEET_HELP)
    analyze.add_argument("--map", action="append", default=[], metavar="ROLE=HEADING", help="what a column is for")
    analyze.add_argument("--status", action="append", default=[], metavar="WORD=MEANING", help=_STATUS_HELP)
    analyze.add_argument("--kind", action="append", default=[], metavar="WORD=MEANING", help=_KIND_HELP)
    analyze.add_argument("--customers", type=Path, metavar="FILE", help="a file about customers")
    analyze.add_argument("--observation-end", type=_day, metavar="YYYY-MM-DD")
    analyze.add_argument("--margin", type=float, default=Settings.margin, help="what is earned of a sale, 0 to 1")
    analyze.add_argument("--margin-of", action="append", default=[], metavar="NAME=SHARE", help=_MARGIN_HELP)
    analyze.add_argument("--currency", metavar="CODE", help="the one to analyse, where there are several")
    analyze.add_argument("--rate", action="append", default=[], metavar="CODE=RATE", help="what 1 CODE is worth in it")
    analyze.add_argument("--date-order", choices=["day-first", "month-first"], help=_ORDER_HELP)
    analyze.add_argument(
        "--amount-is", choices=["piece", "line", "order"], help="what a lone amount beside a number of pieces is of"
    )
    analyze.add_argument("--cents", choices=["yes", "no"], help="whether whole amounts are cents")
    analyze.add_argument("--decimal-sign", choices=["point", "comma"], help="where the numbers leave it open")
    analyze.add_argument("--file-starts-at-opening", choices=["yes", "no"])
    analyze.add_argument("--join-people", choices=["yes", "no"], help=_JOIN_HELP)
    analyze.add_argument("--strays", choices=["keep", "leave-out"], default=Settings.strays, help=_STRAYS_HELP)
    analyze.add_argument("--acquisition-cost", metavar="X", help=_COST_HELP)
    analyze.add_argument("--known-at-first-order", action="append", default=[], metavar="COLUMN")
    analyze.add_argument("--horizon-days", type=int, default=Settings.horizon_days, help="how far the forecast looks")
    analyze.add_argument(
        "--discount-rate", type=float, default=Settings.discount_rate, help="a year, on what is expected"
    )
    analyze.add_argument("--out", type=Path, required=True, metavar="DIR")
    analyze.set_defaults(run=_analyze)
    listing = commands.add_parser("formats", help="the exports that are recognised, one a line")
    listing.set_defaults(run=_formats, out="")
    sample = commands.add_parser("sample", help="write the sample shop's files")
    sample.add_argument("--out", type=Path, required=True, metavar="DIR")
    sample.set_defaults(run=_sample)
    return parser


if __name__ == "__main__":
    sys.exit(main())
