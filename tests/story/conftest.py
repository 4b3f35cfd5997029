"""The shops that the pages' sentences are pinned on, each read once; the only place here that imports from clvapp."""

from collections.abc import Callable, Iterator
from typing import Any

import hand_shop as small
import pattern_shop as large
import pytest
from accepted import Page

from clvapp import Analysis, Settings, Source, load
from clvapp.wording import Wording

Analysed = Callable[..., Analysis]


def _analysed(name: str, text: str) -> Iterator[Analysed]:
    """An analysis of the export `text` by settings; each is made once, in an engine of its own."""
    made: dict[str, tuple[Any, Analysis]] = {}

    def of(**settings: Any) -> Analysis:
        chosen = Settings(**settings)
        if repr(chosen) not in made:
            read = load([Source(name, text.encode())])
            made[repr(chosen)] = read, Analysis(read, chosen)
        return made[repr(chosen)][1]

    yield of
    for read, _ in made.values():
        read.close()


@pytest.fixture(scope="session")
def shop() -> Iterator[Analysed]:
    """`shop(margin=0.4)`: the small shop (`hand_shop`) under these settings."""
    yield from _analysed("orders.csv", small.EXPORT)


@pytest.fixture(scope="session")
def pattern() -> Iterator[Analysed]:
    """`pattern()`: the shop of 300 customers (`pattern_shop`) under these settings."""
    yield from _analysed("orders.csv", large.export())


@pytest.fixture(scope="session")
def plain(shop: Analysed) -> Analysis:
    """The small shop as it is."""
    return shop()


@pytest.fixture(scope="session")
def at_margin(shop: Analysed) -> Analysis:
    """The small shop at a margin of 40 %."""
    return shop(margin=small.MARGIN)


@pytest.fixture(scope="session")
def with_expected(shop: Analysed) -> Analysis:
    """The small shop as of 31 December 2023: the forecast can be worked out; worth is value so far and expected."""
    return shop(basis="with_expected", observation_end=small.EARLIEST)


@pytest.fixture(scope="session")
def looked_back(shop: Analysed) -> Analysis:
    """The small shop as of 12 December 2024."""
    return shop(observation_end=small.LOOK_BACK)


@pytest.fixture(scope="session")
def too_early(shop: Analysed) -> Analysis:
    """The small shop as of 16 October 2024, when too few had come back."""
    return shop(observation_end=small.TOO_EARLY)


@pytest.fixture(scope="session")
def words() -> Wording:
    """An American reader's."""
    return Wording("en_US", "USD")


@pytest.fixture(scope="session")
def german() -> Wording:
    """A German reader's."""
    return Wording("de_DE", "USD")


@pytest.fixture(scope="module")
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    """What the page says that the test module is named after: `page.says("answer", text, "12 $2,450")`."""
    told = Page(
        request.module.__name__.rpartition(".")[2].removeprefix("test_"), rewrite=request.config.getoption("--accept")
    )
    yield told
    if told.rewrite and told.said:
        told.write()
