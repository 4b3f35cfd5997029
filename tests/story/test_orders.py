"""Your orders, held by the small shop worked out by hand: what was read, and is it all there?"""

import datetime as dt
from types import SimpleNamespace

import hand_shop as hand
import pandas as pd
import pattern_shop as large
import pytest
from as_written import in_german, written

from clvapp import Analysis, Source, load
from clvapp.story import orders

EVERYTHING = [str(hand.ORDERS), "12", "Jan 1, 2023", "Dec 31, 2024", "$2,450", "$113", "8"]
SALES = [  # orders, revenue, share of 2,450
    "2 $280 11%", "3 $270 11%", "2 $265 11%", "2 $241 10%", "3 $220 9%", "2 $215 9%", "5 $195 8%", "2 $187 8%",
    "2 $145 6%", "2 $120 5%", "2 $115 5%", "2 $55.00 2%", "2 $50.00 2%", "1 $40.00 2%", "2 $34.25 1%",
]  # fmt: skip


def rows_of(frame):
    return list(frame.itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def own_columns():
    """`own_columns("13/05/2025")`: an order of that day, and one given away, in a file that no format knows."""
    read = []

    def of(day):
        text = f"Order,Date,E-mail,Total\n1,{day},a@example.org,10.00\n2,{day},b@example.org,0.00\n"
        read.append(load([Source("orders.csv", text.encode())]))
        return Analysis(read[-1])

    yield of
    for one in read:
        one.close()


# --- the answer -------------------------------------------------------------------------------------------------------
def test_the_answer_says_what_was_read_and_what_was_left_out(plain, words, german, page):
    assert (hand.ORDERS, hand.CUSTOMERS, hand.ROWS_LEFT_OUT) == (37, 12, 8)
    assert str(hand.FIRST_DAY) == "2023-01-01"
    assert str(hand.LAST_DAY) == "2024-12-31"
    written(hand.REVENUE, "$2,450")
    written(hand.REFUNDED, "$113")
    page.says("answer", orders.answer(plain, words), EVERYTHING)
    page.says("answer", orders.answer(plain, german), in_german(EVERYTHING))
    assert orders.answer(plain, german).endswith(
        "37 orders by 12 customers, 01.01.2023 to 31.12.2024, 2.450\u00a0$ after 113\u00a0$ of refunds. "
        "8 rows were left out."
    )


def test_a_file_that_was_used_whole_says_so(pattern, words, german, page):
    told = ["1,663", "300", "Jan 1, 2022", "Dec 31, 2024", "$72,030"]
    assert (large.ORDERS, large.CUSTOMERS, large.REVENUE) == (1663, 300, 72_030.00)
    page.says("answer of all rows", orders.answer(pattern(), words), told)
    page.says("answer of all rows", orders.answer(pattern(), german), in_german(told))


def test_the_answer_ends_with_the_day_looked_back_from(looked_back, with_expected, words):
    assert (hand.LOOK_BACK_ORDERS, hand.LOOK_BACK_CUSTOMERS) == (36, 12)
    written(hand.LOOK_BACK_REVENUE, "$2,324")
    # Kim's, on 1 December, is the last order then; everything that came back had come back.
    assert orders.answer(looked_back, words).startswith(
        "This is a Shopify export: 36 orders by 12 customers, Jan 1, 2023 to Dec 1, 2024, $2,324 after $113 of refunds."
    )
    # In 2023 customers paid 300 in 5 orders, nobody 15.50 in one; Eve had 20 back.
    written(hand.EARLIEST_REVENUE + 15.50, "$316")
    assert orders.answer(with_expected, words).startswith(
        "This is a Shopify export: 6 orders by 4 customers, Jan 1, 2023 to Dec 31, 2023, $316 after $20.00 of refunds."
    )


def test_rows_after_the_day_looked_back_from_are_left_out(looked_back, words, page):
    assert hand.ROWS_IN - hand.LOOK_BACK_ROWS_USED == 10
    # Of the ten rows four are of the two later orders, #1037 and #1041.
    told = ["36", "12", "Jan 1, 2023", "Dec 1, 2024", "$2,324", "$113", "10", "4", "Dec 12, 2024"]
    page.says("answer looked back", orders.answer(looked_back, words), told)


@pytest.mark.parametrize(("settings", "revenue"), [({"count_shipping": False}, hand.WITHOUT_SHIPPING),
                                                   ({"count_tax": False}, hand.WITHOUT_TAX)])  # fmt: skip
def test_without_shipping_or_tax_the_answer_has_less_revenue(shop, words, page, settings, revenue):
    written(revenue, "$2,438")  # 2,438.00, and 2,437.50, which is rounded up
    page.says("answer", orders.answer(shop(**settings), words), [*EVERYTHING[:4], "$2,438", *EVERYTHING[5:]])


def test_a_margin_changes_nothing_about_orders(plain, at_margin, words):
    assert orders.answer(at_margin, words) == orders.answer(plain, words)
    assert orders.figures(at_margin, words) == orders.figures(plain, words)
    assert orders.computed(at_margin, words) == orders.computed(plain, words)
    assert orders.left_out(at_margin, words).equals(orders.left_out(plain, words))
    assert orders.sales(at_margin, "product", words).equals(orders.sales(plain, "product", words))
    assert orders.revenue_title(at_margin, words) == orders.revenue_title(plain, words)


def test_the_sentence_agrees_with_its_numbers_and_its_vowels(words, page):
    days = {"first": dt.date(2024, 1, 2), "last": dt.date(2024, 3, 4)}
    one = orders.orders_sentence(words, export="Etsy", orders=1, customers=1, revenue=9.5, rows_left_out=1, **days)
    page.says("answer of an Etsy export", one, ["1", "1", "Jan 2, 2024", "Mar 4, 2024", "$9.50", "1"])
    own = orders.orders_sentence(words, export=None, orders=2, customers=3, revenue=40, refunded=5, **days)
    page.says("answer of columns named by hand", own, ["2", "3", "Jan 2, 2024", "Mar 4, 2024", "$40.00", "$5.00"])


def test_a_file_of_ones_own_is_no_export(own_columns, words, page):
    told = ["1", "1", "May 13, 2025", "May 13, 2025", "$10.00", "1"]
    page.says("answer of a file of one's own", orders.answer(own_columns("13/05/2025"), words), told)


# --- figures ----------------------------------------------------------------------------------------------------------
def test_the_figures(plain, words, german, page):
    written(hand.ROWS_USED / hand.ROWS_IN, "85%")
    told = ["37", "12", "$2,450", "85% 46 54"]
    page.shows("figures", pd.DataFrame(orders.figures(plain, words)), told)
    page.shows("figures", pd.DataFrame(orders.figures(plain, german)), [in_german(one) for one in told])


def test_the_figures_of_a_day_looked_back_from(looked_back, words):
    told = [(figure.label, figure.value) for figure in orders.figures(looked_back, words)]
    assert told[:3] == [("Orders", "36"), ("Customers", "12"), ("Revenue", "$2,324")]


def test_the_rows_used_until_a_day(looked_back, words, page):
    written(hand.LOOK_BACK_ROWS_USED / hand.ROWS_IN, "81%")
    told = ["36", "12", "$2,324", "81% 44 54"]
    page.shows("figures", pd.DataFrame(orders.figures(looked_back, words)), told)


# --- what it was taken for --------------------------------------------------------------------------------------------
def test_what_the_export_was_taken_for(plain, words, german, page):
    days = ["Jan 1, 2023", "Dec 31, 2024"]
    page.shows("recognised", orders.recognised(plain, words), [[], [], days, [], []])
    page.shows("recognised", orders.recognised(plain, german), [[], [], in_german(days), [], []])


def test_what_an_export_of_a_day_looked_back_from_was_taken_for(looked_back, words, page):
    days = ["Jan 1, 2023", "Dec 1, 2024"]
    page.shows("recognised", orders.recognised(looked_back, words), [[], [], days, [], []])


def test_what_columns_of_ones_own_were_taken_for(own_columns, words, page):
    for key, day in (("day first", "13/05/2025"), ("month first", "05/13/2025")):
        found = orders.recognised(own_columns(day), words)
        page.shows(f"recognised of one's own, {key}", found, [[], [], ["May 13, 2025", "May 13, 2025"], []])


# --- what was left out ------------------------------------------------------------------------------------------------
def test_every_reason_with_its_rows_orders_and_money(plain, words, german, page):
    assert list(hand.LEFT_OUT.values()) == [(4, 2, 245.00), (2, 1, 99.00), (2, 1, 0.00)]
    told = ["4 2 $245", "2 1 $99.00", "2 1 $0"]
    page.shows("left out", orders.left_out(plain, words), told)
    page.shows("left out", orders.left_out(plain, german), [in_german(one) for one in told])


def test_where_nothing_was_left_out_there_is_no_reason(pattern, words, page):
    page.shows("left out: nothing", orders.left_out(pattern(), words), [])


def test_what_came_after_the_day_looked_back_from_has_its_own_reason(looked_back, words):
    assert list(hand.LOOK_BACK_LEFT_OUT.values()) == [(4, 2, 245.00), (2, 1, 99.00), (4, 2, 125.75)]
    told = orders.left_out(looked_back, words)[["Rows", "Orders", "Money"]]
    assert rows_of(told) == [("4", "2", "$245"), ("2", "1", "$99.00"), ("4", "2", "$126")]


# --- sales ------------------------------------------------------------------------------------------------------------
def test_sales_by_product_name_fifteen_and_add_up_the_others(plain, words, german, page):
    assert orders.SALES_SHOWN == len(SALES) == 15
    assert hand.OTHER_PRODUCTS == (2, 3, 18.00)
    others = "2 3 $18.00 1%"  # 0.7 % of 2,450
    for text, (number, money) in zip(SALES, hand.PRODUCTS.values(), strict=False):
        assert text.split()[0] == str(number)
        written(money, text.split()[1])
        written(money / hand.REVENUE, text.split()[2])
    page.shows("sales by product", orders.sales(plain, "product", words), [*SALES, others])
    told = [in_german(one) for one in (*SALES, others)]
    page.shows("sales by product", orders.sales(plain, "product", german), told)
    assert orders.sales(plain, "product", words)["Product"].tolist() == [*list(hand.PRODUCTS)[:15], "2 others"]


def test_orders_that_name_no_country_are_a_row_and_have_their_share(plain, words, page):
    for money, share in ((1497, "61%"), (903, "37%"), (50, "2%")):
        written(money / 2450, share)
    page.shows("sales by country", orders.sales(plain, "country", words), [
        "25 $1,497 61%", "10 $903 37%", "2 $50.00 2%",
    ])  # fmt: skip
    assert orders.sales(plain, "country", words)["Country"].tolist() == ["US", "CA", "not given"]
    assert hand.COUNTRIES == {"US": (25, 1497.00), "CA": (10, 903.00)}


def test_sales_by_channel(plain, words, page):
    assert hand.CHANNELS == {"web": (35, 2400.00), "pos": (2, 50.00)}
    page.shows("sales by channel", orders.sales(plain, "channel", words), ["35 $2,400 98%", "2 $50.00 2%"])


def test_fifteen_products_leave_no_others_and_a_sixteenth_is_the_other(too_early, shop, words):
    # By 16 October there was no Chair, and neither Spoon nor Soap of the last weeks: fifteen products, 2,169.25.
    fifteen = rows_of(orders.sales(too_early, "product", words))
    written(12.25 / 2169.25, "1%")
    assert len(fifteen) == 15
    assert fifteen[-2:] == [("Spoon", "1", "$12.25", "1%"), ("Lamp", "2", "$0", "0%")]
    # With the Chair of the 17th and Lou's Spoon there are sixteen; the Lamps came back.
    sixteen = rows_of(orders.sales(shop(observation_end=hand.day(699)), "product", words))
    assert len(sixteen) == 16
    assert sixteen[-1] == ("1 other", "2", "$0", "0%")


def test_sales_until_a_day(looked_back, words):
    told = rows_of(orders.sales(looked_back, "channel", words))
    assert told == [("web", "34", "$2,274", "98%"), ("pos", "2", "$50.00", "2%")]  # 2,324.25 - 50 = 2,274.25


def test_what_the_others_brought_is_added_up(words):
    # 17 products of 170, 160 ... 20, 10: together 1,530, the last two 30 in 3 orders.
    seventeen = pd.DataFrame(
        {
            "group": [f"No {n}" for n in range(17, 0, -1)],
            "orders": range(17, 0, -1),
            "revenue": [10.0 * n for n in range(17, 0, -1)],
        }
    )
    told = rows_of(
        orders.sales(
            SimpleNamespace(sales={"product": seventeen}, totals=(153, 1530.0, 0.0), views={}), "product", words
        )
    )
    assert told[0] == ("No 17", "17", "$170", "11%")
    assert told[14:] == [("No 3", "3", "$30.00", "2%"), ("2 others", "3", "$30.00", "2%")]


def test_what_came_to_nothing_altogether_has_no_shares(words):
    lamps = pd.DataFrame({"group": ["Lamp"], "orders": [2], "revenue": [0.0]})
    nothing = SimpleNamespace(sales={"product": lamps}, totals=(2, 0.0, 0.0), views={})
    assert rows_of(orders.sales(nothing, "product", words)) == [("Lamp", "2", "$0", "")]


def test_what_was_given_back_of_no_order_is_a_row_and_no_share(words):
    lamps = pd.DataFrame({"group": ["Lamp"], "orders": [2], "revenue": [20.0]})
    back = SimpleNamespace(sales={"product": lamps}, totals=(2, 15.0, 5.0), views={})
    assert rows_of(orders.sales(back, "product", words)) == [
        ("Lamp", "2", "$20.00", "all"), ("refunds and corrections of no order", "0", "-$5.00", "0%"),
    ]  # fmt: skip


# --- revenue by month -------------------------------------------------------------------------------------------------
def test_the_best_month(plain, words, german, page):
    assert (hand.BEST_MONTH, hand.BEST_MONTHS_REVENUE) == ("2024-06", 435.00)
    page.says("revenue", orders.revenue_title(plain, words), ["Jun 2024", "$435"])
    page.says("revenue", orders.revenue_title(plain, german), ["Juni 2024", "435\u00a0$"])


def test_a_month_that_is_not_over_is_not_the_best(shop, words, page):
    # All of June's orders had come by the 23rd, and May had 240; on the 30th the month is whole.
    assert hand.MONTHS["2024-05"][0] == 240.00
    page.says("revenue", orders.revenue_title(shop(observation_end=dt.date(2024, 6, 29)), words), ["May 2024", "$240"])
    page.says("revenue", orders.revenue_title(shop(observation_end=dt.date(2024, 6, 30)), words), ["Jun 2024", "$435"])


def test_where_no_month_is_over_the_best_is_of_what_there_is(shop, words, page):
    early = shop(observation_end=dt.date(2023, 1, 15))
    page.says("revenue, no whole month", orders.revenue_title(early, words), ["Jan 2023", "$80.00"])


# --- how it is computed -----------------------------------------------------------------------------------------------
def test_how_orders_were_made(plain, words, german, page):
    assert (hand.ROWS_IN, hand.ROWS_USED, hand.ROWS_LEFT_OUT, hand.NOBODYS_ORDERS) == (54, 46, 8, 2)
    for reader in (words, german):
        page.says("computed", "\n".join(orders.computed(plain, reader)), "54 46 8 2")


def test_how_orders_were_made_is_written_in_the_readers_numbers(pattern, words, german, page):
    page.says("computed", "\n".join(orders.computed(pattern(), words)), "1,663 1,663 0 0")
    page.says("computed", "\n".join(orders.computed(pattern(), german)), "1.663 1.663 0 0")


def test_orders_that_name_nobody_are_those_until_the_day_looked_back_from(with_expected, words, page):
    # By the end of 2023 nobody had come once, in April. How many rows are left out is held above.
    page.says("computed of one order that names nobody", orders.computed(with_expected, words)[2], "1")


def test_how_orders_were_made_until_a_day(looked_back, words, page):
    page.says("computed", "\n".join(orders.computed(looked_back, words)), "54 44 10 2")
