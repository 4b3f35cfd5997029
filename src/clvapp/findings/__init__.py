"""An analysis -> what the data cannot say, or says with a catch, a sentence each, for pages, files and reports."""

from collections.abc import Iterator

from clvapp import clean
from clvapp.analysis import Analysis
from clvapp.customers import sales
from clvapp.customers.burn_in import BurnIn
from clvapp.findings import identity, import_checks
from clvapp.memo import once
from clvapp.wording import GIVEN, Of, Wording

FEW_CUSTOMERS, FEW_DAYS = 100, 90


def of_all(of: Analysis) -> tuple[str, ...]:
    """Everything to say of the orders and of what was learned from them. Nothing is said twice."""
    return tuple(dict.fromkeys(sentence for sentence in _all(of) if sentence))


def _all(of: Analysis) -> Iterator[str | None]:
    yield from of_orders(of)
    if not len(of.customers):
        return  # that was said above, and whatever needs customers has nothing to add
    yield of.no_states
    if of.forecast is not None:
        yield from (finding.sentence for finding in of.forecast.findings)
    if of.profile.reason:
        yield of.profile.reason
    yield from of.profile.findings
    yield from of.targets.findings


@once
def of_orders(of: Analysis) -> tuple[str, ...]:
    """Everything to say of the orders alone. It is ready before anything is learned."""
    words = of.words
    found = [*of.shop.not_read, *of.cleaned.findings]
    for columns in of.shop.guessed:
        listed = ", ".join(f"{role.replace('_', ' ')} from '{heading}'" for role, heading in columns.items())
        found.insert(0, f"This export is not one we know, so its columns were guessed: {listed}.")
    orders, revenue = of.not_attributable
    if orders:
        share = revenue / of.totals[1] if of.totals[1] > 0 else float("nan")
        part = words.share(share, of=Of("revenue_share", group="nobody"))
        said = f" ({part} of revenue)" if 0 <= share <= 1 else ""
        count = words.count(orders, "order", of=Of("orders", group="nobody"))
        money = words.money(revenue, of=Of("revenue", group="nobody"))
        found.append(f"{count} without a customer: {money}{said}, which counts for the shop only.")
        if taken := identity.named_nobody(sales.nobody_by_word(of.tables, end_day=of.end_day), words):
            found.append(taken)
    found += identity.joins(of.customers, of.same_person, joined=of.settings.join_people, words=words)
    people, back = sales.without_orders(of.tables, end_day=of.end_day)
    if people:
        who = words.count(people, "person", "people", of=Of("refunds_alone"))
        found.append(
            f"{who} with nothing but refunds, of sales that are not in the file: "
            f"{words.money(back, of=Of('revenue', group='refunds alone'))} counts for the shop and for no customer."
        )
    found += [*_margins_of_nothing(of), *_costs(of)]
    found += import_checks.warnings(_imported(of), words)
    if len(of.months) and not of.months["complete"].iloc[-1]:
        found.append("The last month is incomplete.")
    if of.burn_in.assumed and len(of.months) > 1 and len(of.customers):
        found.append(_assumed(of.burn_in, words))
    if of.end_day - of.days[0] < FEW_DAYS:
        long = words.count(of.end_day - of.days[0] + 1, "day", of=Of("history"))
        found.append(f"The history is {long} long: what a customer does in a year is a guess from so little.")
    if len(of.customers) < FEW_CUSTOMERS:
        found.append(clean.nobody_named(of.shop.loaded) or _few(len(of.customers), words))
    return tuple(found)


def _imported(of: Analysis) -> import_checks.Imported:
    """The facts to check about the export before believing its numbers."""
    return import_checks.Imported(
        of.months, of.customers, of.totals[0], **sales.oddities(of.tables, end_day=of.end_day)
    )


def _margins_of_nothing(of: Analysis) -> list[str]:
    """Margins that the owner gave for things nobody ordered."""
    if not of.settings.margins:
        return []
    sold = set(of.sales_by(of.kind)["group"])
    return [f"No order is of the {of.kind} '{name}', so its margin changes nothing." for name in of.settings.margins
            if name not in sold]  # fmt: skip


def _costs(of: Analysis) -> list[str]:
    """For how much of the money the cost is known. There, value means profit."""
    if of.one_margin or not len(of.customers):
        return []
    paid, costed = float(of.revenue_by_kind["revenue"].sum()), float(of.revenue_by_kind["costed"].sum())
    if not (paid > 0 and costed > 0):
        return []
    rest = (
        ""
        if costed > 0.995 * paid
        else f"; a margin of {of.words.share(of.settings.margin, of=GIVEN)} was taken of the rest"
    )
    share = of.words.share(min(costed / paid, 1.0), of=Of("revenue_share", group="cost known"))
    return [f"Value is what was earned: the cost is known for {share} of customers' revenue{rest}."]


def _assumed(found: BurnIn, words: Wording) -> str:
    if found.starts_at_opening:
        return "The file was taken to start when the shop opened; say so if it does not."
    return (
        "The file seems to start in the middle of the shop's life: its first customers come back like regulars, not "
        f"like new ones. {_first_months(found.months_left_out, words)} left out where that matters; say so if the shop "
        "opened then."
    )


def _first_months(count: int, words: Wording) -> str:
    return "Its first month is" if count == 1 else f"Its first {words.count(count, 'month', of=Of('burn_in'))} are"


def _few(customers: int, words: Wording) -> str:
    if customers == 0:
        return (
            "The orders name no customer, so sales can be shown and customers cannot be told apart: export them with "
            "an e-mail address or a customer number."
        )
    if customers == 1:
        return "There is one customer only: there is nobody to compare them with."
    people = words.count(customers, "customer", of=Of("customers"))
    return f"{people} are few: their average can move a good deal with each new one."
