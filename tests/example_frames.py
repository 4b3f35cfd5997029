"""A small frame for each chart, as the stages hand them over."""

import math

import pandas as pd


def revenue_by_month(n=30):
    months = pd.date_range("2023-06-01", periods=n, freq="MS")
    revenue = [9000 + 350 * i + 3500 * math.sin(i / 1.9) for i in range(n)]
    revenue[-1] *= 0.55
    complete = [True] * (n - 1) + [False]
    return pd.DataFrame(
        {"month": months, "revenue": revenue, "orders": [int(r / 43) for r in revenue], "complete": complete}
    )


def value_distribution():
    starts = [20.0 * i for i in range(25)]
    customers = [int(900 * math.exp(-(s + 5) / 90)) + 4 for s in starts]
    customers[-1] += 40
    segment = ["above_average" if s >= 120 else "below_average" for s in starts]
    return pd.DataFrame({"start": starts, "end": [s + 20 for s in starts], "customers": customers, "segment": segment})


def pareto():
    shares = [i / 100 for i in range(101)]
    return pd.DataFrame({"share_of_customers": shares, "share_of_revenue": [1 - (1 - s) ** 4.5 for s in shares]})


def gain():
    shares = [i / 50 for i in range(51)]
    return pd.DataFrame({"share_contacted": shares, "share_found": [1 - (1 - s) ** 2.4 for s in shares]})


def value_by_cohort():
    months = pd.date_range("2023-01-01", periods=34, freq="MS")
    customers = [12 if i in (3, 33) else 80 + 7 * (i % 9) for i in range(34)]
    return pd.DataFrame(
        {
            "month": months,
            "customers": customers,
            "value": [190 - 4 * i + 18 * math.cos(i) for i in range(34)],
        }
    )


def factors():
    return pd.DataFrame(
        {"factor": ["Value of an order", "Orders a year", "Years as a customer"], "gain": [13.1, 13.1, 9.4]}
    )


def value_by_group():
    return pd.DataFrame(
        {
            "group": ["United States", "Germany", "United Kingdom of Great Britain", "Canada", "Malta"],
            "customers": [2412, 610, 388, 97, 9], "value": [142.0, 131.0, 104.0, 88.0, 210.0],
            "low": [136.0, 120.0, 91.0, 66.0, 40.0], "high": [148.0, 142.0, 117.0, 110.0, 380.0],
        }
    )  # fmt: skip


def contrasts():
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


def targets(n=400):
    spread = [math.sin(12.9898 * i) * 43758.5453 % 1 for i in range(2 * n)]
    return pd.DataFrame(
        {
            "customer_id": [f"person{i}@example.com" for i in range(n)],
            "look_alike_score": [0.22 + 0.4 * u**2 for u in spread[:n]],
            "gap": [20 - 90 * math.log(1 - 0.99 * u) for u in spread[n:]],
        }
    )


def sparkline():
    months = pd.date_range("2024-12-01", periods=12, freq="MS")
    return pd.DataFrame({"month": months, "share": [0.2 + 0.02 * math.sin(i) + 0.004 * i for i in range(12)]})
