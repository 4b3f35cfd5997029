"""One person under several keys: offered for joining, and joined only where the owner says so."""

from hand_frames import made, order, raw_tables

from clvapp import clean


def bought(key, email=None, name=None, day="2026-03-14", **cells):
    return order(key, customer_email=email, customer_name=name, ordered_at=day, **cells)


IDA = [
    bought("A", "ida@home.example", "Ida Holm", "2026-03-01", postcode="SW1A 1AA"),
    bought("B", "ida@work.example", "IDA HOLM", "2026-03-02", postcode="sw1a1aa"),
    bought("C", None, "Ída Holm", "2026-03-03", postcode="SW1A 1AA"),
    bought("D", "otto@home.example", "Otto Berg", "2026-03-04", postcode="SW1A 1AA"),
]


def offered(rows):
    with raw_tables(rows) as (con, raw):
        clean.orders(con, clean.load(con, [raw], rows_in=len(rows)))
        return con.execute("SELECT customer_id, joined, shared FROM same_person ORDER BY ALL").fetchall()


def test_nobody_is_joined_until_the_owner_says_so():
    assert made(IDA).column("customer_id") == [
        "ida@home.example", "ida@work.example", "ída holm, sw1a 1aa", "otto@home.example",
    ]  # fmt: skip


def test_one_name_and_postcode_is_one_person_where_the_owner_says_so():
    found = made(IDA, join_people=True)
    assert found.column("customer_id") == [*["ida@home.example"] * 3, "otto@home.example"]
    assert found.column("rank") == [1, 2, 3, 1]
    assert found.cleaned.rows_in == found.cleaned.rows_used == 4


def test_the_offer_names_each_key_the_one_it_would_join_and_what_they_share():
    shared = "ida holm, sw1a1aa"
    assert offered(IDA) == [
        ("ida@home.example", "ida@home.example", shared),
        ("ida@work.example", "ida@home.example", shared),
        ("ída holm, sw1a 1aa", "ida@home.example", shared),
    ]


def test_one_telephone_is_one_person_and_joins_whoever_shares_something_with_either():
    rows = [
        bought(
            "A",
            "ida@home.example",
            "Ida Holm",
            "2026-03-01",
            postcode="4000",
            customer_phone="912 345 678",
            country="PT",
        ),
        bought("B", "ida@work.example", "I. H.", "2026-03-02", customer_phone="+351 912345678", country="PT"),
        bought("C", "i@old.example", "Ida Holm", "2026-02-03", postcode="4000", country="PT"),
    ]
    assert made(rows, join_people=True).column("customer_id") == ["i@old.example"] * 3


def test_a_name_without_a_postcode_joins_nobody():
    assert offered([bought("A", "ida@a.example", "Ida Holm"), bought("B", "ida@b.example", "Ida Holm")]) == []


def test_a_first_name_alone_joins_nobody():
    rows = [bought(key, f"{key}@a.example", "Ida", postcode="4000") for key in "AB"]
    assert offered(rows) == []


def test_a_name_without_a_blank_is_whole_where_its_script_has_none():
    rows = [bought(key, f"{key}@a.example", "山田太郎", postcode="100-0001") for key in "AB"]
    assert len(offered(rows)) == 2


def test_a_postcode_with_four_digits_more_is_the_same_place():
    rows = [
        bought("A", "a@a.example", "Ida Holm", postcode="12345"),
        bought("B", "b@a.example", "Ida Holm", postcode="12345-6789"),
    ]
    assert len(offered(rows)) == 2


def test_a_number_of_half_the_town_joins_nobody():
    rows = [bought(str(i), f"p{i}@a.example", customer_phone="+351 912345678") for i in range(9)]
    assert offered(rows) == []
    assert len(offered(rows[:8])) == 8


def test_the_ends_of_two_numbers_may_be_alike():
    rows = [
        bought("A", "a@a.example", customer_phone="+351 912345678"),
        bought("B", "b@a.example", customer_phone="+44 7912345678"),
    ]
    assert offered(rows) == []
