"""Which columns of a frame are shown."""

import pandas as pd

from clvapp import columns

PEOPLE = (columns.CUSTOMER_ID, columns.EMAIL, columns.NAME, columns.REVENUE)


def shown(**cells: list[object]) -> list[str]:
    return columns.names(columns.telling(pd.DataFrame(cells), PEOPLE))


def test_people_are_shown_once_by_their_e_mail_where_everybody_has_one():
    assert shown(customer_id=["a@x.org", "b@x.org"], email=["a@x.org", "b@x.org"], revenue=[1, 2]) == [
        "email",
        "revenue",
    ]


def test_people_are_shown_once_by_what_they_are_known_by_where_some_have_no_e_mail():
    assert shown(customer_id=["a@x.org", "17"], email=["a@x.org", None]) == ["customer_id"]


def test_both_are_shown_where_they_say_different_things():
    assert shown(customer_id=["17", "18"], email=["a@x.org", None]) == ["customer_id", "email"]


def test_a_column_that_is_blank_throughout_is_not_shown_and_an_empty_table_keeps_its_headings():
    assert shown(customer_id=["17"], email=[None], name=[None], revenue=[1.0]) == ["customer_id", "revenue"]
    assert shown(customer_id=[], email=[], name=[], revenue=[]) == ["email", "name", "revenue"]
