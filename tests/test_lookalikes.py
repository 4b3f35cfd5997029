"""Tables that look like orders: each is refused by its name, with the export to make instead."""

import pytest
from hand_frames import read

from clvapp import analysis, formats
from clvapp import read as reading
from clvapp.problems import LookAlike, NoSales, Problem
from clvapp.saved_mapping import SavedMapping

# A header as the shop writes it, and a row of our own.
TABLES = {
    "amazon_settlement": (
        "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\t"
        "transaction-type\torder-id\tamount-type\tamount-description\tamount\tposted-date\n"
        "77\t2026-09-01\t2026-09-14\t2026-09-16\t90.00\tUSD\tOrder\t113-1\tItemPrice\tPrincipal\t76.00\t2026-09-04\n"
    ),
    "amazon_your_orders": (
        "Website,Order ID,Order Date,Purchase Order Number,Currency,Unit Price,Unit Price Tax,Shipping Charge,"
        "Total Discounts,Total Owed,Shipment Item Subtotal,ASIN,Quantity,Payment Instrument Type,Order Status,"
        "Product Name\nAmazon.com,113-1,2026-09-04T01:05:07Z,,USD,10.00,0.80,0,0,10.80,10.00,B0TEST,1,Visa,Closed,Tray\n"
    ),
    "etsy_listings": "TITLE,DESCRIPTION,PRICE,CURRENCY_CODE,QUANTITY,TAGS\nFern print,A print,12.00,USD,4,fern\n",
    "etsy_statement": (
        'Date,Type,Title,Info,Currency,Amount,"Fees & Taxes",Net,"Tax Details"\n'
        '"September 24, 2026",Sale,"Payment for Order #381",,USD,$16.08,--,$16.08,--\n'
    ),
    "gumroad_payouts": (
        "Type,Date,Purchase ID,Item Name,Buyer Name,Buyer Email,Taxes ($),Shipping ($),Sale Price ($),Gumroad Fees ($),"
        "Net Total ($)\nSale,2026-03-05,p1,Zine,Ada Example,ada@example.org,0.0,0.0,9.0,0.9,8.1\nTotals,,,,,,0,0,9.0,0.9,8.1\n"
    ),
    "shopify_customers": (
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address City,Phone,Total Spent,"
        "Total Orders,Note,Tags\n1,Ada,Example,ada@example.org,yes,Duluth,,79.80,2,,\n"
    ),
    "shopify_payouts": (
        "Transaction Date,Type,Order,Card Brand,Card Source,Payout Status,Payout Date,Payout ID,Available On,Amount,Fee,"
        "Net,Currency\n2026-09-03 10:15:00 -0400,charge,#1001,visa,online,paid,2026-09-05,90,2026-09-05,56.29,1.93,54.36,USD\n"
    ),
    "shopify_products": (
        "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price\n"
        "fern,Fern print,A print,Tea House,Print,,true,Size,A4,FERN,12.00\n"
    ),
    "shopify_sales_over_time": (
        "Day,Orders,Gross sales,Discounts,Returns,Net sales,Shipping charges,Taxes,Total sales\n"
        "2026-09-01,4,120.00,-10.00,0.00,110.00,12.00,9.00,131.00\n"
    ),
    "shopify_transactions": (
        "Order,Name,Payment Method,Kind,Gateway,Created At,Status,Amount,Currency,Card Type\n"
        "1,#1001,card,sale,stripe,2026-09-01 10:00:00 -0400,success,100.00,USD,Visa\n"
    ),
    "stripe_application_fees": (
        "id,Created (UTC),Amount,Amount Refunded,Currency,User ID,User Email,Application ID,Transaction ID\n"
        'fee_1,2026-09-01 14:30,"0,25","0,00",eur,acct_1,seller@example.org,ca_1,ch_1\n'
    ),
    "stripe_balance_history": (
        "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description,Transfer\n"
        "txn_1,charge,ch_1,120.00,3.78,116.22,usd,2026-09-01 14:03,2026-09-03 00:00,Tea,po_1\n"
    ),
    "stripe_payouts": (
        "id,Amount,Created (UTC),Currency,Arrival Date (UTC),Source Type,Destination,Status,Type,Method,Description\n"
        "po_1,393.14,2026-07-10 00:18,usd,2026-07-10 00:00,card,ba_1,paid,bank_account,standard,STRIPE PAYOUT\n"
    ),
    "woocommerce_customers": (
        "Name,Username,Last Active,Sign Up,Email,Orders,Total Spend,AOV,Country / Region,City,Region,Postal Code\n"
        "Ada Example,ada,2026-09-01 10:00:00,2026-01-05 10:00:00,ada@example.org,3,90.00,30.00,US,Duluth,MN,55801\n"
    ),
    "woocommerce_revenue": (
        "Date,Orders,Gross sales,Returns,Coupons,Net sales,Taxes,Shipping,Total sales\n"
        "2026-09-01 00:00:00,4,120,0,10,110,9,12,131\n"
    ),
    "xero_import_template": (
        "*ContactName,EmailAddress,POAddressLine1,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,*Description,*Quantity,"
        "*UnitAmount,*AccountCode,*TaxType,Currency\nAda Example,,,INV-1,,11/06/2026,30/06/2026,Tea,2,5.00,200,Tax,NZD\n"
    ),
}  # fmt: skip
OLDER = {
    "amazon_your_orders": "Order Date,Order ID,Title,Category,ASIN/ISBN,UNSPSC Code,Website,Purchase Price Per Unit,"
    "Quantity,Payment Instrument Type,Ordering Customer Email,Item Total\n09/15/24,113-1,Tray,Home,B0,4,Amazon.com,$9.00,"
    "1,Visa,ada@example.org,$9.72\n",
    "stripe_balance_history": "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,"
    "reporting_category,description,customer_email\ntxn_1,2026-09-01 14:03:00,2026-09-03 00:00:00,usd,120.00,3.78,116.22,"
    "charge,Tea,ada@example.org\n",
}
EVERY = [*TABLES.items(), *OLDER.items()]
BOUGHT = """Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID
04/17/2026,10:00:00,PDT,Paper & Co,Website Payment,Completed,USD,-57.50,0.00,-57.50,me@example.org,a@paper.example,B1
04/18/2026,10:00:00,PDT,Paper & Co,Payment Refund,Completed,USD,7.50,0.00,7.50,a@paper.example,me@example.org,B2
04/19/2026,10:00:00,PDT,,Bank Deposit to PP Account,Completed,USD,57.50,0.00,57.50,,,B3
"""


def test_each_known_look_alike_is_tried():
    assert set(TABLES) == {one.key for one in formats.lookalikes()}


def test_each_names_an_export_that_is_known_and_says_where_it_is():
    for one in formats.lookalikes():
        right = formats.named(one.instead)
        assert right in formats.known()
        assert right.menu_path
        assert one.refuse
        assert not one.roles


@pytest.mark.parametrize(("key", "text"), EVERY, ids=lambda part: part[:30])
def test_a_look_alike_is_refused_by_name_with_the_export_to_make_instead(key, text):
    known = next(one for one in formats.lookalikes() if one.key == key)
    with pytest.raises(LookAlike) as refused:
        read(text)
    right = formats.named(known.instead)
    for part in (known.name, known.refuse, right.name, right.menu_path):
        assert part in str(refused.value)
    assert str(refused.value).count(". ") == 0  # one sentence


@pytest.mark.parametrize(("key", "text"), EVERY, ids=lambda part: part[:30])
def test_a_look_alike_is_refused_even_when_its_columns_are_chosen_by_hand(key, text):
    headings = reading.look(reading.Source(f"{key}.csv", text.encode())).headings
    for told in (
        analysis.Reading(format=formats.FALLBACK),
        analysis.Reading(saved=(SavedMapping(headings, {"order_total": [0]}),)),
    ):
        with pytest.raises(LookAlike):
            analysis.understand(reading.Source(f"{key}.csv", text.encode()), told)


@pytest.mark.parametrize(("key", "text"), EVERY, ids=lambda part: part[:30])
def test_no_export_of_orders_fits_a_look_alike(key, text):
    headings = reading.look(reading.Source(f"{key}.csv", text.encode())).headings
    assert [one.key for one in formats.known() if formats.fits(one, headings)] == []
    assert [one.key for one in formats.lookalikes() if formats.fits(one, headings)] == [key]


def test_the_collected_look_alikes_are_refused_by_name(shared):
    files = sorted((shared / "formats" / "fixtures").glob("NOT_ORDERS_*"))
    assert len(files) >= 3
    for path in files:
        with pytest.raises(LookAlike) as refused:
            read(path.read_bytes())
        assert refused.value.name.split()[0].lower() in path.name


def test_a_buyers_own_payments_are_refused_and_say_which_download_is_wanted():
    with pytest.raises(NoSales, match=r"none of its 3 rows is a sale.*buyer's own.*Activity > Download"):
        read(BOUGHT)


def test_what_a_shop_bought_is_left_out_beside_what_it_sold():
    sale = (
        "04/20/2026,10:00:00,PDT,Ada,Website Payment,Completed,USD,20.00,0.00,20.00,ada@example.org,me@example.org,S1\n"
    )
    found = read(BOUGHT + sale)
    assert found.column("order_id") == ["S1"]
    assert found.reasons == {"not_a_sale": 3}


def test_a_workbook_of_payouts_is_refused_like_a_text_of_them(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    for line in TABLES["shopify_payouts"].splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "payouts.xlsx")
    with pytest.raises(Problem, match="Shopify payouts"):
        analysis.understand(reading.Source("payouts.xlsx", tmp_path / "payouts.xlsx"))
