"""Columns headed "Name" or "User name" -> whether they name the buyer, what was sold, or who stood at the till."""

from collections import defaultdict
from collections.abc import Mapping

from clvapp.read import cells
from clvapp.read.table import Table

# They stand at the till, or behind the shop: no customers.
STAFF = frozenset({
    "seller", "merchant", "staff", "cashier", "employee", "clerk", "agent", "rep", "representative", "salesperson",
    "salesman", "salesrep", "operator", "waiter", "waitress", "server", "driver", "courier", "vendor", "supplier",
    "manager", "admin", "verkaufer", "mitarbeiter", "bearbeiter", "kassierer", "kellner", "vendeur", "vendeuse",
    "caissier", "employe", "serveur", "vendedor", "vendedora", "cajero", "empleado", "camarero", "atendente",
    "caixa", "funcionario", "venditore", "cassiere", "operatore", "commesso", "cameriere", "verkoper",
    "medewerker", "kassier", "sprzedawca", "kasjer", "pracownik", "saljare", "medarbejder", "ekspedient", "selger",
    "prodejce", "pokladni", "satici", "kasiyer", "personel",
})  # fmt: skip
# A heading that is no more than the word for a name, in the languages of our other headings.
_NAME = frozenset({
    "name", "names", "nom", "nombre", "nome", "naam", "namn", "navn", "nazwa", "nazev", "jmeno", "ad", "isim",
    "الاسم", "名前", "名称",
})  # fmt: skip
# A heading that may be a buyer's name in the shop, and may be the name that staff log in with.
_USER = frozenset({
    "user", "user name", "username", "login", "benutzer", "benutzername", "utilisateur", "nom d utilisateur",
    "usuario", "nombre de usuario", "nome de usuario", "utente", "nome utente", "gebruiker", "gebruikersnaam",
    "uzytkownik", "nazwa uzytkownika", "anvandare", "anvandarnamn", "brugernavn", "brukernavn", "uzivatel",
    "kullanici", "kullanici adi",
})  # fmt: skip
_BUYER = ("customer", "buyer", "client", "kunde", "klant", "klient", "kund", "zakaznik", "musteri", "bill")
_FEW_ROWS, _ROWS_EACH = 40, 20

_Found = Mapping[str, tuple[int, ...]]
_Paid = dict[str, list[tuple[float, float]]]


def nobody(table: Table, found: _Found) -> set[tuple[str, tuple[int, ...]]]:
    """The roles, with their columns, that seem to name a customer and name an item or a cashier."""
    wrong: set[tuple[str, tuple[int, ...]]] = set()
    name, user = found.get("customer_name", ()), found.get("customer_id", ())
    if len(name) == 1 and cells.words(table.headings[name[0]]) in _NAME and _is_sold(table, found, name[0]):
        wrong.add(("customer_name", name))
    if len(user) == 1 and cells.words(table.headings[user[0]]) in _USER and _is_staff(table, found, user[0]):
        wrong.add(("customer_id", user))
    return wrong


def _is_sold(table: Table, found: _Found, place: int) -> bool:
    """Whether a lone name is of what was sold: it differs within an order, or stands for one price."""
    within = _names_within_orders(table, found, place)
    if within:
        return sum(len(names) > 1 for names in within) >= len(within) / 2
    if "product" in found or not {"quantity", "sku", "unit_price"} & found.keys():
        return False
    names = [row[place].strip() for row in table.rows if row[place].strip()]
    people = bool(names) and sum(map(may_be_a_person, names)) >= len(names) / 2
    if sku := found.get("sku"):
        pairs = {(row[sku[0]].strip(), row[place].strip()) for row in table.rows} - {("", "")}
        if len(names) > len(pairs) > 1:
            return len({item for item, _ in pairs}) == len({name for _, name in pairs}) == len(pairs)
    paid = _paid(table, found, place)
    again = {name: rows for name, rows in paid.items() if len(rows) > 1}
    if not again:
        return bool(names) and not people
    # The amount may be a piece's price or all of it.
    steady = any(_steady(paid, again, whole=whole) for whole in (True, False))
    pieces = any(len({count for count, _ in rows}) > 1 for rows in again.values())
    # People who always buy the same thing look like this, too, unless they buy different numbers of it.
    return steady and len(again) > 1 and (not people or (pieces and len(again) > 2))


def _steady(paid: _Paid, again: _Paid, *, whole: bool) -> bool:
    """Whether each name has one price, and not all the same."""
    prices = {
        name: {round(amount / count if whole else amount, 2) for count, amount in rows} for name, rows in paid.items()
    }
    return all(len(prices[name]) == 1 for name in again) and len(set().union(*prices.values())) > 1


def _names_within_orders(table: Table, found: _Found, place: int) -> list[set[str]]:
    """The names in each order that has several."""
    if len(number := found.get("order_id", ())) != 1:
        return []
    orders: dict[str, list[str]] = defaultdict(list)
    for row in table.rows:
        if row[number[0]].strip() and row[place].strip():
            orders[row[number[0]].strip()].append(row[place].strip())
    return [set(names) for names in orders.values() if len(names) > 1]


def _paid(table: Table, found: _Found, place: int) -> _Paid:
    """Name -> pieces and amount of each row that says both."""
    paid: _Paid = defaultdict(list)
    money = next((found[role] for role in ("unit_price", "line_total", "order_total") if role in found), ())
    counted = found.get("quantity", ())
    for row in table.rows:
        amount = cells.rough_number(row[money[0]]) if money else None
        pieces = cells.rough_number(row[counted[0]]) if counted else 1.0
        if row[place].strip() and amount is not None and pieces:
            paid[row[place].strip()].append((abs(pieces), abs(amount)))
    return paid


def may_be_a_person(name: str) -> bool:
    """Whether `name` looks like a first name with a last name: two words or more that begin like names, no digit."""
    words = name.replace(",", " ").split()
    return (
        len(words) > 1
        and not any(sign.isdigit() for sign in name)
        and all(word[0].isupper() or not word[0].isascii() for word in (words[0], words[-1]))
    )


def _is_staff(table: Table, found: _Found, place: int) -> bool:
    """Whether a user is somebody of the shop: the customer has a column of their own, or there are only a few users."""
    named = found.get("customer_name", ())
    buyers = " ".join(cells.words(table.headings[one]) for one in named)
    if "customer_email" not in found and any(word in buyers for word in _BUYER):
        return True
    users = [row[place].strip() for row in table.rows if row[place].strip()]
    return len(users) >= _FEW_ROWS and len(set(users)) * _ROWS_EACH <= len(users)
