"""What several stages ask of statistics, beside SciPy."""

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import binomtest

from clvapp.stats import TAIL, Z95, student, wilson


def test_95_percent_leave_a_fortieth_to_either_side():
    assert ndtri(1 - TAIL) == Z95
    assert -ndtri(TAIL) == pytest.approx(Z95, rel=1e-15)


@pytest.mark.parametrize("people", [1, 2, 3, 20, 299])
def test_wilsons_interval_is_that_of_scipy(people):
    hits = np.arange(people + 1)
    ends = [binomtest(int(k), people).proportion_ci(method="wilson") for k in hits]
    low, high = wilson(hits, people)
    assert low == pytest.approx([end.low for end in ends], abs=1e-12)
    assert high == pytest.approx([end.high for end in ends], abs=1e-12)


def test_of_nobody_any_share_is_possible():
    assert [end.tolist() for end in wilson([0, 1], [0, 2])] == [
        [0.0, pytest.approx(0.0945, abs=1e-4)],
        [1.0, pytest.approx(0.9055, abs=1e-4)],
    ]


def test_students_errors_are_those_of_a_printed_table_and_none_of_too_few():
    assert student([5, 9, 31], least=5) == pytest.approx([2.776445, 2.306004, 2.042272], abs=1e-6)
    assert np.isnan(student([1, 4], least=5)).all()
    assert float(student(10**9)) == pytest.approx(Z95, rel=1e-6)
