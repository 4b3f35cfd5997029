"""One small shop, worked out by hand: twelve customers, 37 orders, two years. The pages' tests stand on it.

The code under test printed nothing here. Every constant is arithmetic that a pencil can follow, by the definitions in
docs/methods.md, and `test_shop.py` checks the code against it. Nothing is imported from clvapp either.

Days are counted from the shop's first day: day 0 is 1 January 2023, day 365 is 1 January 2024 and day 730, the last, is
31 December 2024 (2024 has 366 days). The first of each month is day

    2023   Jan 0    Feb 31   Mar 59   Apr 90   May 120  Jun 151  Jul 181  Aug 212  Sep 243  Oct 273  Nov 304  Dec 334
    2024   Jan 365  Feb 396  Mar 425  Apr 456  May 486  Jun 517  Jul 547  Aug 578  Sep 609  Oct 639  Nov 670  Dec 700

Who bought when, and the days between one order day and the next:

    Ada    306 -62-> 368 -60-> 428 -61-> 489 -66-> 555 (two orders) -100-> 655 -75-> 730, the last day
    Ben    486 -37-> 523 -48-> 571 -30-> 601 -38-> 639                                  wants no mail
    Cleo   531 -33-> 564 -48-> 612 -28-> 640
    Dan    449 -90-> 539 -91-> 630; what he ordered on day 580 came back entirely, so that is no order day
    Eve    173 -366-> 539 -90-> 629; 20 of the first order's 120 came back
    Finn   500 -30-> 530
    Gus    498 -31-> 529                                                                consent unknown
    Hana   0, the first day -365-> 365
    Ivo    273 -91-> 364
    Jack   643; it came back entirely
    Kim    700, which is 30 days before the end
    Lou    699, which is 31 days before the end
    nobody 100 and 620, at the till

Days before the end: Kim 30, Lou 31, Cleo's last 90, Ben's last 91, Hana's last 365, Ivo's last 366.
"""

import datetime as dt
from math import exp, log, nan, sqrt

# The rows of the export. Four orders do not count: #1038 was cancelled, #1039 was voided, #1040 is in Canadian dollars,
# and #1041 was free. #1003 has a free line, which is used.
EXPORT = """\
Name,Email,Billing Name,Financial Status,Created at,Accepts Marketing,Shipping Country,Source,Currency,Total,Shipping,\
Taxes,Discount Amount,Refunded Amount,Cancelled at,Lineitem quantity,Lineitem name,Lineitem price
#1001,hana@example.org,Hana,paid,2023-01-01 09:00:00,yes,CA,web,USD,80.00,5.00,0.00,0.00,0.00,,1,Kettle,50.00
#1001,hana@example.org,,,,,,,,,,,,,,1,Mug,25.00
#1002,,,paid,2023-04-11 09:00:00,,,pos,USD,15.50,0.00,0.00,0.00,0.00,,1,Tray,15.50
#1003,eve@example.org,Eve,partially_refunded,2023-06-23 09:00:00,yes,CA,web,USD,120.00,0.00,0.00,0.00,20.00,,1,Kettle,90.00
#1003,eve@example.org,,,,,,,,,,,,,,2,Mug,15.00
#1003,eve@example.org,,,,,,,,,,,,,,1,Gift note,0.00
#1004,ivo@example.org,Ivo,paid,2023-10-01 09:00:00,yes,US,web,USD,25.00,0.00,0.00,0.00,0.00,,1,Mug,25.00
#1005,ada@example.org,Ada,paid,2023-11-03 09:00:00,yes,US,web,USD,60.00,0.00,0.00,0.00,0.00,,1,Teapot,60.00
#1006,ivo@example.org,Ivo,paid,2023-12-31 09:00:00,yes,US,web,USD,35.00,0.00,0.00,0.00,0.00,,1,Mug,35.00
#1007,hana@example.org,Hana,paid,2024-01-01 09:00:00,yes,CA,web,USD,60.00,0.00,0.00,0.00,0.00,,1,Teapot,60.00
#1008,ada@example.org,Ada,paid,2024-01-04 09:00:00,yes,US,web,USD,100.00,7.00,0.00,0.00,0.00,,1,Teapot,93.00
#1009,ada@example.org,Ada,paid,2024-03-04 09:00:00,yes,US,web,USD,110.00,0.00,0.00,0.00,0.00,,1,Samovar,80.00
#1009,ada@example.org,,,,,,,,,,,,,,2,Mug,15.00
#1010,dan@example.org,Dan,paid,2024-03-25 09:00:00,yes,US,web,USD,40.00,0.00,0.00,0.00,0.00,,2,Mug,20.00
#1011,ben@example.org,Ben,paid,2024-05-01 09:00:00,no,US,web,USD,70.00,0.00,0.00,10.00,0.00,,1,Bowl,55.00
#1011,ben@example.org,,,,,,,,,,,,,,1,Jug,25.00
#1012,ada@example.org,Ada,paid,2024-05-04 09:00:00,yes,US,web,USD,90.00,0.00,0.00,0.00,0.00,,1,Kettle,90.00
#1013,gus@example.org,Gus,paid,2024-05-13 09:00:00,,US,web,USD,30.00,0.00,0.00,0.00,0.00,,1,Mug,30.00
#1014,finn@example.org,Finn,paid,2024-05-15 09:00:00,yes,US,web,USD,50.00,0.00,0.00,5.00,0.00,,1,Bowl,55.00
#1015,ben@example.org,Ben,paid,2024-06-07 09:00:00,no,US,web,USD,85.00,0.00,0.00,0.00,0.00,,1,Vase,85.00
#1016,gus@example.org,Gus,paid,2024-06-13 09:00:00,,US,web,USD,20.00,0.00,0.00,0.00,0.00,,1,Jug,20.00
#1017,finn@example.org,Finn,paid,2024-06-14 09:00:00,yes,US,web,USD,65.00,0.00,0.00,0.00,0.00,,1,Mug,65.00
#1018,cleo@example.org,Cleo,paid,2024-06-15 09:00:00,yes,CA,web,USD,150.00,0.00,12.50,0.00,0.00,,1,Rug,100.00
#1018,cleo@example.org,,,,,,,,,,,,,,1,Vase,20.00
#1018,cleo@example.org,,,,,,,,,,,,,,1,Bowl,10.00
#1018,cleo@example.org,,,,,,,,,,,,,,1,Mug,7.50
#1019,dan@example.org,Dan,paid,2024-06-23 09:00:00,yes,US,web,USD,55.00,0.00,0.00,0.00,0.00,,1,Plate,55.00
#1020,eve@example.org,Eve,paid,2024-06-23 10:00:00,yes,CA,web,USD,60.00,0.00,0.00,0.00,0.00,,1,Vase,60.00
#1021,ada@example.org,Ada,paid,2024-07-09 09:00:00,yes,US,web,USD,105.00,0.00,0.00,0.00,0.00,,1,Samovar,105.00
#1022,ada@example.org,Ada,paid,2024-07-09 17:00:00,yes,US,web,USD,12.25,0.00,0.00,0.00,0.00,,1,Spoon,12.25
#1023,cleo@example.org,Cleo,paid,2024-07-18 09:00:00,yes,CA,web,USD,130.00,0.00,0.00,0.00,0.00,,1,Rug,130.00
#1024,ben@example.org,Ben,paid,2024-07-25 09:00:00,no,US,web,USD,95.00,0.00,0.00,0.00,0.00,,1,Clock,95.00
#1025,dan@example.org,Dan,refunded,2024-08-03 09:00:00,yes,US,web,USD,48.00,0.00,0.00,0.00,48.00,,1,Lamp,48.00
#1026,ben@example.org,Ben,paid,2024-08-24 09:00:00,no,US,web,USD,60.00,0.00,0.00,0.00,0.00,,1,Plate,60.00
#1027,cleo@example.org,Cleo,paid,2024-09-04 09:00:00,yes,CA,web,USD,140.00,0.00,0.00,0.00,0.00,,1,Mirror,140.00
#1028,,,paid,2024-09-12 09:00:00,,,pos,USD,34.50,0.00,0.00,0.00,0.00,,1,Tray,34.50
#1029,eve@example.org,Eve,paid,2024-09-21 09:00:00,yes,CA,web,USD,40.00,0.00,0.00,0.00,0.00,,1,Candle,40.00
#1030,dan@example.org,Dan,paid,2024-09-22 09:00:00,yes,US,web,USD,35.00,0.00,0.00,0.00,0.00,,1,Jug,35.00
#1031,ben@example.org,Ben,paid,2024-10-01 09:00:00,no,US,web,USD,92.00,0.00,0.00,0.00,0.00,,1,Clock,92.00
#1032,cleo@example.org,Cleo,paid,2024-10-02 09:00:00,yes,CA,web,USD,125.00,0.00,0.00,0.00,0.00,,1,Mirror,125.00
#1033,jack@example.org,Jack,refunded,2024-10-05 09:00:00,yes,US,web,USD,45.00,0.00,0.00,0.00,45.00,,1,Lamp,45.00
#1034,ada@example.org,Ada,paid,2024-10-17 09:00:00,yes,US,web,USD,115.00,0.00,0.00,0.00,0.00,,1,Chair,115.00
#1035,lou@example.org,Lou,paid,2024-11-30 09:00:00,yes,US,web,USD,22.00,0.00,0.00,0.00,0.00,,1,Spoon,22.00
#1036,kim@example.org,Kim,paid,2024-12-01 09:00:00,yes,CA,web,USD,18.00,0.00,0.00,0.00,0.00,,1,Soap,18.00
#1037,ada@example.org,Ada,paid,2024-12-31 09:00:00,yes,US,web,USD,125.75,0.00,0.00,0.00,0.00,,2,Chair,50.00
#1037,ada@example.org,,,,,,,,,,,,,,1,Mug,25.75
#1038,nora@example.org,Nora,paid,2024-05-20 09:00:00,yes,US,web,USD,210.00,0.00,0.00,0.00,0.00,2024-05-21 09:00:00,1,Rug,150.00
#1038,nora@example.org,,,,,,,,,,,,,,1,Mug,40.00
#1038,nora@example.org,,,,,,,,,,,,,,1,Jug,20.00
#1039,ada@example.org,Ada,voided,2024-12-20 09:00:00,yes,US,web,USD,35.00,0.00,0.00,0.00,0.00,,1,Jug,35.00
#1040,omar@example.org,Omar,paid,2024-07-01 09:00:00,yes,CA,web,CAD,99.00,0.00,0.00,0.00,0.00,,1,Bowl,59.00
#1040,omar@example.org,,,,,,,,,,,,,,1,Jug,40.00
#1041,kim@example.org,Kim,paid,2024-12-21 09:00:00,yes,CA,web,USD,0.00,0.00,0.00,0.00,0.00,,1,Soap,0.00
#1041,kim@example.org,,,,,,,,,,,,,,1,Spoon,0.00
"""  # noqa: E501 - rows of a file

WHO = ("ada", "ben", "cleo", "dan", "eve", "finn", "gus", "hana", "ivo", "jack", "kim", "lou")


def email(who: str) -> str:
    """A customer's key."""
    return f"{who}@example.org"


def day(number: int) -> dt.date:
    """A day of the shop as a date: day 0 is 1 January 2023."""
    return dt.date(2023, 1, 1) + dt.timedelta(days=number)


def since_1970(number: int) -> int:
    """A day of the shop as clvapp counts it: 53 years x 365 + 13 leap days before 1 January 2023 are 19,358."""
    return 19_358 + number


FIRST_DAY, LAST_DAY = dt.date(2023, 1, 1), dt.date(2024, 12, 31)

# --- the orders page --------------------------------------------------------------------------------------------------
ROWS_IN = 54  # 46 used + 8 left out
ROWS_USED = 46  # 37 orders, and 9 more lines: #1001 1, #1003 2, #1009 1, #1011 1, #1018 3, #1037 1
ROWS_LEFT_OUT = 8  # 3 + 1 + 2 + 2
ORDERS = 37  # #1001 to #1037
CUSTOMERS = 12
REVENUE = 2450.00  # 2,400.00 of customers + 50.00 of nobody
CUSTOMERS_REVENUE = 2400.00  # REVENUE_OF added up
CUSTOMERS_ORDERS = 35  # ORDERS_OF added up: 37 - 2 of nobody
REFUNDED = 113.00  # Eve 20 + Dan 48 + Jack 45
NOBODYS_ORDERS, NOBODYS_REVENUE = 2, 50.00  # 15.50 + 34.50; 2 % of 2,450 is 49, so it is 2.04 %
# By the name on the page: rows, orders, money. #1038 has 3 rows and 210; #1039 has one row and 35.
LEFT_OUT = {"status": (4, 2, 245.00), "currency": (2, 1, 99.00), "free": (2, 1, 0.00)}
WITHOUT_SHIPPING = 2438.00  # 2,450 - 5 (#1001) - 7 (#1008)
WITHOUT_TAX = 2437.50  # 2,450 - 12.50 (#1018)

# What is sold, by the product of an order's most expensive line: orders and revenue, highest revenue first.
PRODUCTS = {
    "Rug": (2, 280.00),  # 150 + 130
    "Kettle": (3, 270.00),  # 80 + 100 + 90
    "Mirror": (2, 265.00),  # 140 + 125
    "Chair": (2, 240.75),  # 115 + 125.75
    "Teapot": (3, 220.00),  # 60 + 60 + 100
    "Samovar": (2, 215.00),  # 110 + 105
    "Mug": (5, 195.00),  # 25 + 35 + 40 + 30 + 65
    "Clock": (2, 187.00),  # 95 + 92
    "Vase": (2, 145.00),  # 85 + 60
    "Bowl": (2, 120.00),  # 70 + 50
    "Plate": (2, 115.00),  # 55 + 60
    "Jug": (2, 55.00),  # 20 + 35
    "Tray": (2, 50.00),  # 15.50 + 34.50
    "Candle": (1, 40.00),
    "Spoon": (2, 34.25),  # 12.25 + 22
    # The page shows 15. These are the "2 others", with 3 orders and 18.00, which is 0.7 % of 2,450.
    "Soap": (1, 18.00),
    "Lamp": (2, 0.00),  # 48 - 48 and 45 - 45
}
OTHER_PRODUCTS = (2, 3, 18.00)  # products, orders, revenue
# Nobody's orders have no country. Canada is Cleo, Eve, Hana and Kim: 545 + 200 + 140 + 18, in 4 + 3 + 2 + 1 orders.
COUNTRIES = {"US": (25, 1497.00), "CA": (10, 903.00)}  # 62 % and 38 % (0.62375 and 0.37625) of 2,400
CHANNELS = {"web": (35, 2400.00), "pos": (2, 50.00)}  # 98 % and 2 %

# Month: revenue, orders, buyers (without nobody), new customers. All months are complete: the last day ends December.
MONTHS = {
    "2023-01": (80.00, 1, 1, 1),
    "2023-02": (0.00, 0, 0, 0),
    "2023-03": (0.00, 0, 0, 0),
    "2023-04": (15.50, 1, 0, 0),
    "2023-05": (0.00, 0, 0, 0),
    "2023-06": (100.00, 1, 1, 1),
    "2023-07": (0.00, 0, 0, 0),
    "2023-08": (0.00, 0, 0, 0),
    "2023-09": (0.00, 0, 0, 0),
    "2023-10": (25.00, 1, 1, 1),
    "2023-11": (60.00, 1, 1, 1),
    "2023-12": (35.00, 1, 1, 0),
    "2024-01": (160.00, 2, 2, 0),  # Hana 60 + Ada 100
    "2024-02": (0.00, 0, 0, 0),
    "2024-03": (150.00, 2, 2, 1),  # Ada 110 + Dan 40
    "2024-04": (0.00, 0, 0, 0),
    "2024-05": (240.00, 4, 4, 3),  # Ben 70 + Ada 90 + Gus 30 + Finn 50; all but Ada are new
    "2024-06": (435.00, 6, 6, 1),  # Ben 85 + Gus 20 + Finn 65 + Cleo 150 + Dan 55 + Eve 60; Cleo is new
    "2024-07": (342.25, 4, 3, 0),  # Ada 105 + 12.25 + Cleo 130 + Ben 95
    "2024-08": (60.00, 2, 2, 0),  # Dan 48 - 48 + Ben 60
    "2024-09": (249.50, 4, 3, 0),  # Cleo 140 + nobody 34.50 + Eve 40 + Dan 35
    "2024-10": (332.00, 4, 4, 1),  # Ben 92 + Cleo 125 + Jack 45 - 45 + Ada 115; Jack is new
    "2024-11": (22.00, 1, 1, 1),
    "2024-12": (143.75, 2, 2, 1),  # Kim 18 + Ada 125.75
}
BEST_MONTH, BEST_MONTHS_REVENUE = "2024-06", 435.00
LAST_MONTHS_AVERAGE_ORDER = 71.875  # 143.75 / 2
LAST_MONTHS_RETURNING = 1  # 2 buyers - 1 new

# --- one row a customer -----------------------------------------------------------------------------------------------
ORDER_DAYS = {
    "ada": (306, 368, 428, 489, 555, 655, 730),
    "ben": (486, 523, 571, 601, 639),
    "cleo": (531, 564, 612, 640),
    "dan": (449, 539, 630),
    "eve": (173, 539, 629),
    "finn": (500, 530),
    "gus": (498, 529),
    "hana": (0, 365),
    "ivo": (273, 364),
    "jack": (),
    "kim": (700,),
    "lou": (699,),
}
GAPS = {
    "ada": (62, 60, 61, 66, 100, 75),
    "ben": (37, 48, 30, 38),
    "cleo": (33, 48, 28),
    "dan": (90, 91),
    "eve": (366, 90),
    "finn": (30,),
    "gus": (31,),
    "hana": (365,),
    "ivo": (91,),
}
RETURNS = 21  # 6 + 4 + 3 + 2 + 2 + 1 + 1 + 1 + 1
ORDERS_OF = {
    "ada": 8, "ben": 5, "cleo": 4, "dan": 4, "eve": 3, "finn": 2, "gus": 2, "hana": 2, "ivo": 2, "jack": 1, "kim": 1,
    "lou": 1,
}  # fmt: skip
REVENUE_OF = {
    "ada": 718.00,  # 60 + 100 + 110 + 90 + 105 + 12.25 + 115 + 125.75
    "ben": 402.00,  # 70 + 85 + 95 + 60 + 92
    "cleo": 545.00,  # 150 + 130 + 140 + 125
    "dan": 130.00,  # 40 + 55 + 48 - 48 + 35
    "eve": 200.00,  # 120 - 20 + 60 + 40
    "finn": 115.00,  # 50 + 65
    "gus": 50.00,  # 30 + 20
    "hana": 140.00,  # 80 + 60
    "ivo": 60.00,  # 25 + 35
    "jack": 0.00,  # 45 - 45
    "kim": 18.00,
    "lou": 22.00,
}
FREQUENCY = {  # order days after the first
    "ada": 6, "ben": 4, "cleo": 3, "dan": 2, "eve": 2, "finn": 1, "gus": 1, "hana": 1, "ivo": 1, "jack": 0, "kim": 0,
    "lou": 0,
}  # fmt: skip
RECENCY_DAYS = {  # first to last order day
    "ada": 424,  # 730 - 306
    "ben": 153,  # 639 - 486
    "cleo": 109,  # 640 - 531
    "dan": 181,  # 630 - 449
    "eve": 456,  # 629 - 173
    "finn": 30, "gus": 31, "hana": 365, "ivo": 91, "jack": 0, "kim": 0, "lou": 0,
}  # fmt: skip
TENURE_DAYS = {  # 730 minus the first day
    "ada": 424, "ben": 244, "cleo": 199, "dan": 281, "eve": 557, "finn": 230, "gus": 232, "hana": 730, "ivo": 457,
    "jack": 87, "kim": 30, "lou": 31,
}  # fmt: skip
DAYS_SINCE_LAST_ORDER = {
    "ada": 0, "ben": 91, "cleo": 90, "dan": 100, "eve": 101, "finn": 200, "gus": 201, "hana": 365, "ivo": 366,
    "jack": 87, "kim": 30, "lou": 31,
}  # fmt: skip
MONETARY_VALUE = {  # mean over the order days after the first; Ada's day 555 counts as one, of 117.25
    "ada": 658 / 6,  # 100 + 110 + 90 + 117.25 + 115 + 125.75
    "ben": 83.00,  # (85 + 95 + 60 + 92) / 4 = 332 / 4
    "cleo": 395 / 3,  # 130 + 140 + 125
    "dan": 45.00,  # (55 + 35) / 2
    "eve": 50.00,  # (60 + 40) / 2
    "finn": 65.00, "gus": 20.00, "hana": 60.00, "ivo": 35.00,
}  # fmt: skip

# --- the value page ---------------------------------------------------------------------------------------------------
# The 12 months up to 31 December 2024 are days 365 to 730, which is 366 days. Ivo last bought on day 364, so he is not
# in them. Jack is, though he gave it all back.
BOUGHT_IN_YEAR = 11
ORDERS_IN_YEAR = 30  # Ada 7, Ben 5, Cleo 4, Dan 4, Eve 2, Finn 2, Gus 2, Hana 1, Jack 1, Kim 1, Lou 1
REVENUE_IN_YEAR = 2100.00  # 2,400 minus what customers paid in 2023: Hana 80, Eve 100, Ivo 25 + 35, Ada 60
# Days as a customer within these 366: Ada, Eve and Hana 366 each (1,098), Ben 731 - 486 = 245, Cleo 200, Dan 282, Finn
# 231, Gus 233, Jack 88, Kim 31, Lou 32. 1,098 + 245 + 200 + 282 + 231 + 233 + 88 + 31 + 32 = 2,440.
CUSTOMER_YEARS = 20 / 3  # 2,440 / 366
AOV = 70.00  # 2,100 / 30
ORDERS_PER_YEAR = 4.50  # 30 / (20/3)
# From first order to 31 December 2024, in calendar months and days: Ada 13 m 28 d (from 3 November), Ben 7 m 30 d,
# Cleo 6 m 16 d, Dan 9 m 6 d, Eve 18 m 8 d, Finn 7 m 16 d, Gus 7 m 18 d, Hana 23 m 30 d, Jack 2 m 26 d, Kim 30 d,
# Lou 1 m 1 d: together 93 months and 209 days. 209 / 30.4375 = 6.86653; 99.86653 / 12 / 11 = 0.756565.
YEARS = (93 + 209 / 30.4375) / 12 / 11
CLV = 315 * YEARS  # 70 x 4.5 = 315; x 0.756565 = 238.318
TEN_PERCENT_GAIN = 31.5 * YEARS  # 23.83 a customer
TEN_PERCENT_GAIN_OF_ALL = 11 * 31.5 * YEARS  # 262.15
TEN_PERCENT_BETTER = (77.00, 4.95, 1.1 * YEARS)  # value per order, orders a year, years (0.83 instead of 0.76)

AVERAGE_VALUE = 200.00  # 2,400 / 12; Eve is exactly average, so she is not above
ABOVE_AVERAGE = ("ada", "ben", "cleo")  # 3 of 12, 25 %
SHARE_OF_THOSE_ABOVE = 1665 / 2400  # 718 + 402 + 545: 69.375 %, "69%"
MEDIAN_VALUE = 122.50  # between the sixth and the seventh of 0 18 22 50 60 115 130 140 200 402 545 718
ABOVE_MEDIAN = 6  # 130 + 140 + 200 + 402 + 545 + 718 = 2,135, 88.96 %
SHARE_ABOVE_MEDIAN = 2135 / 2400
TOP_FIFTH_BEGINS = 361.60  # at place 0.8 x 11 = 8.8 of the same list, from 0: 200 + 0.8 x (402 - 200)
SHARE_OF_TOP_FIFTH = 1263 / 2400  # the best 2 (0.2 x 12 = 2.4): 718 + 545; 52.6 %, "53%"
SHARE_OF_ONE_IN_FOUR = 1665 / 2400  # the best 3
# At a margin of 40 % the average is 80.00, and the same three are above it, with the same share of revenue.
MARGIN, AVERAGE_EARNED = 0.4, 80.00
# The 98th percentile is at place 0.98 x 11 = 10.78: 545 + 0.78 x 173 = 679.94. A 24th of it is 28.33, so steps are 50
# wide, up to 700. Start of a step -> customers. Eve's 200 belongs to the step that ends there; Ada is in the open step.
DISTRIBUTION = {0: 3, 50: 2, 100: 3, 150: 1, 400: 1, 500: 1, 700: 1}
# First product: Bowl (Ben, Finn), Kettle (Eve, Hana), Lamp (Jack), Mug (Dan, Gus, Ivo), Rug (Cleo), Soap (Kim), Spoon
# (Lou), Teapot (Ada). The figure is value so far per customer.
VALUE_BY_FIRST_PRODUCT = {
    "Teapot": (1, 718.00), "Rug": (1, 545.00),
    "Bowl": (2, 258.50),  # (402 + 115) / 2
    "Kettle": (2, 170.00),  # (200 + 140) / 2
    "Mug": (3, 80.00),  # (130 + 50 + 60) / 3
    "Spoon": (1, 22.00), "Soap": (1, 18.00), "Lamp": (1, 0.00),
}  # fmt: skip
VALUE_BY_COUNTRY = {"CA": (4, 225.75), "US": (8, 187.125)}  # 903 / 4 and 1,497 / 8
# Month of first order: customers and their value so far.
COHORTS = {
    "2023-01": (1, 140.00), "2023-06": (1, 200.00), "2023-10": (1, 60.00), "2023-11": (1, 718.00),
    "2024-03": (1, 130.00),
    "2024-05": (3, 567.00),  # Ben 402 + Finn 115 + Gus 50: 189 each
    "2024-06": (1, 545.00), "2024-10": (1, 0.00), "2024-11": (1, 22.00), "2024-12": (1, 18.00),
}  # fmt: skip
# The first five cohorts are worth 1,248 / 5 = 249.60 per customer, the later five 1,152 / 7 = 164.57: older customers
# have had longer to buy.

# --- rhythm, states, what is due --------------------------------------------------------------------------------------
# Personal rhythms need at least three gaps, so the shop's is of the first three: 28 30 30 31 33 37 48 48 60 61 62 90 90
# 91 91 365 366, and of those who wait with fewer than three gaps: Kim 30, Lou 31, Dan 100, Eve 101, Finn 200, Gus 201,
# Hana 365, Ivo 366. Kaplan-Meier: of 25 one comes on day 28, of 24 two on day 30 (then Kim is cut off), of 21 one on
# day 31 (then Lou is), and of the other 19 ten by day 91; later than day 201 fewer than five are watched.
#     kept after day 31   24/25 x 22/24 x 20/21 = 0.838;   after day 91   0.838 x 8/19 = 0.353, so 64.7 % came back
# Half of them, 32.4 %: by day 37 25.0 % came (two of the 19), by day 48 33.8 % (four). Nine in ten, 58.2 %: by day 90
# 55.9 % came (nine of the 19), by day 91 64.7 %.
USUAL_GAP, LIMIT = 48, 91
# Ada 60 61 62 66 75 100: middle 64. Ben 30 37 38 48: middle 37.5. Cleo 28 33 48: middle 33.
OWN_USUAL_GAP = {"ada": 64, "ben": 37.5, "cleo": 33}
# The one thing that no pencil follows: by when nine in ten of their next orders come, the three held against all gaps.
# Days are whole, so what counts is what is below; tests/customers/test_next_gap.py says how it is known.
OWN_LIMIT = {"ada": 91, "ben": 50, "cleo": 51}
STATE = {
    "ada": "active",  # ordered on the last day
    "ben": "slipping",  # 91 days
    "cleo": "slipping",  # 90 days
    "dan": "slipping",  # 100 days
    "eve": "slipping",  # 101 days
    "finn": "lapsed",  # 200 days, more than 2 x 91
    "gus": "lapsed",  # 201 days
    "hana": "lapsed",
    "ivo": "lapsed",
    "jack": "refunded everything",
    "kim": "new",  # first order 30 days ago
    "lou": "active",  # first order 31 days ago
}
STATES = {  # customers and revenue
    "new": (1, 18.00),
    "active": (2, 740.00),  # Ada 718 + Lou 22
    "slipping": (4, 1277.00),  # Ben 402 + Cleo 545 + Dan 130 + Eve 200
    "lapsed": (4, 365.00),  # Finn 115 + Gus 50 + Hana 140 + Ivo 60
    "refunded everything": (1, 0.00),
}
SILENT, SILENT_REVENUE = 8, 1642.00  # slipping and lapsed: 1277 + 365; 8 of 12 is 67 %
DUE = {  # day: last order day + usual gap, for everybody except Jack and the lapsed customers
    "ada": 794,  # 730 + 64
    "ben": 676,  # 639 + 37.5, rounded to the even day: 54 days overdue
    "cleo": 673,  # 640 + 33: 57 days overdue
    "dan": 678,  # 630 + 48: 52 days overdue
    "eve": 677,  # 629 + 48: 53 days overdue
    "kim": 748,  # 700 + 48: in 18 days
    "lou": 747,  # 699 + 48: in 17 days
}
DUE_PEOPLE, DUE_WITHIN_30_DAYS, OVERDUE = 7, 6, 4  # all but Ada; Ben, Cleo, Dan and Eve

# --- repeat purchases -------------------------------------------------------------------------------------------------
# Days to the second order day, for the 11 with a first: Finn 30, Gus 31, Cleo 33, Ben 37, Ada 62, Dan 90, Ivo 91, Hana
# 365, Eve 366. Kim is censored at 30 days, Lou at 31. Kaplan-Meier:
#   day 30: 11 at risk, Finn returns    kept 10/11   (Kim is still at risk that day, and is censored after it)
#   day 31:  9 at risk, Gus returns     kept  8/9    (then Lou is censored)
#   days 33, 37, 62, 90: one of 7, 6, 5 and 4 each: 6/7 x 5/6 x 4/5 x 3/4 = 3/7
SECOND_ASKED = 11
SECOND_WITHIN_30 = 1 / 11  # 9.09 %
SECOND_WITHIN_90 = 1 - 10 / 11 * 8 / 9 * 3 / 7  # 1 - 240/693 = 65.4 %; the plain share would be 6 of 11, 54.5 %


def _band(kept: float, greenwood: float) -> tuple[float, float]:
    """The 95 % band of 1 - kept, on the scale of log(-log kept): 1.96 errors to each side."""
    reach = 1.959964 * sqrt(greenwood) / abs(log(kept))
    return 1 - exp(log(kept) * exp(-reach)), 1 - exp(log(kept) * exp(reach))


SECOND_WITHIN_30_BAND = _band(10 / 11, 1 / (11 * 10))  # 1.3 to 49 %
SECOND_WITHIN_90_BAND = _band(
    240 / 693, 1 / (11 * 10) + 1 / (9 * 8) + 1 / (7 * 6) + 1 / (6 * 5) + 1 / (5 * 4) + 1 / (4 * 3)
)
# A third order within 90 days. It counts those whose first order is 180 days old and whose second came within 90: Ada,
# Ben, Cleo, Dan, Finn, Gus (not Ivo: 91). Ben and Cleo take 48 days, Ada 60, Dan 91; Finn and Gus never came.
THIRD_ASKED, THIRD_WITHIN_90 = 6, 3 / 6
THIRD_WITHIN_90_BAND = _band(3 / 6, 2 / (6 * 4) + 1 / (4 * 3))
# Within 30 days each: only Finn came back so quickly, and he did not come a third time.
THIRD_WITHIN_30_ASKED, THIRD_WITHIN_30 = 1, 0.0
# Purchase -> asked, came. A fourth needs a first order 270 days old (by day 460) and three quick ones: only Ada. The
# fifth (by day 370) has her, too. The sixth needs a first order by day 280, and nobody from then bought five in time.
LADDER = {2: (11, 6), 3: (6, 3), 4: (1, 1), 5: (1, 1)}  # 65 %, 50 %, 100 %, 100 % within 90 days
# Days from first to second order, for those who came by day 365 and took at most a year: Ada 62, Ivo 91, Hana 365. The
# quartiles of three lie half way between neighbours: 76.5, 91, 228.
DAYS_TO_SECOND = (3, 76.5, 91, 228)
# Not back within 365 days, by the same curve: of the 240/693 left on day 90 Ivo comes on day 91, of three who are
# watched then, and Hana on day 365, of two; Eve on day 366. So 240/693 x 2/3 x 1/2 are left: 11.5 %.
NOT_BACK_ASKED, NOT_BACK = 11, 240 / 693 / 3
NOT_BACK_BAND = tuple(
    1 - end
    for end in reversed(
        _band(
            NOT_BACK,
            1 / (11 * 10) + 1 / (9 * 8) + 1 / (7 * 6) + 1 / (6 * 5) + 1 / (5 * 4) + 1 / (4 * 3) + 1 / (3 * 2) + 1 / 2,
        )
    )
)


def wilson(hits: int, people: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share: (hits + z^2/2 -+ z sqrt(hits (1 - share) + z^2/4)) / (people + z^2)."""
    z = 1.959964
    middle, reach = hits + z**2 / 2, z * sqrt(hits * (1 - hits / people) + z**2 / 4)
    return (middle - reach) / (people + z**2), (middle + reach) / (people + z**2)


# Of the 2,100 in 2024, customers from an earlier month paid Hana 60, Ada 658, Ben 332 (402 - 70), Cleo 395 (545 - 150),
# Dan 90 (130 - 40), Eve 100, Finn 65, Gus 20 = 1,720. That is 81.9 %.
EXISTING_SHARE = 1720 / 2100
# Of the first six months' 180 (Hana 80, Eve 100), nothing came after the day of a customer's first order.
REPEAT_SHARE_OF_FIRST_MONTHS = 0.0
# All other shares need 30 customers, and the page says so. Refunds of first orders by product: customers, how many gave
# something back, share of the money.
REGRETTED = {
    "Lamp": (1, 1, 1.0), "Kettle": (2, 1, 20 / 200), "Bowl": (2, 0, 0.0), "Mug": (3, 0, 0.0), "Rug": (1, 0, 0.0),
    "Soap": (1, 0, 0.0), "Spoon": (1, 0, 0.0), "Teapot": (1, 0, 0.0),
}  # fmt: skip

# --- cohorts ----------------------------------------------------------------------------------------------------------
# A customer's month is 30.4375 of their own days. Cohort -> month -> customers who bought, revenue in that month.
TRIANGLE = {
    "2023-01": {0: (1, 80.00), 11: (1, 60.00)},  # Hana: 365 / 30.4375 = 11.99
    "2023-06": {0: (1, 100.00), 12: (1, 60.00), 14: (1, 40.00)},  # Eve: 366 is 12.02, 456 is 14.98
    "2023-10": {0: (1, 25.00), 2: (1, 35.00)},  # Ivo: 91 is 2.99
    "2023-11": {  # Ada: 62, 122, 183, 249, 349, 424 are 2.0, 4.0, 6.0, 8.2, 11.5, 13.9
        0: (1, 60.00), 2: (1, 100.00), 4: (1, 110.00), 6: (1, 90.00), 8: (1, 117.25), 11: (1, 115.00), 13: (1, 125.75),
    },
    "2024-03": {0: (1, 40.00), 2: (1, 55.00), 5: (1, 35.00)},  # Dan: 90 is 2.96, 181 is 5.95
    "2024-05": {  # Ben 0, 37, 85, 115, 153 are 0, 1.2, 2.8, 3.8, 5.0; Gus 0, 31 is 1.02; Finn 0, 30 is 0.99
        0: (3, 215.00),  # Ben 70 + Gus 30 + Finn 50 + 65
        1: (2, 105.00),  # Ben 85 + Gus 20
        2: (1, 95.00), 3: (1, 60.00), 5: (1, 92.00),
    },
    "2024-06": {0: (1, 150.00), 1: (1, 130.00), 2: (1, 140.00), 3: (1, 125.00)},  # Cleo: 33, 81, 109: 1.1, 2.7, 3.6
    "2024-10": {0: (0, 0.00)},
    "2024-11": {0: (1, 22.00)},
    "2024-12": {0: (1, 18.00)},
}  # fmt: skip
# The cohorts at least four months old are those up to June 2024: 9 people. Ben and Cleo bought in the fourth month
# (month 3). In the third (month 2) it was Ivo, Ada, Dan, Ben and Cleo; in the fifth only Ada.
FOURTH_MONTH_RETENTION = 2 / 9
# Cohorts with a full year: Hana 140, Eve 100, Ivo 60, Ada 592.25 (718 - 125.75, which came in month 13): 892.25 / 4.
FIRST_YEAR_REVENUE = 223.0625
# If winning a customer costs 90: Hana pays back in month 12 (80, then 140), Eve in month 1 (100), Ivo never (60), Ada
# in month 3 (160), Dan in month 3 (95), the three from May in month 2 (71.67, then 320 / 3 = 106.67), Cleo in month 1
# (150). These seven cohorts are at least half a year old. The middle of 1 1 2 3 3 12 and one that has not is 3. Over a
# year: 140/90, 100/90, 60/90, 592.25/90, and the middle is (1.111 + 1.556) / 2 = 1.333.
WINNING_COSTS, PAID_BACK_WITHIN, NOT_PAID_BACK, COHORTS_ASKED, FIRST_YEAR_TIMES_COST = 90.0, 3, 1, 7, 4 / 3

# --- segments ---------------------------------------------------------------------------------------------------------
# Fifths of twelve end at the 3rd, 5th, 8th and 10th (2.4, 4.8, 7.2, 9.6 rounded up). Days: 0 30 31 | 87 90 | 91 100 101
# | 200 201 | 365 366. Revenue: 0 18 22 | 50 60 | 115 130 140 | 200 402 | 545 718. Times: who came back has 2 2 2 2 3 3
# 4 5 7 order days; quarters end at the 3rd (2), 5th (3) and 7th (4), and each score begins one above: 3, 4, 5.
CUT_DAYS, CUT_TIMES, CUT_MONEY = (31, 90, 101, 201), (2, 3, 4, 5), (22.00, 60.00, 140.00, 402.00)
SCORES = {  # recency, frequency, money
    "ada": (5, 5, 5), "ben": (3, 5, 4), "cleo": (4, 4, 5), "dan": (3, 3, 3), "eve": (3, 3, 4), "finn": (2, 2, 3),
    "gus": (2, 2, 2), "hana": (1, 2, 3), "ivo": (1, 2, 2), "jack": (4, 1, 1), "kim": (5, 1, 1), "lou": (5, 1, 1),
}  # fmt: skip
SEGMENT = {
    "ada": "Champions", "ben": "Loyal", "cleo": "Champions", "dan": "Loyal", "eve": "Loyal", "finn": "At risk",
    "gus": "At risk", "hana": "At risk", "ivo": "At risk", "jack": "Promising", "kim": "New customers",
    "lou": "New customers",
}  # fmt: skip
SEGMENTS = {  # customers, revenue; shares of 12 and of 2,400
    "Champions": (2, 1263.00),  # 718 + 545: 17 %, 53 %
    "Loyal": (3, 732.00),  # 402 + 130 + 200: 25 %, 30.5 %, which rounds to 31
    "New customers": (2, 40.00),  # 18 + 22: 17 %, 2 %
    "Promising": (1, 0.00),
    "At risk": (4, 365.00),  # 115 + 50 + 140 + 60: 33 %, 15 %
}
BASKET = {  # the median of the customers' mean order values
    "Champions": 113.00,  # Ada 718 / 8 = 89.75, Cleo 545 / 4 = 136.25
    "Loyal": 200 / 3,  # Dan 130 / 4 = 32.50, Eve 66.67, Ben 402 / 5 = 80.40
    "New customers": 20.00,
    "Promising": 0.00,
    "At risk": 43.75,  # Gus 25, Ivo 30, Finn 57.50, Hana 70: (30 + 57.50) / 2
}

# --- who becomes high-value, and the lists ----------------------------------------------------------------------------
OLD_ENOUGH_TO_LEARN_FROM = 4  # Hana, Eve, Ivo and Ada have been there for 365 days; 120 are needed
# Value at the same age: day, what each had paid by then, and the average of all who have reached it.
#   day 30: 710 / 12 (Ada 60, Ben 70, Cleo 150, Dan 40, Eve 100, Finn 50 + 65, Gus 30, Hana 80, Ivo 25, Jack 0, Kim 18,
#   Lou 22). Day 180: 1,717 / 9 (Ada 270, Ben 402, Cleo 545, Dan 95, Eve 100, Finn 115, Gus 50, Hana 80, Ivo 60).
#   Day 365: 892.25 / 4. Day 730: only Hana, who is her own average and so neither above nor below it.
VALUE_AT_AGE = {
    "ada": (365, 592.25, 892.25 / 4), "ben": (180, 402.00, 1717 / 9), "cleo": (180, 545.00, 1717 / 9),
    "dan": (180, 95.00, 1717 / 9), "eve": (365, 100.00, 892.25 / 4), "finn": (180, 115.00, 1717 / 9),
    "gus": (180, 50.00, 1717 / 9), "hana": (730, 140.00, 140.00), "ivo": (365, 60.00, 892.25 / 4),
    "jack": (30, 0.00, 710 / 12), "kim": (30, 18.00, 710 / 12), "lou": (30, 22.00, 710 / 12),
}  # fmt: skip
ABOVE_FOR_THEIR_AGE = ("ada", "ben", "cleo")
BELOW_FOR_THEIR_AGE = ("dan", "eve", "finn", "gus", "ivo", "jack", "kim", "lou")
THANKED = ("ada",)  # Ben and Cleo are silent. Nobody is too new: Kim came exactly 30 days ago
# After the first order, above and below. Orders a year: (7 + 4 + 3) / ((424 + 244 + 199) / 365) and
# (3 + 2 + 1 + 1 + 1) / ((281 + 557 + 230 + 232 + 457 + 87 + 30 + 31) / 365).
# Value of such an order: (658 + 332 + 395) / 14 and (90 + 100 + 65 + 20 + 35) / 8. Days to the second order day: the
# middle of 33 37 62 and of 30 31 90 91 366. Refunded of what was paid: 0 and (48 + 20 + 45) / (595 + 113), where 595 is
# 130 + 200 + 115 + 50 + 60 + 0 + 18 + 22. With one order day only: none, and Kim
# and Lou of 8; Jack has none.
BEHAVIOUR = {
    "Orders a year after the first": (14 * 365 / 867, 8 * 365 / 1905),
    "Value of an order after the first": (1385 / 14, 310 / 8),
    "Days to the second order day": (37.0, 90.0),
    "Share of money refunded": (0.0, 113 / 708),
    "Share with one order day only": (0.0, 2 / 8),
}

# --- then and now -----------------------------------------------------------------------------------------------------
# Pair A: 30 November and 31 December 2024, days 699 and 730. The windows are 31 days: 669 to 699 (Lou's 22) and 700 to
# 730 (Kim's 18 and Ada's 125.75). Before the first, on day 668, five are active: Ada (silent 13), Ben (29), Cleo (28),
# Dan (38), Eve (39); Finn is silent for 138, and the shop's limit 91. Before the second, on day 699, four: Ada (44),
# Dan (69), Eve (70), Lou (0); Ben (60) and Cleo (59) are over their own limits. Ada alone was active and bought: none
# of the first five, 1 of 4. Two returns come after day 630, Ada's: 20 had been seen by day 668.
A_THEN, A_NOW, A_DAYS = 699, 730, 31
A_FIGURES = {
    "customers": (11, 12),
    "revenue_so_far": (2256.25, 2400.00),  # less 18 and 125.75
    "average_value": (2256.25 / 11, 200.00),  # 205.11
    "revenue": (22.00, 143.75),
    "orders": (1, 2),
    "order_value": (22.00, 71.875),
    "buyers": (1, 2),
    "orders_each": (1.0, 1.0),
    "new_customers": (1, 1),
    "existing_share": (0.0, 125.75 / 143.75),  # Ada's of both
    "active": (4, 3),  # on day 730: Ada, Kim, Lou; Dan has been silent for 100 days
    "kept_share": (0 / 5, nan),  # 1 of 4: of fewer than five no share is given
}
# Revenue = (new + back + before x kept) x orders each x value: (1 + 0 + 5 x 0) x 1 x 22, then (1 + 0 + 4 x 1/4) x 1 x
# 71.875. Three factors change; each one's part is its mean over the orders in which the three can change: weight 1/3
# where none or both of the others have changed, 1/6 where one has.
#   before (-1): only with kept at 1/4:  -0.25 x (22/6 + 71.875/3)                                       =  -6.90625
#   kept (0 to 1/4), which adds before x 0.25 x value: 27.50/3 + 22/6 + 89.84375/6 + 71.875/3            =  51.765625
#   value (49.875), x (1/3 x 1 + 1/6 x 1 + 1/6 x 2.25 + 1/3 x 2)                                         =  76.890625
# Together 121.75 = 143.75 - 22.
A_START, A_END = 22.00, 143.75
A_BRIDGE = {"More customers": -6.90625, "Fewer leaving": 51.765625, "More orders each": 0.0, "Larger orders": 76.890625}
# Pair B: 15 May and 14 June 2024, days 500 and 530, 30 days each: 471 to 500 (Ben 70, Ada 90, Gus 30, Finn 50) and 501
# to 530 (Ben 85, Gus 20, Finn 65). Finn came on day 500 itself: of the second window he is an existing customer. By day
# 530 there were eight returns, so nobody can tell who was active.
# Second purchase within 30 days: only Dan's 479 became 30 days old in
# the first window, and he did not come (539). In the second Ben's did (516, came 523), Gus's (528, came 529) and Finn's
# (530, came 530): 1 of 3.
B_THEN, B_NOW, B_DAYS = 500, 530, 30
B_FIGURES = {
    "revenue": (240.00, 170.00),
    "orders": (4, 3),
    "order_value": (60.00, 170 / 3),
    "buyers": (4, 3),
    "orders_each": (1.0, 1.0),
    "new_customers": (3, 0),
    "existing_share": (90 / 240, 1.0),
    "second_purchase": (nan, nan),  # of one and of three no share is given
}
# 4 buyers x 60, then 3 x 170/3: buyers bring -1 x (60 + 170/3) / 2, value -10/3 x (4 + 3) / 2.
B_START, B_END = 240.00, 170.00
B_BRIDGE = {"More customers": -58.3333333333, "More orders each": 0.0, "Larger orders": -11.6666666667}

# --- looked back from 12 December 2024, day 711 -----------------------------------------------------------------------
# Without Ada's last order: 2 rows, 125.75. December is incomplete. The free order of 21 December is later, too.
LOOK_BACK = dt.date(2024, 12, 12)
LOOK_BACK_ORDERS, LOOK_BACK_CUSTOMERS, LOOK_BACK_REVENUE = 36, 12, 2324.25
LOOK_BACK_RETURNS = 20
LOOK_BACK_LIMIT = 91  # as on the last day: nobody without a rhythm came or came back since, and the same nineteen wait
AFTER_LOOK_BACK = (4, 2, 125.75)  # rows, orders, money: #1037 and #1041; #1039 stays "voided"
LOOK_BACK_LEFT_OUT = {"status": (4, 2, 245.00), "currency": (2, 1, 99.00), "after_look_back": AFTER_LOOK_BACK}
LOOK_BACK_ROWS_USED = 44  # 54 - 4 - 2 - 4
# Days 346 to 711 are 366 days. Everybody bought: Ada 6 orders and 532.25 (718 - 60 - 125.75), Ivo and Hana one each,
# the others as above. That is 30 orders and 2,009.25. Days as customers: Ada, Eve, Hana, Ivo 366 each, Ben 226, Cleo
# 181, Dan 263, Finn 212, Gus 214, Jack 69, Kim 12, Lou 13: 2,654.
LOOK_BACK_AOV = 2009.25 / 30  # 66.975
LOOK_BACK_ORDERS_PER_YEAR = 30 * 366 / 2654  # 4.137
# Months and days: Ada 13 m 9 d, Ben 7 m 11 d, Cleo 6 m -3 d, Dan 9 m -13 d, Eve 18 m -11 d, Finn 7 m -3 d, Gus 7 m -1
# d, Hana 23 m 11 d, Ivo 14 m 11 d, Jack 2 m 7 d, Kim 11 d, Lou 1 m -18 d: 107 months and 11 days.
LOOK_BACK_YEARS = (107 + 11 / 30.4375) / 12 / 12  # 0.7456
# Cleo counts for the third purchase for the first time: her first order is 180 days old on this very day.
LOOK_BACK_THIRD_ASKED = 6

# --- looked back from 31 December 2023, day 364 -----------------------------------------------------------------------
# There is so little history that no model is fitted, so we can work out a forecast by hand: everybody gets the shop's
# rate of return. Four customers (Hana 80, Eve 100, Ivo 60, Ada 60) have five order days. Only Ivo returned, on that
# very day, in 364 + 191 + 91 + 58 = 704 days. We add half a return in a year: 1.5 in 1,069 customer-days. The page says
# that 1 is too few.
EARLIEST = dt.date(2023, 12, 31)
EARLIEST_CUSTOMERS, EARLIEST_REVENUE, EARLIEST_RETURNS, EARLIEST_DAYS = 4, 300.00, 1, 365
EARLIEST_ORDERS_AHEAD = 4 * 365 * 1.5 / 1069  # 2.0486 in 365 days
EARLIEST_REVENUE_AHEAD = 60 * EARLIEST_ORDERS_AHEAD  # 300 / 5 an order: 122.92
# Evenly over 365 of a year's 365.25 days at 10 % a year: (1 - 1.1^-y) / (y x ln 1.1), which is 0.9539.
_YEAR = 365 / 365.25
EARLIEST_VALUE_AHEAD = EARLIEST_REVENUE_AHEAD * (1 - 1.1**-_YEAR) / (_YEAR * log(1.1))  # 117.25
EARLIEST_WORTH = (300 + EARLIEST_VALUE_AHEAD) / 4  # so far and expected, on average: 104.31
# The history is exactly a year, so the formula covers the last 12 months: 5 orders in 365 + 192 + 92 + 59 = 708 days.
EARLIEST_AOV, EARLIEST_ORDERS_PER_YEAR = 60.00, 5 * 365 / 708  # 2.578

# --- looked back from 16 October 2024, day 654 ------------------------------------------------------------------------
# The day before Ada's second-last order: 19 returns, too few for states (20) and for a forecast (20 in 56 days), from
# 10 customers (Kim and Lou are not there yet) in 655 days, the first and the last included.
TOO_EARLY = dt.date(2024, 10, 16)
TOO_EARLY_RETURNS, TOO_EARLY_CUSTOMERS, TOO_EARLY_DAYS = 19, 10, 655
