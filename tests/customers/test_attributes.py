"""A file about customers joined to customers, by e-mail or by number."""

import pandas as pd
import pytest

from clvapp.customers.attributes import attributes, joined
from clvapp.problems import NoCustomerMatches, NoKeyInAttributes

CUSTOMERS = pd.DataFrame(
    {"email": ["ada@example.org", "bo@example.org", None], "customer_number": ["1", "2", "3"]}, index=[10, 11, 12]
)


def about(**columns):
    return attributes("customers.csv", pd.DataFrame(columns, dtype="str"))


def test_a_file_is_joined_by_address_whatever_its_case_and_order():
    found = about(Age=["31", "25"], Email=["BO@example.org", "Ada@Example.org"])
    assert (found.key_heading, found.key_is_email, found.headings) == ("Email", True, ("Age",))
    frame = joined(found, CUSTOMERS)
    assert frame.index.tolist() == [10, 11, 12]
    assert frame["Age"].tolist()[:2] == ["25", "31"]
    assert frame["Age"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("heading", ["Customer ID", "customer_id", "CustomerID", "ID", "Customer number"])
def test_a_file_without_addresses_is_joined_by_number(heading):
    found = about(**{heading: ["3.0", "1"], "Age": ["40", "31"]})
    assert not found.key_is_email
    frame = joined(found, CUSTOMERS)
    assert frame["Age"].tolist()[::2] == ["31", "40"]


def test_of_a_customer_who_stands_twice_the_last_row_is_used_and_the_other_counted():
    found = about(Email=["ada@example.org", "ADA@example.org"], Age=["30", "31"])
    assert (found.doubled, found.frame["Age"].tolist()) == (1, ["31"])


def test_rows_without_a_key_are_passed_over():
    found = about(Email=["ada@example.org", None, "bo@example.org"], Age=["30", "31", "32"])
    assert found.frame["Age"].tolist() == ["30", "32"]


def test_a_file_that_names_nobody_is_refused():
    with pytest.raises(NoKeyInAttributes, match=r"'customers.csv' has no column with e-mail"):
        about(Age=["30"], Town=["Lund"])


def test_a_file_about_other_people_is_refused_when_it_is_joined():
    with pytest.raises(NoCustomerMatches, match="by 'Email'"):
        joined(about(Email=["zoe@example.org"], Age=["30"]), CUSTOMERS)


def test_a_file_of_known_customers_with_empty_columns_is_no_file_about_others():
    frame = joined(about(Email=["ada@example.org", "bo@example.org"], Age=[None, None]), CUSTOMERS)
    assert frame["Age"].isna().all()
