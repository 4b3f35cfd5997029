"""A date is read however people write it, or refused in words; the rest of the file says what one cell leaves open."""

import datetime as dt

import pytest
from hand_frames import made, order, raw_tables, read

from clvapp.clean.values import values
from clvapp.database import rows
from clvapp.problems import DateOrderUnknown, DatesAhead, OtherCalendar
from clvapp.read import cells

HEAD = "Order number,Order date,Email,Order total"


def moments(*cells):
    """What a column of dates is read as, to the second."""
    with raw_tables([order(str(i), ordered_at=cell) for i, cell in enumerate(cells)]) as (con, raw):
        understood = values(con, raw.table, raw.roles)
        return [str(moment) for (moment,) in rows(con, f"SELECT {understood.ordered_at} FROM raw ORDER BY record")]


# Each is 23 March 2026, at 16:07:08, 16:07, or without a time.
ONE_DAY = {
    "3/23/2026, 4:07:08 PM": "16:07:08",
    "23/03/2026, 16:07": "16:07:00",
    "23/03/2026 4:07PM": "16:07:00",
    "23/03/2026 4:07 p. m.": "16:07:00",
    "23/03/2026, 4:07:08 p.\N{NO-BREAK SPACE}m.": "16:07:08",
    "2026.03.23": "",
    "2026.03.23 16:07": "16:07:00",
    "2026. 03. 23. 16:07": "16:07:00",
    "2026/3/23 16:07": "16:07:00",
    "23. 3. 2026": "",
    "23.03.2026 16:07 Uhr": "16:07:00",
    "23.03.2026 16.07": "16:07:00",
    "23.3.2026 klo 16.07": "16:07:00",
    "23 Mar 2026, 16:07": "16:07:00",
    "23-Mar-26": "",
    "Mar-23-26": "",
    "23rd March 2026": "",
    "23 mars 2026 à 16h07": "16:07:00",
    "March 23, 2026 at 4:07 PM": "16:07:00",
    "Monday, March 23, 2026": "",
    "Mon, 23 Mar 2026 16:07:08 +0000": "16:07:08",
    "Mon Mar 23 2026 16:07:08 GMT+0100 (CET)": "16:07:08",
    "2026-03-23T16:07:08.250+01:00": "16:07:08",
    "2026-03-23 16:07:08 UTC": "16:07:08",
    "1774282028": "16:07:08",
    "1774282028000": "16:07:08",
    "46104": "",
    "20260323": "",
    "20260323160708": "16:07:08",
    "20260323T160708Z": "16:07:08",
    "2026年3月23日": "",
    "2026年3月23日 午後4:07": "16:07:00",
    "2026년 3월 23일 오후 4:07": "16:07:00",
    "23/03/2026 16:07 hs.": "16:07:00",
    "２０２６/０３/２３": "",
    "٢٣/٠٣/٢٠٢٦": "",
    "۲۰۲۶/۰۳/۲۳": "",
    "23 مارس 2026": "",
    "23. März 2026": "",
    "23 de marzo de 2026": "",
    "lun. 23 mar 2026": "",
    "23 març 2026": "",
    "23 marzo 2026 ore 16:07": "16:07:00",
    "23 maart 2026": "",
    "23 marca 2026, 16:07": "16:07:00",
    "den 23 mars 2026": "",
    "23. mars 2026 kl. 16.07": "16:07:00",
    "23. března 2026 v 16:07": "16:07:00",
    "23 Mart 2026 16:07": "16:07:00",
    "23 марта 2026 г., 16:07": "16:07:00",
    "23 martie 2026": "",
    "16:07 23/03/2026": "16:07:00",
    "23 março 2026": "",
}


@pytest.mark.parametrize("written", ONE_DAY)
def test_a_date_is_read_however_people_write_it(written):
    assert moments(written) == [f"2026-03-23 {ONE_DAY[written] or '00:00:00'}"]
    assert cells.is_date(written) or cells.is_counted_date(written)


@pytest.mark.parametrize(
    "written", ["Order 23/03/2026", "10:30", "12.50", "3.5.1", "Maria 12 2024", "192.168.1.1", "99/99/2026"]
)
def test_what_only_looks_like_a_date_is_none(written):
    assert not cells.is_date(written)


def test_a_column_may_hold_several_shapes():
    assert moments("23/03/2026", "1/4/2026 9:05", "7 Apr 2026", "2026-04-08") == [
        "2026-03-23 00:00:00", "2026-04-01 09:05:00", "2026-04-07 00:00:00", "2026-04-08 00:00:00",
    ]  # fmt: skip


def test_a_day_that_no_month_has_is_left_out_and_the_others_are_read():
    found = read("\n".join([HEAD, "1,30/02/2026,a@example.net,5.50", "2,23/03/2026,b@example.net,6.50"]).encode())
    assert found.reasons == {"date": 1}


@pytest.mark.parametrize(("written", "calendar"), [("23/03/2569", "Buddhist"), ("1405/01/03", "Jalali")])
def test_years_of_another_calendar_are_refused_by_its_name(written, calendar):
    with pytest.raises(OtherCalendar, match=calendar):
        moments(written)


def test_another_date_of_the_file_proves_which_of_day_and_month_comes_first():
    rows = ["A-1,05/04/2026,20/04/2026,ann@example.net,15.50", "A-2,06/04/2026,,bob@example.net,5.50"]
    content = "\n".join([HEAD.replace("date,", "date,Pay by,"), *rows]).encode()
    assert [str(day) for day in read(content).orders.sort_values("order_id")["date"]] == ["2026-04-05", "2026-04-06"]
    unproven = content.replace(b"20/04/2026", b"10/04/2026")
    with pytest.raises(DateOrderUnknown):
        read(unproven)


def test_dates_of_a_file_that_prove_both_orders_prove_none():
    rows = ["A-1,05/04/2026,20/04/2026,04/20/2026,ann@example.net,15.50"]
    content = "\n".join([HEAD.replace("date,", "date,Pay by,Sent on,"), *rows]).encode()
    with pytest.raises(DateOrderUnknown):
        read(content)


def test_orders_of_which_most_lie_in_the_future_are_refused():
    years = [order(str(i), ordered_at=f"0{i}/13/68") for i in range(1, 4)]  # 68 is 2568 in Thailand, and 2025 here
    with pytest.raises(DatesAhead, match=r"'Ordered_At' lie in the future \(first: 2068-01-13\)"):
        made(years, today=dt.date(2026, 1, 1))
    assert made([order("1"), order("2"), years[2]], today=dt.date(2026, 1, 1)).cleaned.orders == 3
