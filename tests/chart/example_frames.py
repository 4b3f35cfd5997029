"""A small frame for each chart, like those that the stages produce."""

import math

import pandas as pd


def orders_revenue_by_month(n=30):
    months = pd.date_range("2023-06-01", periods=n, freq="MS")
    revenue = [9000 + 350 * i + 3500 * math.sin(i / 1.9) for i in range(n)]
    revenue[-1] *= 0.55
    complete = [True] * (n - 1) + [False]
    return pd.DataFrame(
        {"month": months, "revenue": revenue, "orders": [int(r / 43) for r in revenue], "complete": complete}
    )


def value_value_distribution():
    starts = [20.0 * i for i in range(25)]
    customers = [int(900 * math.exp(-(s + 5) / 90)) + 4 for s in starts]
    customers[-1] += 40
    segment = ["above_average" if s >= 120 else "below_average" for s in starts]
    return pd.DataFrame({"start": starts, "end": [s + 20 for s in starts], "customers": customers, "segment": segment})


def value_pareto():
    shares = [i / 100 for i in range(101)]
    return pd.DataFrame({"share_of_customers": shares, "share_of_revenue": [1 - (1 - s) ** 4.5 for s in shares]})


def profile_gain():
    shares = [i / 50 for i in range(51)]
    return pd.DataFrame({"share_contacted": shares, "share_found": [1 - (1 - s) ** 2.4 for s in shares]})


def value_value_by_cohort():
    months = pd.date_range("2023-01-01", periods=34, freq="MS")
    customers = [12 if i in (3, 33) else 80 + 7 * (i % 9) for i in range(34)]
    return pd.DataFrame(
        {
            "month": months,
            "customers": customers,
            "value": [190 - 4 * i + 18 * math.cos(i) for i in range(34)],
        }
    )


def value_value_by_group():
    return pd.DataFrame(
        {
            "group": ["United States", "Germany", "United Kingdom of Great Britain", "Canada", "Malta"],
            "customers": [2412, 610, 388, 97, 9], "value": [142.0, 131.0, 104.0, 88.0, 210.0],
            "low": [136.0, 120.0, 91.0, 66.0, 40.0], "high": [148.0, 142.0, 117.0, 110.0, 380.0],
        }
    )  # fmt: skip


def profile_contrasts():
    return pd.DataFrame(
        {
            "label": [
                "First product: Grinder", "First product: Subscription", "Paid full price",
                "Country: Germany",                "Bought in December",
            ],
            "share_high": [0.42, 0.31, 0.71, 0.28, 0.08], "share_high_low": [0.37, 0.26, 0.66, 0.24, 0.05],
            "share_high_high": [0.47, 0.36, 0.76, 0.33, 0.12],
            "share_others": [0.17, 0.12, 0.54, 0.22, 0.16],
            "share_others_low": [0.15, 0.10, 0.51, 0.20, 0.14],
            "share_others_high": [0.19, 0.14, 0.57, 0.24, 0.18],
        }
    )  # fmt: skip


def targets_targets(n=400):
    spread = [math.sin(12.9898 * i) * 43758.5453 % 1 for i in range(2 * n)]
    return pd.DataFrame(
        {
            "customer_id": [f"person{i}@example.com" for i in range(n)],
            "look_alike_score": [0.22 + 0.4 * u**2 for u in spread[:n]],
            "gap": [20 - 90 * math.log(1 - 0.99 * u) for u in spread[n:]],
        }
    )


def overview_sparkline():
    months = pd.date_range("2024-12-01", periods=12, freq="MS")
    return pd.DataFrame({"month": months, "share": [0.2 + 0.02 * math.sin(i) + 0.004 * i for i in range(12)]})


def repeat_curve(n=91):
    share = [0.32 * (1 - math.exp(-day / 45)) for day in range(n)]
    low, high = [0.9 * one for one in share], [1.1 * one for one in share]
    return pd.DataFrame({"day": range(n), "share": share, "low": low, "high": high})


def repeat_by_group():
    return pd.DataFrame(
        {
            "group": ["Coffee subscription", "House beans, 1 kg", "Gift box with two mugs and beans", "Poster"],
            "customers": [410, 1102, 388, 12], "share": [0.78, 0.31, 0.17, 0.25],
            "low": [0.74, 0.28, 0.13, 0.07], "high": [0.82, 0.34, 0.21, 0.55],
        }
    )  # fmt: skip


def repeat_by_order():
    return pd.DataFrame(
        {
            "number": range(2, 9), "customers": [3905, 801, 398, 220, 145, 60, 18],
            "share": [0.25, 0.55, 0.69, 0.77, 0.83, 0.78, 0.84], "low": [0.24, 0.52, 0.65, 0.72, 0.77, 0.66, 0.6],
            "high": [0.27, 0.59, 0.74, 0.83, 0.89, 0.88, 0.96],
        }
    )  # fmt: skip


def repeat_cohort_map(n=30):
    rows = [
        (month, age, 90 + 5 * (i % 7), 0.3 * math.exp(-age / 9) + 0.02 * math.sin(i + age), age < n - i - 1)
        for i, month in enumerate(pd.date_range("2023-01-01", periods=n, freq="MS"))
        for age in range(n - i)
    ]
    return pd.DataFrame(rows, columns=["cohort", "month", "customers", "retention", "complete"])


def segments_bars():
    return pd.DataFrame(
        {
            "segment": ["Champions", "Loyal", "Potential loyalists", "New customers", "At risk", "Hibernating", "Lost"],
            "customers": [344, 230, 182, 385, 234, 608, 662], "share": [0.13, 0.09, 0.07, 0.15, 0.09, 0.23, 0.24],
            "revenue_share": [0.47, 0.14, 0.06, 0.07, 0.08, 0.08, 0.10],
        }
    )  # fmt: skip


def then_now_moves():
    names = segments_bars()["segment"].tolist()
    rows = [
        (then, now, int(300 * math.exp(-abs(i - j)) + 7))
        for i, then in enumerate(names)
        for j, now in enumerate(names)
        if abs(i - j) < 4
    ]
    rows.append(("Not yet a customer", "New customers", 210))
    return pd.DataFrame(rows, columns=["then", "now", "customers"])


def then_now_revenue_bridge():
    why = ["More customers", "Fewer leaving", "More orders each", "Larger orders", "Without a customer"]
    return pd.DataFrame({"why": why, "change": [-2015.0, 2271.0, 4532.0, 1948.0, -45.0]})


def then_now_trend_line():
    dates = pd.date_range("2023-06-30", periods=30, freq="ME")
    return pd.DataFrame({"date": dates, "value": [600 + 8 * i + 40 * math.sin(i / 2) for i in range(30)]})


def value_forecast_course(n=13):
    days = pd.date_range("2026-01-01", periods=n, freq="14D")
    return pd.DataFrame(
        {"date": days, "expected": [2000.0 * i for i in range(n)], "came": [1800.0 * i for i in range(n)]}
    )


def value_most_expected():
    return pd.DataFrame(
        {
            "name": ["Oscar Carter", "Mina Patel", "Zoë-Charlotte van der Meulen"], "value": [810.0, 760.0, 90.0],
            "low": [120.0, 0.0, 0.0], "high": [1830.0, 1500.0, 410.0],
        }
    )  # fmt: skip


def value_probability_alive():
    cells = [(orders, week) for orders in range(2, 13) for week in range(0, 100, 4)]
    return pd.DataFrame(
        {
            "orders": [orders for orders, _ in cells], "silent_weeks": [week for _, week in cells],
            "until": [week + 4 for _, week in cells],
            "p_alive": [math.exp(-week / 30 / orders) for orders, week in cells],
        }
    )  # fmt: skip
