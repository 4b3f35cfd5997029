"""The command line's contract: what it writes, what it says, and that it writes nothing when it cannot."""

import json
import subprocess
import sys

import pandas as pd
import pytest
from containers import csv_file, xls, xlsx, zipped
from hand_frames import csv_text

from clvapp import columns, formats, sample
from clvapp.__main__ import main

HEAD = "Order,Date,E-mail,Total"
SUMMARY = {
    "format", "rows_in", "rows_used", "rows_left_out", "orders", "customers", "revenue", "revenue_not_attributable",
    "currency",
    "first_order", "last_order", "observation_end", "simple_clv", "value_segments", "profile", "targets", "findings",
}  # fmt: skip
CUSTOMERS = [
    "customer_id", "first_order", "last_order", "orders", "revenue", "frequency", "recency", "T", "monetary_value",
    "value_segment", "look_alike_score", "next_year_probability",
]  # fmt: skip
TARGETS = [
    "customer_id",
    "email",
    "look_alike_score",
    "next_year_probability",
    "gap",
    "reason_1",
    "reason_2",
    "reason_3",
    "list",
]
FILES = {"summary.json", "orders.parquet", "customers.csv", "targets.csv", "left_out.csv"}


def shop_of(customers, *, orders=3):
    """A small shop: each customer orders on three days of 2025."""
    rows = [
        {
            "Order": f"{c}-{n}",
            "Date": f"2025-{n + 1:02}-{c % 27 + 1:02}",
            "E-mail": f"c{c}@example.org",
            "Total": f"{10 + c}.00",
        }
        for c in range(customers)
        for n in range(orders)
    ]
    return csv_text(rows)


@pytest.fixture
def analyze(tmp_path, capsys):
    """Run `analyze` on files of these contents: the exit code, the folder, and what stood on standard error."""

    def run(*contents, options=(), names=None):
        paths = []
        for place, content in enumerate(contents):
            path = tmp_path / (names[place] if names else f"orders-{place}.csv")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            paths.append(str(path))
        out = tmp_path / "out"
        code = main(["analyze", *paths, *map(str, options), "--out", str(out)])
        return code, out, capsys.readouterr().err

    return run


def facts(out):
    return json.loads((out / "summary.json").read_text(encoding="utf-8"))


# --- what it writes -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample_results(tmp_path_factory):
    out = tmp_path_factory.mktemp("sample")
    assert main(["sample", "--out", str(out / "files")]) == 0
    (orders,) = [path for path in (out / "files").iterdir() if "order" in path.name]
    (customers,) = [path for path in (out / "files").iterdir() if "customer" in path.name]
    code = main(["analyze", str(orders), "--customers", str(customers), "--out", str(out / "results")])
    assert code == 0
    return out / "results"


@pytest.mark.verify
def test_the_sample_shop_gives_every_file_and_key(sample_results):
    assert {path.name for path in sample_results.iterdir()} == FILES
    found = facts(sample_results)
    assert set(found) >= SUMMARY
    assert found["rows_in"] == found["rows_used"] + sum(found["rows_left_out"].values())
    assert set(found["simple_clv"]) == {"aov", "orders_per_year", "years", "clv"}
    assert sum(found["value_segments"].values()) == found["customers"]
    assert set(found["profile"]) >= {
        "usable",
        "reason",
        "roc_auc",
        "top_decile_lift",
        "window_days",
        "horizon_days",
        "customers_learned_from",
    }
    assert all(sentence.endswith(".") for sentence in found["findings"])


@pytest.mark.verify
def test_the_tables_of_the_sample_shop_agree_with_its_summary(sample_results):
    found = facts(sample_results)
    customers = pd.read_csv(sample_results / "customers.csv")
    targets = pd.read_csv(sample_results / "targets.csv")
    orders = pd.read_parquet(sample_results / "orders.parquet")
    left_out = pd.read_csv(sample_results / "left_out.csv")
    assert list(customers) == columns.names(columns.CUSTOMERS)
    assert set(CUSTOMERS) <= set(customers)
    assert set(TARGETS) <= set(targets)
    assert len(customers) == found["customers"] == customers["customer_id"].nunique()
    assert len(orders) == found["orders"]
    assert float(orders["revenue"].sum()) == pytest.approx(found["revenue"])
    assert customers["revenue"].sum() + found["revenue_not_attributable"] == pytest.approx(found["revenue"], abs=0.02)
    assert left_out["reason"].value_counts().to_dict() == found["rows_left_out"]
    assert (targets["list"] == "upgrade").sum() == found["targets"]
    assert (targets["list"] == "win_back").sum() == found["win_back_first"]
    assert set(targets["customer_id"]) <= set(customers["customer_id"])


def test_the_same_files_give_the_same_bytes(analyze, tmp_path):
    first = analyze(shop_of(30))[1]
    kept = {path.name: path.read_bytes() for path in first.iterdir()}
    again = analyze(shop_of(30))[1]
    assert {path.name: path.read_bytes() for path in again.iterdir()} == kept


def test_it_runs_as_a_program_and_formats_needs_no_pandas():
    script = "import sys; from clvapp.__main__ import main; main(['formats']); assert 'pandas' not in sys.modules"
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == [fmt.key for fmt in formats.known()]


def test_sample_names_the_files_that_it_wrote(tmp_path, capsys):
    assert main(["sample", "--out", str(tmp_path / "shop")]) == 0
    assert sorted(capsys.readouterr().out.split()) == sorted(str(path) for path in (tmp_path / "shop").iterdir())


# --- what it can do without -----------------------------------------------------------------------


def test_one_customer_is_enough_and_is_told_so(analyze):
    code, out, err = analyze(shop_of(1))
    assert (code, err) == (0, "")
    found = facts(out)
    assert (found["customers"], found["revenue"], found["targets"]) == (1, 30.0, 0)
    assert any(sentence.startswith("There is one customer only") for sentence in found["findings"])
    assert found["profile"]["usable"] is False


def test_thirty_customers_are_few_and_are_told_so(analyze):
    code, out, err = analyze(shop_of(30))
    assert (code, err) == (0, "")
    assert any(sentence.startswith("30 customers are few") for sentence in facts(out)["findings"])
    assert facts(out)["profile"]["roc_auc"] is None


# --- options --------------------------------------------------------------------------------------


def test_a_column_can_be_named_for_a_role(analyze):
    text = shop_of(2).replace("Total", "Sum A").replace("E-mail", "Who")
    code, out, _ = analyze(text, options=["--map", "order_total=Sum A", "--map", "customer_email=Who"])
    assert code == 0
    assert (facts(out)["customers"], facts(out)["revenue"]) == (2, 63.0)


@pytest.mark.parametrize(("order", "day"), [("day-first", "2026-04-03"), ("month-first", "2026-03-04")])
def test_the_question_about_dates_is_answered_by_its_option(analyze, order, day):
    text = f"{HEAD}\nA,03/04/2026,a@example.org,10.00\n"
    code, out, err = analyze(text)
    assert code == 2
    assert "--date-order day-first" in err
    assert not out.exists()
    code, out, _ = analyze(text, options=["--date-order", order])
    assert (code, facts(out)["first_order"]) == (0, day)


def test_options_change_the_numbers(analyze):
    text = shop_of(3)
    _, out, _ = analyze(
        text, options=["--observation-end", "2025-02-28", "--margin", "0.5", "--file-starts-at-opening", "no"]
    )
    found = facts(out)
    assert (found["observation_end"], found["orders"], found["starts_at_opening"]) == ("2025-02-28", 6, False)
    customers = pd.read_csv(out / "customers.csv")
    assert customers["historic_value"].tolist() == (customers["revenue"] / 2).tolist()


def test_what_winning_a_customer_costs_becomes_a_setting(analyze, monkeypatch):
    given = []
    monkeypatch.setattr("clvapp.results.write", lambda found, _: given.append(found.settings.acquisition_cost))
    for options in ([], ["--acquisition-cost", "12.50"], ["--acquisition-cost", "0"]):
        assert analyze(shop_of(2), options=options)[0] == 0
    assert given == [None, 12.5, 0.0]


def test_a_margin_holds_for_its_product_and_one_of_no_product_is_named(analyze):
    text = "\n".join(
        [f"{HEAD},Product", "A,2026-01-05,a@example.org,10.00,Tea", "B,2026-01-06,b@example.org,20.00,Mug"]
    )
    _, out, _ = analyze(text, options=["--margin-of", "Tea=0.25", "--margin-of", "Cup=0.5", "--map", "product=Product"])
    assert pd.read_csv(out / "customers.csv")["historic_value"].tolist() == [2.5, 20.0]
    assert [one for one in facts(out)["findings"] if "'Cup'" in one] == [
        "No order is of the product 'Cup', so its margin changes nothing."
    ]


def test_a_currency_can_be_chosen(analyze):
    rows = [
        "A,2026-01-05,a@example.org,10.00,EUR",
        "B,2026-01-06,a@example.org,20.00,EUR",
        "C,2026-01-06,b@example.org,7.00,USD",
    ]
    text = "\n".join([f"{HEAD},Currency", *rows])
    assert facts(analyze(text)[1])["currency"] == "EUR"
    found = facts(analyze(text, options=["--currency", "usd"])[1])
    assert (found["currency"], found["revenue"], found["rows_left_out"]) == ("USD", 7.0, {"currency": 2})


def test_what_a_customers_file_says_of_the_whole_relationship_is_set_aside_and_named(tmp_path):
    made = sample.shop(customers=200)
    (tmp_path / "orders.csv").write_bytes(made.orders_csv)
    emails = pd.read_csv(tmp_path / "orders.csv", dtype="str")["Email"].dropna().drop_duplicates()
    about = pd.DataFrame(
        {"Email": emails, "Orders": range(len(emails)), "Total spent": range(len(emails)), "Town": "Lund"}
    )
    about.to_csv(tmp_path / "customers.csv", index=False)
    named = [word for name in ("Total spent", "Orders") for word in ("--known-at-first-order", name)]
    code = main(
        [
            "analyze",
            str(tmp_path / "orders.csv"),
            "--customers",
            str(tmp_path / "customers.csv"),
            *named,
            "--out",
            str(tmp_path / "out"),
        ]
    )
    assert code == 0
    not_used = facts(tmp_path / "out")["profile"]["not_used"]
    assert any("Total spent" in line for line in not_used)
    assert any("Orders" in line for line in not_used)


@pytest.mark.parametrize(
    ("option", "value"), [("--horizon-days", "0"), ("--horizon-days", "99999"), ("--discount-rate", "1.5")]
)
def test_a_horizon_or_a_discount_that_cannot_be_is_refused(analyze, option, value):
    code, _, err = analyze(shop_of(2), options=[option, value])
    assert code == 2
    assert option in err


# --- what cannot be used --------------------------------------------------------------------------

WIDE = ",".join(f"c{i}" for i in range(40_000)) + "\n" + ",".join("1" for _ in range(40_000)) + "\n"
REFUSED = {
    "empty": (b"", [], "is empty"),
    "blank lines": (b"\n\n\n", [], "is empty"),
    "no header": ("A,2026-01-05,a@x.org,10.00\nB,2026-01-06,b@x.org,11.00\n", [], "no row with column names"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), [], "is a picture"),
    "a required column is missing": (
        "Name,Email,Lineitem name,Lineitem quantity,Lineitem price,Total\n#1,a@x.org,Cup,1,2,2\n", [], "'Created at'",
    ),
    "no date column": ("Order,E-mail,Total\nA,a@x.org,10.00\n", [], "No column says when"),
    "no amount column": ("Order,Date,E-mail\nA,2026-01-05,a@x.org\n", [], "No column says what was paid"),
    "no date readable": (
        f"{HEAD}\nA,soon,a@x.org,10.00\nB,no,b@x.org,5\n", ["--map", "ordered_at=Date"], "None of the dates in 'Date'",
    ),
    "no order counts": (f"{HEAD},Status\nA,2026-01-05,a@x.org,10.00,void\n", [], "None of the 1 rows"),
    "only refunds": (f"{HEAD}\nA,2026-01-05,a@x.org,-10.00\n", [], "they only give money back"),
    "column names alone": (f"{HEAD}\n", [], "below the column names the file is empty"),
    "40,000 columns": (WIDE, [], "40,000 columns"),
    "two orders of dates": (
        f"{HEAD}\nA,25/06/2026,a@x.org,10.00\nB,06/27/2026,a@x.org,1.00\n", [], "follow two orders",
    ),
    "ambiguous decimals": (f"{HEAD}\nA,2026-01-05,a@x.org,15.000\n", [], "--decimal-sign"),
    "a heading that is not there": (shop_of(1), ["--map", "order_total=Amount"], "no column 'Amount'"),
    "an unknown role": (shop_of(1), ["--map", "price=Total"], "'price'"),
    "a mapping without a sign": (shop_of(1), ["--map", "order_total"], "ROLE=HEADING"),
    "an unknown format": (shop_of(1), ["--format", "amazing"], "amazing"),
    "a margin of nothing": (shop_of(1), ["--margin", "0"], "--margin"),
    "a margin without a share": (shop_of(1), ["--margin-of", "Coffee"], "NAME=SHARE"),
    "a margin above all": (shop_of(1), ["--margin-of", "Coffee=1.5"], "NAME=SHARE"),
    "a cost in words": (shop_of(1), ["--acquisition-cost", "forty"], "--acquisition-cost cannot be 'forty': it takes"),
    "a cost below nothing": (shop_of(1), ["--acquisition-cost=-5"], "0 or more, such as 12.50"),
    "a cost without end": (shop_of(1), ["--acquisition-cost", "inf"], "0 or more, such as 12.50"),
    "a cost with a decimal comma": (shop_of(1), ["--acquisition-cost", "12,50"], "cannot be '12,50'"),
    "a day before the file": (shop_of(1), ["--observation-end", "2020-01-01"], "before the first order"),
    "customers of another shop": (shop_of(1), ["--customers", "no such file.csv"], "cannot be opened"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_one_plain_sentence_and_nothing_is_written(analyze, case):
    content, options, says = REFUSED[case]
    code, out, err = analyze(content, options=options)
    assert code == 2
    assert says in err
    assert err.count("\n") == 1
    assert err.endswith(".\n")
    assert "Traceback" not in err
    assert not out.exists()


def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    assert main(["analyze", str(tmp_path / "none.csv"), "--out", str(tmp_path / "out")]) == 2
    assert "none.csv' cannot be opened (No such file or directory)" in capsys.readouterr().err


def test_results_never_overwrite_a_file_that_stands_where_the_folder_should(tmp_path, capsys):
    (tmp_path / "orders.csv").write_text(shop_of(2))
    (tmp_path / "out").write_text("mine")
    assert main(["analyze", str(tmp_path / "orders.csv"), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["analyze", "a.csv", "--out", "x", "--observation-end", "31/12/2024"],
            "'31/12/2024' is no day such as 2026-09-30",
        ),
        (["analyze", "a.csv"], "required: --out"),
        (["analyze", "a.csv", "--out", "x", "--date-order", "american"], "american"),
        ([], "COMMAND"),
    ],
    ids=range(4),
)
def test_a_wrong_option_is_one_plain_sentence_as_well(capsys, arguments, says):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    err = capsys.readouterr().err
    assert (left.value.code, err.count("\n")) == (2, 1)
    assert says in err


# --- which sheet ----------------------------------------------------------------------------------
def orders_of(year):
    rows = [[f"{year}-{i}", f"{year}-05-{i:02}", f"c{i}@example.org", 10] for i in range(1, 9)]
    return [["Order", "Date", "E-mail", "Total"], *rows]


YEARS = {year: orders_of(year) for year in ("2024", "2025")}


def test_sheets_that_could_all_hold_the_orders_are_asked_about_and_chosen_by_an_option(analyze):
    content = xlsx(YEARS)
    code, out, said = analyze(content, names=["orders.xlsx"])
    assert (code, out.exists()) == (2, False)
    assert said == (
        "Several sheets of 'orders.xlsx' could hold the orders: '2024', '2025'. Say which to read (on the command "
        "line: --sheet NAME, once for each).\n"
    )
    code, out, _ = analyze(content, options=["--sheet", "2025"], names=["orders.xlsx"])
    assert (code, facts(out)["first_order"]) == (0, "2025-05-01")
    code, out, _ = analyze(content, options=["--sheet", "2024", "--sheet", "2025"], names=["orders.xlsx"])
    assert (code, facts(out)["orders"]) == (0, 16)


def test_files_of_every_kind_load_together_and_what_was_not_read_is_said(analyze):
    rows = YEARS["2024"]
    archive = zipped({"shop/2025.csv": csv_file(YEARS["2025"]), "shop/logo.png": b"\x89PNG\r\n"})
    code, out, _ = analyze(archive, xls({"Orders": rows}), names=["export.zip", "orders.xls"])
    assert (code, facts(out)["orders"]) == (0, 16)
    assert "1 file holds no table and was passed over: 'shop/logo.png (in export.zip)'." in facts(out)["findings"]


HEADINGS = ["Order", "Date", "E-mail", "Total"]


def rows_of(*cells):
    return csv_text([dict(zip(HEADINGS, row, strict=True)) for row in cells])


def test_money_given_back_after_the_last_sale_counts_on_its_day(analyze):
    code, out, _ = analyze(rows_of(
        ("1", "2025-03-01", "a@example.org", "100"), ("2", "2025-03-02", "b@example.org", "100"),
        ("3", "2025-03-31", "a@example.org", "-100"),
    ))  # fmt: skip
    said = facts(out)
    assert code == 0
    assert (said["revenue"], said["last_order"], said["observation_end"]) == (100.0, "2025-03-02", "2025-03-31")
    assert said["rows_used"] + sum(said["rows_left_out"].values()) == said["rows_in"] == 3


@pytest.mark.parametrize("word", ["Total", "TOTALS", "Grand Total", "Summe:"])
def test_a_row_of_totals_is_no_order_even_with_a_date(analyze, word):
    orders = [(str(n), f"2025-03-{n:02}", f"{n}@example.org", "10") for n in range(1, 7)]
    code, out, _ = analyze(rows_of(*orders, (word, "2025-03-31", "", "60")))
    said = facts(out)
    assert code == 0
    assert (said["orders"], said["revenue"], said["observation_end"]) == (6, 60.0, "2025-03-06")
    assert said["rows_left_out"] == {"totals_or_footer": 1}


def test_years_of_silence_in_which_every_test_falls_are_said_and_no_crash(analyze):
    export = sample.shop(customers=200).orders_csv
    code, out, said = analyze(export, options=["--observation-end", "2030-01-01"])
    assert code == 0, said
    assert any("There was no order in the last 1,189 days" in finding for finding in facts(out)["findings"])
    assert "nothing was bought, as" in facts(out)["forecast"]["why"]


def test_too_few_returns_carry_no_forecast_and_the_findings_say_why(analyze):
    code, out, _ = analyze(shop_of(6, orders=1))
    said = facts(out)
    assert code == 0
    assert said["forecast"] is None
    assert any("too few to forecast from" in finding for finding in said["findings"])
    assert not any("1 days" in finding or "1 customers" in finding for finding in said["findings"])


def test_a_column_that_no_file_about_customers_has_is_refused(analyze):
    code, out, said = analyze(shop_of(12), options=["--known-at-first-order", "Nope"])
    assert code == 2
    assert "--known-at-first-order cannot be 'Nope'" in said
    assert not list(out.glob("*"))


def test_results_replace_older_ones_whole_or_not_at_all(tmp_path, capsys):
    export, out = tmp_path / "orders.csv", tmp_path / "out"
    export.write_text(shop_of(12), encoding="utf-8")
    (out / "targets.csv").mkdir(parents=True)
    assert main(["analyze", str(export), "--out", str(out)]) == 2
    assert "No results can be written" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["targets.csv"]
    (out / "targets.csv").rmdir()
    for _ in range(2):
        assert main(["analyze", str(export), "--out", str(out)]) == 0
        assert {path.name for path in out.iterdir()} == FILES


def test_the_money_of_an_order_left_out_stands_once(analyze):
    code, out, _ = analyze(csv_text([
        {"Order": "1", "Date": "2025-03-01", "E-mail": "a@example.org", "Total": "20", "Item": "a", "Status": "paid"},
        *({"Order": "2", "Date": "2025-03-02", "E-mail": "b@example.org", "Total": "30", "Item": item,
           "Status": "cancelled"} for item in "xyz"),
    ]))  # fmt: skip
    left = pd.read_csv(out / "left_out.csv")
    assert code == 0
    assert len(left) == 3
    assert left["money"].sum() == 30
