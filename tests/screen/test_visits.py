"""What a visitor had ends when they have left, and large work is done for one visitor at a time."""

import gc
import json
import time
import weakref
from pathlib import Path
from threading import Event, Thread

import pytest

from benchmarks.visitor import Visitor, served
from clvapp import Analysis, Source, load, sample
from screen import visits
from screen.session import Session

SERVER = Path(__file__).parents[1] / "material" / "watched_server.py"
PAGES = ("overview", "segments", "repeat", "then_now", "profile", "targets", "value", "")
OF_ANALYSIS = (
    "forecast", "intervals", "targets", "scored", "left_out", "cohorts", "segments", "silent", "behaviour",
)  # fmt: skip
OF_RETURNING = ("figures", "curve", "repeat_rate_by_order", "due", "regretted", "cohort_table", "history")


@pytest.fixture
def no_circles():
    """Python does not look for circles of objects while this test runs."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def visited(shop):
    """A session that has looked at everything there is of a shop."""
    found = Session(shop=shop, analysis=Analysis(shop))
    seen, end = found.analysis.returning, found.analysis.end_day
    for name in (
        "forecast",
        "intervals",
        "targets",
        "scored",
        "left_out",
        "cohorts",
        "segments",
        "silent",
        "behaviour",
    ):
        getattr(found.analysis, name)
    for name in ("figures", "curve", "repeat_rate_by_order", "due", "regretted", "cohort_table", "history"):
        getattr(seen, name)
    seen.segmented()
    seen.then_and_now(end - 180, end)
    seen.compare(end - 180, end)
    return found


def test_what_a_session_had_is_gone_when_it_ends(no_circles):
    session = visited(load([Source("orders.csv", sample.shop(customers=300).orders_csv)]))
    page = {"analysis": session.analysis, "people": session.analysis.customers}
    page["itself"] = page  # as a page's functions refer to its names
    session.scripts.append(page)
    del page
    held = [session.shop, session.shop.engine, session.analysis, session.analysis.customers, session.analysis.forecast]
    there, folder = [weakref.ref(one) for one in held], session.shop.engine.spill.path
    del held
    session.end()
    assert [one() for one in there] == [None] * 5
    assert not folder.exists()
    assert (session.shop, session.analysis, session.scripts, session.loads) == (None, None, [], 0)


def test_an_analysis_nobody_uses_is_gone_even_without_an_end(no_circles):
    session = visited(load([Source("orders.csv", sample.shop(customers=300).orders_csv)]))
    before = weakref.ref(session.analysis)
    session.analysis = Analysis(session.shop)
    assert before() is None
    session.end()


def test_large_work_is_done_for_one_at_a_time_in_the_order_they_came():
    told, done, first_is_in, go_on = [], [], Event(), Event()

    def work(name):
        with visits.alone(lambda ahead: told.append((name, ahead))):
            if name == "first":
                first_is_in.set()
                go_on.wait(10)
            done.append(name)

    people = [Thread(target=work, args=(name,)) for name in ("first", "second", "third")]
    people[0].start()
    assert first_is_in.wait(10)
    for place, one in enumerate(people[1:], start=2):
        one.start()
        while len(visits._LINE) < place:
            time.sleep(0.01)
    while {("second", 1), ("third", 2)} - set(told):
        time.sleep(0.01)
    assert done == []
    go_on.set()
    for one in people:
        one.join(10)
    assert done == ["first", "second", "third"]
    assert not visits._LINE


def test_who_gives_up_while_waiting_leaves_the_line():
    class GoneError(Exception):
        pass

    def go_away(_):
        raise GoneError

    other = Thread(target=lambda: None)
    visits._LINE.append(other.native_id or -1)
    try:
        with pytest.raises(GoneError), visits.alone(go_away):
            pytest.fail("it was not our turn")
        assert len(visits._LINE) == 1
    finally:
        visits._LINE.clear()


def test_work_inside_work_does_not_wait_for_itself():
    with visits.alone(lambda _: pytest.fail("waits")), visits.alone(lambda _: pytest.fail("waits")):
        assert len(visits._LINE) == 1
    assert not visits._LINE


def noted(file, until, patience=60):
    """The server's notes, as soon as they say what is waited for, or at the end of our patience."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        note = json.loads(file.read_text()) if file.exists() else {}
        if note and until(note):
            return note
        time.sleep(0.2)
    return note


@pytest.mark.verify
def test_a_server_forgets_who_has_left_and_keeps_who_has_not(tmp_path):
    file, folders = tmp_path / "notes.json", tmp_path / "tmp"
    folders.mkdir()
    flags = ("--server.disconnectedSessionTTL=2", "--runner.postScriptGC=false")
    with served(*flags, program=[str(SERVER)], WATCHED=str(file), TMPDIR=str(folders)) as (address, _):
        stays = Visitor(address).click("sample").go("segments")
        for turn in (1, 2):
            for pages in (PAGES if turn == 1 else (), ("segments",)):
                somebody = Visitor(address).click("sample")
                for page in pages:
                    somebody.go(page)
                somebody.leave()
            begun = 1 + 2 * turn
            note = noted(file, lambda note, begun=begun: note["folders"] == 1 and note["analyses"] == [begun, 1])
            assert note == {"engines": [begun, 1], "analyses": [begun, 1], "frames": [begun, 1], "folders": 1}
        assert "sample-shop.csv" in stays.go("value").said
        stays.leave()
        note = noted(file, lambda note: note["folders"] == 0 and note["analyses"][1] == 0)
        assert note == {"engines": [5, 0], "analyses": [5, 0], "frames": [5, 0], "folders": 0}
