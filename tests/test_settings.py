"""What holds until the owner says otherwise is stated once, and every face and stage starts from it."""

import inspect
import subprocess
import sys

import pytest

from clvapp import __main__, clean
from clvapp.forecast.forecast import Terms
from clvapp.settings import Settings
from clvapp.targets.lists import targets
from clvapp.value.historic import threshold


def test_the_command_line_starts_from_the_settings(monkeypatch):
    usual, given = Settings(), []
    monkeypatch.setattr(__main__, "_analyze", lambda options: given.append(options) or 0)
    assert __main__.main(["analyze", "orders.csv", "--out", "results"]) == 0
    found = given[0]
    assert (found.margin, found.horizon_days, found.discount_rate) == (1.0, 365, 0.10)
    assert (found.margin, found.horizon_days, found.discount_rate) == (
        usual.margin, usual.horizon_days, usual.discount_rate,
    )  # fmt: skip
    assert (found.observation_end, found.currency) == (usual.observation_end, usual.currency)
    assert found.acquisition_cost is usual.acquisition_cost is None


@pytest.mark.parametrize("stage", [clean.orders, Terms, targets, threshold], ids=lambda stage: stage.__name__)
def test_a_stage_starts_from_the_settings(stage):
    usual = {**vars(Settings()), "rule": Settings().threshold}
    shared = {name: of.default for name, of in inspect.signature(stage).parameters.items() if name in usual}
    assert shared
    assert shared == {name: usual[name] for name in shared}


def test_settings_need_nothing_that_takes_long_to_load():
    code = "import sys, clvapp.settings; print({'numpy', 'pandas', 'sklearn', 'duckdb'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n"
