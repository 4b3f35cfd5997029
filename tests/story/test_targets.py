"""What the page of upsell targets says: the shop by a pattern has all three lists, the small shop has one to thank."""

from dataclasses import replace
from types import SimpleNamespace

import hand_shop as hand
import pandas as pd
import pattern_shop as large
import pytest

from clvapp.story import targets as story

NO_FILTER = {"most": None, "least_score": 0.0, "countries": (), "consent_known": False}


@pytest.fixture(scope="module")
def found(pattern):
    """The shop by a pattern, with its lists made."""
    return pattern()


def all_lists(analysis, **filters):
    return story.lists(analysis, **(NO_FILTER | filters))


def told(figures):
    return "\n".join(f"{figure.label}: {figure.value}\n{figure.meaning}" for figure in figures)


def standing_in(analysis, *, counts=None, **put):
    """An analysis with counts, or results of its profile, put in by hand."""
    lists = replace(analysis.targets, counts=counts or analysis.targets.counts)
    return SimpleNamespace(profile=replace(analysis.profile, **put), targets=lists, views={})


# --- the answer -------------------------------------------------------------------------------------------------------
# Without a profile who is active and above the average for their age is thanked. On 31 December that is Ada: Ben and
# Cleo are silent. The columns: customers old enough to learn from, their days, thanked, left out.
#   12 December (day 711)      Ada has been silent for 56 days, which is usual for her; Kim and Lou are too new, 11 and
#                              12 days
#   16 October (654)           19 returns tell nobody silent; Ada, Cleo, Hana and Ben are above, and Ben wants no mail;
#                              Jack is too new, 11 days
#   31 December 2023 (364)     Eve alone is above, 100 of 90 by day 180, and one return tells nobody silent
#   the file begins later      Hana, from before day 90, may have been a customer before it
@pytest.mark.parametrize(
    ("settings", "numbers", "thanked", "left_out"),
    [
        ({}, "4 365 120", 1, 0),
        ({"margin": 0.4}, "4 365 120", 1, 0),
        ({"observation_end": hand.LOOK_BACK}, "4 330 120", 1, 2),
        ({"observation_end": hand.TOO_EARLY}, "4 300 120", 3, 2),
        ({"observation_end": hand.EARLIEST, "basis": "with_expected"}, "2 180 120", 1, 0),
        ({"starts_at_opening": False}, "3 300 120", 1, 1),
    ],
)
def test_without_a_profile_there_is_only_thanks(page, shop, words, settings, numbers, thanked, left_out):
    analysis = shop(**settings)
    nobody = all_lists(analysis)["upgrade"]
    assert nobody.empty
    key = "answer: one to thank" if thanked == 1 else "answer: several to thank"
    page.says(key, story.answer(analysis, words, listed=nobody), f"{numbers} {thanked}")
    page.says("figures", told(story.figures(analysis, words)), f"0 0 {thanked} {left_out}")
    assert len(all_lists(analysis)["thank"]) == thanked


def test_how_many_deserve_thanks_is_said_in_their_number(page, found, words):
    put = standing_in(found, usable=False, reason="Too alike.")
    page.says("answer: many to thank", story.answer(put, words, listed=found.targets.table.head(0)), "88")


def test_seven_could_be_worth_more(page, found, words, german):
    listed = all_lists(found)["upgrade"]
    assert tuple(listed["customer_id"]) == tuple(sorted(large.UPGRADE_IDS, key=lambda i: -found.profile.scores[i]))
    # Three in four of who begins with the kit became high-value; shrunk, and averaged over the seven, about that.
    alike = found.profile.scores[list(large.UPGRADE_IDS)].mean()
    assert 0.72 < alike < 0.76
    assert large.BASE_RATE == 0.30
    expected = f"7 {100 * alike:.0f} 100 30 100 7"
    for reader in (words, german):
        page.says("answer", story.answer(found, reader, listed=listed), expected)


def test_scores_are_of_those_who_did_not_see_them_and_true_on_average(found):
    scores = found.profile.scores
    assert scores.mean() == pytest.approx(large.BASE_RATE, abs=0.003)
    kit = [large.email(i) for i in range(large.CUSTOMERS) if i % large.OF_A_BLOCK in large.KIT_PLACES]
    assert scores[kit].mean() == pytest.approx(large.HIT_RATE_OF_KIT, abs=0.015)
    assert scores.drop(kit).mean() == pytest.approx(large.HIT_RATE_OF_BAG, abs=0.015)


def test_what_the_filters_leave_is_said_of_all_seven(page, found, words):
    listed = all_lists(found)["upgrade"]
    best = listed["look_alike_score"].head(2).mean()
    page.says("answer: filtered", story.answer(found, words, listed=listed.head(2)), f"2 7 {100 * best:.0f} 100 30 100")
    page.says("answer: nobody left", story.answer(found, words, listed=listed.head(0)), "0 7")


def test_the_sentences_by_their_parts(page, words):
    part = {"share_like_them": 0.455, "share_all": 0.125}  # halves up: 46 and 13
    say = story.targets_sentence
    page.says("sentence", say(words, targets=1_200, win_back=1_100, **part), "1,200 46 100 13 100 1,100")
    page.says("sentence: nobody silent", say(words, targets=2, **part), "2 46 100 13 100")
    page.says("sentence: one", say(words, targets=1, win_back=1, **part), "1 46 100 13 100 1")
    page.says("sentence: nobody", say(words, targets=0, **part), "")
    page.says("sentence: only silent ones", say(words, targets=0, win_back=1_100, **part), "1,100")
    page.says("sentence: only a silent one", say(words, targets=0, win_back=1, **part), "1")
    some = story.filtered_sentence
    page.says("filtered: one", some(words, targets=1, of=1_200, **part), "1 1,200 46 100 13 100")
    page.says("filtered: some", some(words, targets=2, of=1_200, **part), "2 1,200 46 100 13 100")
    page.says("filtered: nobody", some(words, targets=0, of=1, **part), "0 1")


# --- the figures ------------------------------------------------------------------------------------------------------
def test_how_many_are_on_each_list(page, found, words, german):
    assert (large.UPGRADE, large.WIN_BACK, large.THANK, large.NO_CONSENT) == (7, 7, 88, 2)
    apart = standing_in(found, counts={"upgrade": 6, "win_back": 5, "thank": 1_088})
    for reader, thousand in ((words, "1,088"), (german, "1.088")):
        page.says("figures", told(story.figures(found, reader)), "7 7 88 2")
        page.says("figures", told(story.figures(apart, reader)), ["6", "5", thousand, "2"])


def test_who_was_left_out_and_why(page, plain, looked_back, too_early, shop, found):
    assert story.left_out(plain).empty  # Kim, who came 30 days ago, is old enough
    page.shows("left out: too new", story.left_out(shop(observation_end=hand.day(729))), ["30 1"])  # Kim, 29 days
    page.shows("left out: too new", story.left_out(looked_back), ["30 2"])
    page.shows("left out: no consent, too new", story.left_out(too_early), ["1", "30 1"])
    page.shows("left out: older than the file", story.left_out(shop(starts_at_opening=False)), ["1"])
    assert large.NO_CONSENT == 2
    page.shows("left out: no consent", story.left_out(found), ["2"])


# --- the lists --------------------------------------------------------------------------------------------------------
def thanked(who, name, *reasons, country, first, last, orders, revenue):
    """A row of the small shop's list: without a profile there is neither a score nor a chance nor a gap."""
    blank = float("nan")
    return [
        hand.email(who), hand.email(who), name, "thank", blank, blank, blank, *reasons, country, True,
        pd.Timestamp(hand.day(first)), pd.Timestamp(hand.day(last)), orders, revenue,
    ]  # fmt: skip


def of_the_list(frame, name):
    """The columns of a list, in the order of the table."""
    return [list(row) for row in frame[frame["list"] == name].itertuples(index=False, name=None)]


def same_rows(found, expected):
    """Rows that are equal, a blank being as good as another."""
    blank = [[None if pd.isna(cell) else cell for cell in row] for row in found]
    assert blank == [[None if pd.isna(cell) else cell for cell in row] for row in expected]


def test_who_is_thanked_in_the_small_shop_and_why(plain, at_margin, looked_back, too_early, shop):
    assert hand.THANKED == ("ada",)
    value, average = hand.VALUE_AT_AGE["ada"][1:]
    assert (value, average) == (592.25, 223.0625)
    ada = {"country": "US", "first": 306, "orders": 8, "revenue": 718.0}
    since = "8 orders since November 2023"
    own = ("Spent $592 within 365 days of the first order; the average is $223", since, "Ordered on the last day")
    for analysis in (plain, at_margin):
        same_rows(of_the_list(analysis.targets.table, "thank"), [thanked("ada", "Ada", *own, last=730, **ada)])
    # Without Hana 752.25 / 3 = 250.75 is the average.
    own = ("Spent $592 within 365 days of the first order; the average is $251", since, "Ordered on the last day")
    later = shop(starts_at_opening=False).targets.table
    same_rows(of_the_list(later, "thank"), [thanked("ada", "Ada", *own, last=730, **ada)])
    ada |= {"orders": 7, "revenue": 592.25}
    since = "7 orders since November 2023"
    own = ("Spent $592 within 365 days of the first order; the average is $223", since, "Last order 56 days ago")
    same_rows(of_the_list(looked_back.targets.table, "thank"), [thanked("ada", "Ada", *own, last=655, **ada)])
    # By day 90 Cleo had paid 150 + 130 + 140; Ada 160, Ben 250, Dan 95, Eve 100, Finn 115, Gus 50, Hana 80 and Ivo 25
    # (his 35 came on day 91): 1,295 / 9 = 143.89.
    own = (
        "Spent $420 within 90 days of the first order; the average is $144",
        "4 orders since June 2024",
        "Last order 14 days ago",
    )
    cleo = thanked("cleo", "Cleo", *own, country="CA", first=531, last=640, orders=4, revenue=545.0)
    # Ada (60 + 100 + 110 by day 180) and Hana (80 + 60 by day 365) are above, too: before 20 returns nobody is silent,
    # so their 99 and 289 days do not keep them off the list.
    early = of_the_list(too_early.targets.table, "thank")
    same_rows(early[:1], [cleo])
    assert [row[2] for row in early] == ["Cleo", "Ada", "Hana"]


# The rate is that of the rule, counted on who had no part in shaping it: 24 of 31.
KIT = "First order held 'Starter kit': 77 of 100 such customers became high-value (30 of all)"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def at_the_same_age(i, *, high):
    """What customer i had paid by the last milestone, and the average of all who reached it.

    365 days: all 300: 90 x (40 + 6 x 50) + 195 x 50 + 15 x 40 = 40,950 / 300 = 136.50. 730 days, reached up to customer
    182: 57 x (40 + 12 x 50) + 117 x 50 + 9 x 40 = 42,690 / 183 = 233.28.
    """
    days, average = (730, "$233") if large.LAST - 2 * i >= 730 else (365, "$137")
    paid = f"${40 + 50 * (days // 60)}" if high else "$50.00"
    return f"Spent {paid} within {days} days of the first order; the average is {average}"


def by_hand(i, name, *reasons, gap, bought, last):
    """A row of the pattern's lists without score and chance; `bought`: orders, their money."""
    country = "CA" if i // large.OF_A_BLOCK % 2 else "US"
    return [
        large.email(i), large.email(i), f"C{i:03}", name, gap, *reasons, country, True, pd.Timestamp(large.day(2 * i)),
        pd.Timestamp(large.day(last)), *bought,
    ]  # fmt: skip


def offered(i, name):
    """A customer of place 3: one order of 40, one of 10 on day 100, in even blocks another of 10 on the last day."""
    gap = large.gap_of(i)
    more = f"Customers like them who became high-value had spent ${gap:.0f} more by the same age"
    again = i // large.OF_A_BLOCK % 2 == 0
    bought, last = ((3, 60.0), large.LAST) if again else ((2, 50.0), 2 * i + 100)
    return by_hand(i, name, KIT, at_the_same_age(i, high=False), more, gap=gap, bought=bought, last=last)


def to_thank(i):
    """A high-value customer: an order of 40, and one of 50 every 60 days."""
    returns, silence = divmod(large.LAST - 2 * i, 60)
    first = large.day(2 * i)
    reasons = (
        at_the_same_age(i, high=True),
        f"{returns + 1} orders since {MONTHS[first.month - 1]} {first.year}",
        f"Last order {silence} day{'s' if silence != 1 else ''} ago",
    )
    bought = (returns + 1, 40.0 + 50 * returns)
    return by_hand(i, "thank", *reasons, gap=None, bought=bought, last=large.LAST - silence)


def test_the_lists_of_the_pattern_row_by_row(found):
    made = all_lists(found)
    assert list(made) == ["upgrade", "win_back", "thank"]
    rank = {name: found.profile.scores[list(ids)].sort_values(ascending=False) for name, ids in
            (("upgrade", large.UPGRADE_IDS), ("win_back", large.WIN_BACK_IDS))}  # fmt: skip
    high = [i for i in range(large.CUSTOMERS) if i % large.OF_A_BLOCK in large.HIGH_PLACES and i not in (0, 280)]
    high.sort(key=lambda i: -((large.LAST - 2 * i) // 60))  # who brought most first
    expected = {
        **{name: [offered(int(who[1:4]), name) for who in ids.index] for name, ids in rank.items()},
        "thank": [to_thank(i) for i in high],
    }
    for name, listed in made.items():
        same_rows(of_the_list(listed.drop(columns=["look_alike_score", "next_year_probability"]), name), expected[name])
        assert listed["look_alike_score"].tolist() == found.profile.scores[listed["customer_id"]].tolist()
        chances = found.next_year.probability[listed["customer_id"]]
        assert listed["next_year_probability"].tolist() == chances.tolist()
        # Last year's high-value customers were this year's, all of them.
        assert chances.between(*((0.99, 1) if name == "thank" else (0, 0.01))).all()
        assert list(listed.index) == list(range(len(listed)))


def listing(*rows):
    """A table of targets: list, score, country, consent a row."""
    frame = pd.DataFrame(rows, columns=["list", "look_alike_score", "country", "accepts_marketing"])
    return frame.assign(who=range(len(frame))).astype({"accepts_marketing": "boolean"})


TABLE = listing(
    ("upgrade", 0.60, "US", True), ("upgrade", 0.50, "CA", None), ("upgrade", 0.49, "CA", True),
    ("upgrade", 0.45, None, False), ("thank", None, "US", True), ("thank", 0.10, "CA", None),
)  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({}, [0, 1, 2, 3]),
        ({"name": "thank"}, [4, 5]),
        ({"name": "win_back"}, []),
        ({"most": 1}, [0]),
        ({"most": 9}, [0, 1, 2, 3]),
        ({"least_score": 0.5}, [0, 1]),
        ({"least_score": 0.51}, [0]),
        ({"name": "thank", "least_score": 0.1}, [5]),
        ({"countries": ["CA"]}, [1, 2]),
        ({"countries": ("US", "CA")}, [0, 1, 2]),
        ({"consent_known": True}, [0, 2]),
        ({"name": "thank", "consent_known": True}, [4]),
        ({"countries": ["CA"], "consent_known": True, "least_score": 0.49, "most": 1}, [2]),
    ],
)
def test_filters_leave_who_fits_them_all(filters, left):
    kept = story.chosen(TABLE, **{"name": "upgrade", **filters})
    pd.testing.assert_frame_equal(kept, TABLE.iloc[left].reset_index(drop=True))


def test_each_list_is_filtered_but_thanks_need_no_score():
    analysis = SimpleNamespace(targets=SimpleNamespace(table=TABLE), views={})
    for filters, left in (
        ({}, [[0, 1, 2, 3], [], [4, 5]]),
        ({"most": 1}, [[0], [], [4]]),
        ({"least_score": 0.5}, [[0, 1], [], [4, 5]]),
        ({"countries": ["CA"]}, [[1, 2], [], [5]]),
        ({"consent_known": True}, [[0, 2], [], [4]]),
    ):
        made = all_lists(analysis, **filters)
        assert [listed["who"].tolist() for listed in made.values()] == left


def test_filters_in_the_pattern(page, found, words):
    # Offers go to even blocks, which live in the US, those to win back to odd ones, in Canada.
    made = all_lists(found, countries=["CA"])
    assert {name: len(listed) for name, listed in made.items()} == {"upgrade": 0, "win_back": 7, "thank": 42}
    made = all_lists(found, countries=["US"])
    assert {name: len(listed) for name, listed in made.items()} == {"upgrade": 7, "win_back": 0, "thank": 46}
    assert [len(listed) for listed in all_lists(found, consent_known=True).values()] == [7, 7, 88]
    assert [len(listed) for listed in all_lists(found, most=3).values()] == [3, 3, 3]
    assert [len(listed) for listed in all_lists(found, least_score=1.0).values()] == [0, 0, 88]


def test_a_box_picks_who_lies_in_all_its_ranges():
    listed = pd.DataFrame({"look_alike_score": [0.7, 0.6, 0.5, 0.4], "gap": [10.0, 40.0, 20.0, 30.0]})
    assert story.picked(listed, {}) is listed
    box = {"look_alike_score": [0.5, 0.7], "gap": [10, 20]}  # its edges belong to it
    pd.testing.assert_frame_equal(story.picked(listed, box), listed.iloc[[0, 2]].reset_index(drop=True))
    pd.testing.assert_frame_equal(story.picked(listed, {"gap": [35, 50]}), listed.iloc[[1]].reset_index(drop=True))
    assert story.picked(listed, {"gap": [50, 60]}).empty


def test_the_first_list_with_anybody_on_it_is_open():
    nobody, some = TABLE.head(0), TABLE.head(1)
    for counts, opened in (
        ((some, some, some), "Offer an upgrade"),
        ((nobody, some, some), "Win back first"),
        ((nobody, nobody, some), "Thank"),
        ((nobody, nobody, nobody), "Offer an upgrade"),
    ):
        assert story.first_filled(dict(zip(story.LISTS, counts, strict=True))) == opened


def test_what_the_lists_are_called_and_mean(page):
    assert story.LISTS == {"upgrade": "Offer an upgrade", "win_back": "Win back first", "thank": "Thank"}
    page.says("what the lists mean", "\n".join(f"{name}: {said}" for name, said in story.LIST_MEANING.items()), "")
    assert list(story.LIST_MEANING) == list(story.LISTS)


def test_what_is_told_of_everybody_on_a_list():
    assert [column.name for column in story.COLUMNS] == [
        "customer_id", "email", "name", "look_alike_score", "next_year_probability", "gap", "reason_1", "reason_2",
        "reason_3", "accepts_marketing", "country", "first_order", "last_order", "orders", "revenue",
    ]  # fmt: skip


# --- the picture, and how it is made ----------------------------------------------------------------------------------
def test_the_picture_is_of_the_closest_look_alike(page, found, words, german):
    listed = all_lists(found)["upgrade"]
    closest = f"{100 * found.profile.scores[list(large.UPGRADE_IDS)].max():.0f}"
    for reader in (words, german):
        page.says("picture", story.title(found, listed, reader), f"{closest} 100")
    page.says("picture", story.title(found, pd.DataFrame({"look_alike_score": [0.455, 0.9]}), words), "46 100")


def test_how_the_lists_are_made(page, plain, at_margin, looked_back, with_expected, shop, found, words, german):
    # Of the four old enough Ada alone is above their average, of the three without Hana too.
    for analysis, share in (
        (plain, "25"), (at_margin, "25"), (looked_back, "25"), (with_expected, "0"),
        (shop(starts_at_opening=False), "33"), (found, "30"),
    ):  # fmt: skip
        for reader in (words, german):
            numbers = (
                f"30 90 180 365 100 {share} 100 20% 12"
                if reader is words
                else [
                    *f"30 90 180 365 100 {share} 100".split(),
                    "20\xa0%",
                    "12",
                ]
            )
            page.says("computed", "\n".join(story.computed(analysis, reader)), numbers)
    nobody_yet = shop(observation_end=hand.day(89))
    page.says("computed: nobody yet", "\n".join(story.computed(nobody_yet, words)), "30 90 180 365 100 20% 12")


def test_what_its_owner_has_to_know_of_the_lists(page, plain, looked_back, too_early, with_expected, shop, found):
    assert found.targets.findings == ()
    # A year before, on day 365, the shop knew Hana, Eve, Ivo and Ada; Ada's 658 and Eve's 100 came after it. On day 346
    # they were the same, on day 289 without Ada: Hana's 60, Eve's 100 and Ivo's 35. From day 90 on without Hana.
    for analysis, numbers in (
        (plain, "4 365 120 4 1"),
        (looked_back, "4 330 120 4 1"),
        (too_early, "4 300 120 3 1"),
        (shop(starts_at_opening=False), "3 300 120 3 1"),
    ):
        page.says("findings", "\n".join(analysis.targets.findings), numbers)
    page.says("findings: short", "\n".join(with_expected.targets.findings), "2 180 120 180 365")
