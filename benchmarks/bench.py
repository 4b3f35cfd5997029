"""An export -> the time and memory it takes us, beside a bare parse and a plain pandas script.

`make bench` prints it. Every figure is the best of three. Each run has a process of its own, so none inherits
another's memory. The contestants take turns, so a busy machine slows all of them alike. A workbook is measured beside
the library that opens it.
"""

import importlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import shopify_lines, workbook

ROOT = Path(__file__).parents[1]
SIZES = (100_000, 1_000_000)
TIMES = 3
# The columns that our description of the layout maps. Every contestant reads these.
MAPPED = [
    "Name", "Id", "Email", "Phone", "Billing Name", "Billing Zip", "Created at", "Paid at", "Cancelled at",
    "Financial Status", "Currency", "Total", "Shipping", "Taxes", "Discount Amount", "Refunded Amount",
    "Lineitem name", "Lineitem sku", "Lineitem quantity", "Lineitem price", "Source", "Shipping City",
    "Shipping Province", "Shipping Country", "Accepts Marketing",
]  # fmt: skip

Result = dict[str, float]
Contestant = tuple[Callable[[Path], None], tuple[str, ...]]


def bare(path: Path) -> None:
    """Parse the mapped columns as text with PyArrow, and do nothing with them."""
    from pyarrow import csv, string

    types = dict.fromkeys(MAPPED, string())
    csv.read_csv(
        path,
        # As ours must read: blocks of the default megabyte, and notes may run over several lines.
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(include_columns=MAPPED, column_types=types),
    )


def pandas_script(path: Path) -> None:
    """What an analyst would write: read, parse the dates, group into orders, then into customers."""
    import pandas as pd

    text = dict.fromkeys(["Phone", "Billing Zip"], "string")
    lines = pd.read_csv(path, usecols=MAPPED, dtype=text)
    lines["Created at"] = pd.to_datetime(lines["Created at"], utc=True)
    lines["items"] = lines["Lineitem quantity"] * lines["Lineitem price"]
    first = ["Email", "Created at", "Financial Status", "Total", "Refunded Amount", "Shipping Country"]
    orders = lines.groupby("Name").agg(
        **{column: (column, "first") for column in first},
        items=("items", "sum"),
        quantity=("Lineitem quantity", "sum"),
    )
    orders = orders[orders["Financial Status"].isin(["paid", "partially_refunded", "refunded"])]
    orders["revenue"] = orders["Total"] - orders["Refunded Amount"]
    orders.groupby("Email").agg(
        first_order=("Created at", "min"),
        last_order=("Created at", "max"),
        orders=("Total", "size"),
        revenue=("revenue", "sum"),
        country=("Shipping Country", "last"),
    )


def ours(path: Path) -> None:
    """Read, clean and summarise: account for every row, then tabulate customers, months and the shop's totals."""
    from clvapp.analysis import Analysis
    from clvapp.read import Source
    from clvapp.shop import load

    analysis = Analysis(load([Source(path.name, path)]))
    cleaned = analysis.cleaned
    assert cleaned.rows_in == cleaned.rows_used + cleaned.report["rows"].sum()
    _ = analysis.customers, analysis.months, analysis.totals
    analysis.shop.close()


def profile(path: Path) -> None:
    """The same plus the profile. What learning adds depends on the number of customers, not of lines."""
    from clvapp.analysis import Analysis
    from clvapp.read import Source
    from clvapp.shop import load

    analysis = Analysis(load([Source(path.name, path)]))
    _ = analysis.profile
    analysis.shop.close()


def calamine(path: Path) -> None:
    """Read the workbook's only sheet into Python lists with python-calamine alone, and do nothing with them."""
    import python_calamine

    python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def workbook_read(path: Path) -> None:
    """What ours does before cleaning: find the sheet, and put its mapped columns into the engine as text."""
    from clvapp import read
    from clvapp.database import Engine
    from clvapp.read.understand import understand

    one = understand(read.Source(path.name, path))
    with Engine() as engine:
        assert read.load(one.sheet, one.mapping, engine.con).rows_in == workbook.ROWS


def workbook_loaded(path: Path) -> None:
    """A whole load: find the sheet, read it, and turn its lines into orders."""
    from clvapp.read import Source
    from clvapp.shop import load

    load([Source(path.name, path)]).close()


def imports(path: Path) -> None:
    """Import everything: what each run of the command line pays before it opens the file."""
    subprocess.run([sys.executable, "-c", "import clvapp.analysis, clvapp.results"], cwd=ROOT, check=True)


def command(path: Path) -> None:
    """Run the whole command as an owner does: imports, orders, profile, targets, files."""
    with tempfile.TemporaryDirectory() as out:
        parts = [sys.executable, "-m", "clvapp", "analyze", str(path), "--out", out]
        subprocess.run(parts, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


# We import what a contestant needs before we start its clock. `imports` is measured on its own.
CONTESTANTS: dict[str, Contestant] = {
    "bare parse": (bare, ("pyarrow.csv",)),
    "pandas script": (pandas_script, ("pandas",)),
    "ours": (ours, ("clvapp.analysis", "duckdb", "pandas", "pyarrow.csv")),
    "ours and profile": (profile, ("clvapp.analysis", "duckdb", "pandas", "pyarrow.csv")),
    "imports": (imports, ()),
    "command": (command, ()),
}
WORKBOOK: dict[str, Contestant] = {
    "python-calamine": (calamine, ("python_calamine",)),
    "ours, read": (workbook_read, ("clvapp.analysis", "duckdb", "pandas", "pyarrow.csv")),
    "ours, loaded": (workbook_loaded, ("clvapp.analysis", "duckdb", "pandas", "pyarrow.csv")),
}


def alone(name: str, path: Path) -> Result:
    """Run once in this process: how long the call takes, and the peak memory of it or its child."""
    contestant, modules = (CONTESTANTS | WORKBOOK)[name]
    for module in modules:
        importlib.import_module(module)
    start, busy = time.perf_counter(), cpu_seconds()
    contestant(path)
    elapsed, busy = time.perf_counter() - start, cpu_seconds() - busy
    return {"seconds": elapsed, "cpu": busy, "megabytes": max(child_peak(), own_peak())}


def cpu_seconds() -> float:
    """Seconds that this process and its children kept a core busy. Other work on the machine hardly changes this."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def own_peak() -> float:
    """This process's peak memory, in MB. We avoid `ru_maxrss` on Linux: it starts at what the parent held."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def child_peak() -> float:
    """Peak memory of a process that this one started, in MB, or 0 (macOS counts bytes, Linux KiB)."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit


def measured(path: Path, contestants: Iterable[str]) -> dict[str, Result | None]:
    """The best of several runs of each contestant, in turns. One that fails is reported, and gets None."""
    runs: dict[str, list[Result]] = {name: [] for name in contestants}
    failed: set[str] = set()
    for _ in range(TIMES):
        for name in [name for name in runs if name not in failed]:
            parts = [sys.executable, "-m", "benchmarks.bench", name, str(path)]
            done = subprocess.run(parts, cwd=ROOT, capture_output=True, text=True, check=False)
            if done.returncode == 0:
                runs[name].append(json.loads(done.stdout))
                continue
            failed.add(name)
            print(f"{name} failed: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    return {name: best(found) if name not in failed else None for name, found in runs.items()}


def best(runs: list[Result]) -> Result:
    """The lowest of each figure."""
    return {key: min(run[key] for run in runs) for key in runs[0]}


def seconds(results: dict[str, Result | None], name: str) -> float | None:
    """How long a contestant took; None if it did not run."""
    found = results[name]
    return found["seconds"] if found else None


def ratio(top: float | None, bottom: float | None) -> float | None:
    """One figure divided by another; None unless both were measured."""
    return top / bottom if top is not None and bottom else None


def judged(what: str, value: float | None, target: str, holds: Callable[[float], bool]) -> str:
    """A figure beside its target."""
    if value is None:
        return f"  {what:<52}{'-':>9}   target {target}"
    return f"  {what:<52}{value:>9.2f}   target {target}   {'holds' if holds(value) else 'MISSED'}"


def figures(found: Result) -> str:
    """One contestant's seconds, seconds of CPU and peak memory."""
    return f"{found['seconds']:>9.2f} s {found['cpu']:>9.2f} s of CPU {found['megabytes']:>9.0f} MB"


def table(what: str, path: Path, results: dict[str, Result | None]) -> str:
    """The plain figures of one file."""
    size = path.stat().st_size / 1e6
    rows = [f"{what}, {size:.0f} MB"]
    for name, found in results.items():
        rows.append(f"  {name:<18}{figures(found) if found else '-':>11}")
    known = [
        seconds(results, name) if name in results else None
        for name in ("command", "imports", "ours and profile", "ours")
    ]
    if None not in known:
        whole, start, learned, own = known
        rows.append(f"  {'profile alone':<18}{learned - own:>9.2f} s")  # type: ignore[operator]
        rows.append(f"  {'rest of command':<18}{whole - start - learned:>9.2f} s   (targets and files)")  # type: ignore[operator]
    return "\n".join(rows)


def verdicts(small: dict[str, Result | None], large: dict[str, Result | None]) -> list[str]:
    """Whether the largest file meets its targets, and how the cost grows from the smaller file."""
    own = seconds(large, "ours")
    whole = large["command"]
    growth = SIZES[1] / SIZES[0]
    # Startup does not grow with the file, so we take it off both sides.
    started = [
        None if None in (total, base) else total - base  # type: ignore[operator]
        for total, base in ((seconds(size, "command"), seconds(size, "imports")) for size in (large, small))
    ]
    return [
        judged("ours / bare parse", ratio(own, seconds(large, "bare parse")), "<= 8", lambda x: x <= 8),
        judged("pandas script / ours", ratio(seconds(large, "pandas script"), own), ">= 2", lambda x: x >= 2),
        judged("command, peak MB", whole and whole["megabytes"], "< 1000", lambda x: x < 1000),
        judged("ours, growth", ratio(own, seconds(small, "ours")), f"<= {growth:g}", lambda x: x <= growth),
        judged("command less imports, growth", ratio(*started), f"<= {growth:g}", lambda x: x <= growth),
    ]


def main() -> None:
    """Measure every size and print."""
    if len(sys.argv) == 3:
        print(json.dumps(alone(sys.argv[1], Path(sys.argv[2]))))
        return
    results = []
    for lines in SIZES:
        path = shopify_lines.path(lines)
        results.append(measured(path, CONTESTANTS))
        print(table(f"{lines:,} lines", path, results[-1]), end="\n\n", flush=True)
    sheets = measured(workbook.path(), WORKBOOK)
    print(table(f"{workbook.ROWS:,} rows of XLSX", workbook.path(), sheets), end="\n\n", flush=True)
    print(f"{SIZES[1]:,} lines against the targets", *verdicts(results[0], results[1]), sep="\n")
    print(f"{workbook.ROWS:,} rows of XLSX against the target")
    times = ratio(seconds(sheets, "ours, loaded"), seconds(sheets, "python-calamine"))
    print(judged("ours, loaded / python-calamine", times, "<= 3", lambda x: x <= 3))


if __name__ == "__main__":
    main()
