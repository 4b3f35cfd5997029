"""What the documents say is what the code says."""

import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from clvapp import clean, columns, formats
from clvapp.formats import page

ROOT = Path(__file__).parents[1]
TABLES = {
    "orders.parquet": columns.ORDERS_FILE, "customers.csv": columns.CUSTOMERS, "targets.csv": columns.TARGETS,
    "due.csv (Repeat purchases)": columns.DUE, "payback.csv (Repeat purchases)": columns.PAYBACK,
}  # fmt: skip


def dictionary() -> str:
    """The data dictionary, as it must stand in docs/methods.md."""
    parts = []
    for name, of in TABLES.items():
        lines = [f"| `{column.name}` | {column.dtype} | {column.unit or '–'} | {column.meaning} |" for column in of]
        parts.append("\n".join([f"**{name}**", "", "| column | type | unit | meaning |", "|---|---|---|---|", *lines]))
    return "\n\n".join(parts)


def test_the_data_dictionary_says_what_the_columns_mean():
    assert dictionary() in (ROOT / "docs" / "methods.md").read_text(encoding="utf-8"), dictionary()


def test_a_column_has_one_meaning_everywhere():
    meanings: dict[str, set[columns.Column]] = {}
    for column in chain.from_iterable(TABLES.values()):
        meanings.setdefault(column.name, set()).add(column)
    assert all(len(found) == 1 for found in meanings.values())


def test_the_readme_names_every_command_and_page():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("make app", "make test", "clvapp analyze", "clvapp formats", "clvapp sample"):
        assert command in readme
    titles = re.findall(r'st\.Page\(.*title="([^"]+)"', (ROOT / "app.py").read_text(encoding="utf-8"))
    assert len(titles) == 8
    for title in titles:
        assert f"| {title} |" in readme
    for picture in re.findall(r"\((docs/[^)]+)\)", readme):
        assert (ROOT / picture).is_file(), picture


@pytest.mark.parametrize("target", ["app", "test", "check", "verify", "accept", "mutate", "bench", "prove"])
def test_make_knows_the_projects_commands(target):
    found = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


def test_the_readmes_python_runs(capsys):
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    exec(blocks[0], {})
    printed = capsys.readouterr().out
    assert "historic_value" in printed
    assert "SimpleClv(aov=" in printed


def test_every_path_that_contributing_names_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:src|tests|screen|pages|docs)/[^`<> ]+)`", text))
    assert len(named) > 20
    assert not [path for path in named if not (ROOT / path).exists()]


def test_every_reason_for_leaving_a_row_out_has_words():
    assert all(label and label[0].isupper() for label in clean.REASONS.values())


def test_every_known_export_says_where_it_is_made():
    for known in formats.known():
        assert known.menu_path, known.key


def test_the_page_of_formats_is_what_the_formats_say():
    """`python -m clvapp.formats.page > docs/formats.md` writes it anew."""
    assert page.page() == (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    for known in formats.known():
        assert f"| {known.name} | `{known.key}` | {known.menu_path} | {known.one_row} |" in page.page()
        assert f"- An order's value is: {known.total_means}." in page.page()


def test_the_lock_holds_every_dependency_with_its_version():
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lock[-1] == "-e ."
    pins = [line for line in lock if line and not line.startswith(("#", "-"))]
    assert all("==" in line for line in pins)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.findall(r'^    "([a-z-]+)>=', project.split("[project.optional-dependencies]")[0], re.MULTILINE)
    assert wanted
    assert {line.split("==")[0] for line in pins} >= set(wanted)


def test_the_package_imports_nothing_heavy_for_the_list_of_formats():
    code = (
        "import sys; from clvapp.__main__ import main; main(['formats']); "
        "assert not {'pandas', 'sklearn', 'streamlit', 'duckdb'} & set(sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert len(found.stdout.splitlines()) == len(formats.known())
