"""Numerical libraries are kept to one thread while a fit runs, and only then."""

import subprocess
import sys

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from clvapp.threads import on_one_thread


def threads():
    """By kind of library ("blas", "openmp"), how many threads each that is loaded may use."""
    return [(one["user_api"], one["num_threads"]) for one in threadpool_info()]


@pytest.mark.parametrize(("module", "kinds"), [("scipy.optimize", {"blas"}), ("sklearn.ensemble", {"blas", "openmp"})])
def test_a_fit_has_one_thread_and_others_have_theirs_again(module, kinds):
    on_one_thread(module)(threads)()  # loaded
    with threadpool_limits(limits=2):
        inside, after = on_one_thread(module)(threads)(), threads()
    assert kinds <= {kind for kind, _ in inside}
    assert {count for kind, count in inside if kind in kinds} == {1}
    assert {count for kind, count in after if kind in kinds} == {2}


def test_what_is_given_and_made_passes_through():
    @on_one_thread("scipy.optimize")
    def added(one: int, *, other: int) -> int:
        """Two numbers."""
        return one + other

    assert (added(1, other=2), added.__name__, added.__doc__) == (3, "added", "Two numbers.")


def test_scikit_learn_is_loaded_when_something_is_learned_and_not_before():
    code = "import sys, clvapp.analysis; print('sklearn' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
