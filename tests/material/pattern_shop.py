"""A larger shop made by one pattern, so that we can work out by hand even what needs many customers.

300 customers in 15 blocks of 20. Customer i comes on day 2i; day 0 is 1 January 2022 and the last, 1095, is 31 December
2024. The place in the block, i modulo 20, says everything about a customer:

    place                first product   buys again
    0, 1, 2              Starter kit     every 60 days for 50 (Refill), until the end         high-value
    3                    Starter kit     once for 10 (Sample) on day 100; in blocks 0, 2, 4 ... 14 again on the last day
    4, 9, 14             a bag           every 60 days for 50 (Refill), until the end         high-value
    5-8, 10-13, 15       a bag           once for 10 (Sample) on day 100
    16, 17               a bag           once for 10 (Sample) on day 20
    18                   a bag           once for 10 (Sample) on day 90
    19                   a bag           never

Every first order comes to 40, so its value tells nothing. Blocks 0, 2, 4 ... live in the US, and their bag is the
Single bag. The others live in Canada, and theirs is the Large bag. Places 0 and 3 of the last block, 14, want no
mail; everybody else does. Nothing is random.

So of 20 first customers, 4 begin with the kit, and 3 of those become high-value. Of the other 16, 3 do.
"""

import datetime as dt

BLOCKS, OF_A_BLOCK = 15, 20
LAST = 1095
HIGH_PLACES = (0, 1, 2, 4, 9, 14)
KIT_PLACES = (0, 1, 2, 3)
QUICK = {16: 20, 17: 20, 18: 90}  # place -> day of the second order; for the other low places it is day 100
NEVER_AGAIN = 19
HEADINGS = (
    "Name,Email,Billing Name,Financial Status,Created at,Accepts Marketing,Shipping Country,Source,Currency,Total,"
    "Refunded Amount,Lineitem quantity,Lineitem name,Lineitem price"
)


def day(number: int) -> dt.date:
    """A day of the shop as a date: day 0 is 1 January 2022."""
    return dt.date(2022, 1, 1) + dt.timedelta(days=number)


def since_1970(number: int) -> int:
    """A day of the shop as clvapp counts it: 52 years x 365 + 13 leap days before 1 January 2022 are 18,993."""
    return 18_993 + number


def email(i: int) -> str:
    """The key of customer i."""
    return f"c{i:03}@example.org"


def _orders_of(i: int) -> list[tuple[int, str, int]]:
    """Day, product and money of every order of customer i."""
    block, place = divmod(i, OF_A_BLOCK)
    first = 2 * i
    begun = [(first, "Starter kit" if place in KIT_PLACES else "Large bag" if block % 2 else "Single bag", 40)]
    if place in HIGH_PLACES:
        return begun + [(when, "Refill", 50) for when in range(first + 60, LAST + 1, 60)]
    if place == NEVER_AGAIN:
        return begun
    begun.append((first + QUICK.get(place, 100), "Sample", 10))
    return [*begun, (LAST, "Sample", 10)] if place == 3 and block % 2 == 0 else begun


def export() -> str:
    """The orders as Shopify writes them, oldest first."""
    rows = sorted(
        (when, i, product, money) for i in range(BLOCKS * OF_A_BLOCK) for when, product, money in _orders_of(i)
    )
    lines = [HEADINGS]
    for number, (when, i, product, money) in enumerate(rows, start=1001):
        block, place = divmod(i, OF_A_BLOCK)
        mail = "no" if block == BLOCKS - 1 and place in (0, 3) else "yes"
        lines.append(
            f"#{number},{email(i)},C{i:03},paid,{day(when)} 09:00:00,{mail},{'CA' if block % 2 else 'US'},web,USD,"
            f"{money}.00,0.00,1,{product},{money}.00"
        )
    return "\n".join(lines) + "\n"


# --- totals -----------------------------------------------------------------------------------------------------------
# In each block, six high-value customers buy 1 + n times, where n is how often 60 goes into 1095 - 2i. Over 60
# customers, which is 3 blocks, 2i runs through 120 days, so each customer of the next 60 has 2 orders fewer than one of
# the 60 before. In the first 60 the places are
#   0 1 2 4                                    2i is 15 at most:   18 times each (18 x 60 = 1080)      72
#   9 14 20 21 22 24 29 34                     2i is 75 at most:   17 times each                      136
#   40 41 42 44 49 54                          2i is 135 at most:  16 times each                       96
# which are 304; five times that, less 18 customers x (2 + 4 + 6 + 8): 1,520 - 360.
HIGH_RETURNS = 1160
CUSTOMERS = 300
HIGH = 90  # 6 x 15
LOW_RETURNS = 195  # 13 x 15: all but place 19
LAST_DAY_ORDERS = 8  # blocks 0, 2, 4 ... 14
RETURNS = 1363  # 1,160 + 195 + 8
ORDERS = 1663  # 300 + 1,363; every order is one row
REVENUE = 72_030.00  # 300 x 40 + 1,160 x 50 + 203 x 10 = 12,000 + 58,000 + 2,030
AVERAGE_VALUE = 240.10  # 72,030 / 300
# High-value customers are above it: the youngest (i = 294, 8 more orders) has paid 440; nobody else paid more than 60.
ABOVE_AVERAGE, SHARE_OF_THOSE_ABOVE = 90, 61_600 / 72_030  # 90 x 40 + 58,000: 85.5 %
PRODUCTS = {  # orders, revenue
    "Refill": (1160, 58_000.00),
    "Single bag": (128, 5_120.00),  # 16 x 8
    "Large bag": (112, 4_480.00),  # 16 x 7
    "Starter kit": (60, 2_400.00),  # 4 x 15
    "Sample": (203, 2_030.00),
}
# Of the 1,160, places 0, 1 and 2 have 585: in the first 60 customers 3 x 18 + 3 x 17 + 3 x 16 = 153, five times that
# less 9 x 20. So the kit's customers have paid 60 x 40 + 585 x 50 + 15 x 10 + 8 x 10 = 31,880. The other 575 belong to
# places 4, 9 and 14. The even blocks start 80 days apart, and 60 goes into the time left to the end
#   place 4:   1087 and so on: 18 16 15 14 12 11 10 8 = 104
#   place 9:   1077 and so on: 17 16 15 13 12 11  9 8 = 101
#   place 14:  1067 and so on: 17 16 15 13 12 11  9 8 = 101
# times, 306 in all; that leaves 269 for the odd blocks. Single bag: 5,120 + 306 x 50 + 12 x 8 x 10 = 21,380. Large bag:
# 4,480 + 269 x 50 + 12 x 7 x 10 = 18,770.
VALUE_BY_FIRST_PRODUCT = {  # 531.33, 167.03 and 167.59
    "Starter kit": (60, 31_880 / 60), "Single bag": (128, 21_380 / 128), "Large bag": (112, 18_770 / 112),
}  # fmt: skip
CUSTOMERS_BY_COUNTRY = {"US": 160, "CA": 140}  # 8 and 7 blocks
# 2024 has 366 days, 730 to 1095. A high-value customer buys 6 times in them (6 x 60 = 360; a 7th would need place 5, 6
# or 7 of 30, and none of those is high-value): 540 orders for 50, and 8 for 10. All 98 were customers for the whole
# year.
BOUGHT_IN_YEAR, ORDERS_IN_YEAR, REVENUE_IN_YEAR = 98, 548, 27_080.00
AOV, ORDERS_PER_YEAR = 27_080 / 548, 548 / 98  # 49.42 and 5.59

# --- who comes back ---------------------------------------------------------------------------------------------------
# Gaps: 30 of 20 days, 1,160 of 60, 15 of 90, 150 of 100, and 8 long ones. The middle one, at place 681, is 60. Nine in
# ten, at place 1,225.8, are at most 100. High-value customers have a rhythm of their own: always 60 days.
USUAL_GAP, LIMIT, OWN_LIMIT = 60, 100, 60
# Everybody has been a customer for at least 497 days (1095 - 598), so shares are plain ones, of 20 places each.
SECOND_WITHIN_30 = 2 / 20  # places 16 and 17
SECOND_WITHIN_90 = 9 / 20  # and place 18, and the high-value ones after 60 days
THIRD_ASKED, THIRD_WITHIN_90 = 135, 6 / 9  # 9 places x 15
NOT_BACK = 1 / 20  # place 19
SECOND_WITHIN_90_BY_FIRST_PRODUCT = {
    "Starter kit": (60, 3 / 4),
    "Single bag": (128, 6 / 16),
    "Large bag": (112, 6 / 16),
}
# A block's money in the first year: 20 x 40 on day 0, 2 x 10 on day 20, 10 on day 90, 10 x 10 on day 100, and 6 x 6 x
# 50 by day 360. Of these 2,730, the first month brings 820.
FIRST_MONTH_OF_YEAR = 820 / 2730  # 30.04 %
# A second product within a year: Refill for 6 and Sample for 3 by day 90, Sample for 10 on day 100.
CROSS_BUYERS, CROSS_BUYING_WITHIN_90 = 285, 9 / 19
STATES = {"new": 0, "active": 98, "slipping": 0, "lapsed": 202, "refunded everything": 0}
# Active are the high-value customers (silent for at most 59 days) and the 8 who bought on the last day.

# --- who becomes high-value -------------------------------------------------------------------------------------------
# From the day after the first order to day 365: 6 x 50 = 300 for 6 of 20, 10 for 13, nothing for one.
LEARNED_FROM, TESTED = 300, 75  # everybody; the newest quarter
THRESHOLD = 96.50  # (6 x 300 + 13 x 10) / 20 = 1,930 / 20
BASE_RATE = 6 / 20  # "30 of 100"
HIT_RATE_OF_KIT, HIT_RATE_OF_BAG = 3 / 4, 3 / 16  # "75 of 100 against 19"; among everybody it would be 30
KIT_OF_HIGH, KIT_OF_OTHERS = 3 / 6, 1 / 14  # 50 % of high-value customers, 7 % of others
TIMES_AS_OFTEN = 4  # 0.75 / 0.1875
RULES_COUNTED = 150  # the half that did not shape them
# The newest 75 are customers 225 to 299: the last 15 of block 11 (places 5 to 19; of these, 9 and 14 became high-value)
# and three blocks. So 12 began with the kit, and 2 + 18 became high-value. A tenth of the 75, which is 7.5, all began
# with the kit: 7.5 x 3/4 of the 20 are 28.125 %, where chance gives 10 %.
TOP_TENTH_LIFT = 2.8125

# --- the lists --------------------------------------------------------------------------------------------------------
# The best fifth by score are the 60 who began with the kit. Of those, the 15 at place 3 are below the average for their
# age: the 8 in even blocks are active, the 7 in odd ones silent. One of the 8 wants no mail. The 90 high-value
# customers are active, and 89 are above the average for their age: customer 0 alone has reached day 1095, and is the
# average there. One of the 89 wants no mail.
UPGRADE, WIN_BACK, THANK, NO_CONSENT = 7, 7, 88, 2
UPGRADE_IDS = tuple(email(OF_A_BLOCK * block + 3) for block in range(0, 13, 2))  # blocks 0 to 12
WIN_BACK_IDS = tuple(email(OF_A_BLOCK * block + 3) for block in range(1, 14, 2))  # blocks 1 to 13


def gap_of(i: int) -> float:
    """What a high-value customer of the same age had spent, minus what customer i at place 3 has spent.

    High-value customers had spent 40, plus 50 for every 60 days. Place 3 spent 40 + 10, and 10 more on the last day.

    This holds up to the age that 20 high-value customers have reached; the oldest have fewer to compare with.
    """
    block = i // OF_A_BLOCK
    return 40 + 50 * ((LAST - 2 * i) // 60) - (60 if block % 2 == 0 else 50)


# --- the forecast's own test ------------------------------------------------------------------------------------------
# The history is 1,096 days long. A cut stands at 0.7 of it: day 767 - 1 = 766, which is 6 February 2024; 329 days are
# left (a later one, at the root of 0.7, would leave 179, less than half a year). All customers were known by then.
CUT, CUT_DAYS = 766, 329
# In 329 days a high-value customer buys 5 or 6 times: 6 when (766 - 2i) modulo 60 is 32 or more, which means that i
# modulo 30 is 0 to 7 or 24 to 29. Of the 18 places in 60 these are 0 1 2 4, 24 29, 34 (4 + 30) and 54 (24 + 30): 8,
# and 10 others: 8 x 6 + 10 x 5 = 98, five times, for 50 each. And 8 x 10 on the last day.
CAME = 24_580.00  # 490 x 50 + 80
