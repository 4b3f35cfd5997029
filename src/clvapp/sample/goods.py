"""Tables of what the sample shop sells, where its customers live and what they are called. All invented."""

from typing import NamedTuple


class Product(NamedTuple):
    """One thing on the shelf. `cents` is its price; `extra` is how readily it joins another order."""

    kind: str
    name: str
    sku: str
    vendor: str
    cents: int
    extra: float


class Place(NamedTuple):
    """One town. `tax` is in hundredths of a percent, on top of prices; `dial` starts phone numbers kept for fiction."""

    city: str
    code: str
    province: str
    country: str
    postcode: str
    dial: str
    tax: int
    weight: float


OWN = "Tamarind & Oak"
PRODUCTS = (
    Product("beans", "House Espresso Beans - 250 g", "BN-HOUSE-250", OWN, 1150, 10),
    Product("beans", "House Espresso Beans - 1 kg", "BN-HOUSE-1K", OWN, 3600, 3),
    Product("beans", "Ethiopia Guji Beans - 250 g", "BN-GUJI-250", OWN, 1450, 8),
    Product("beans", "Colombia Huila Beans - 250 g", "BN-HUILA-250", OWN, 1350, 8),
    Product("beans", "Guatemala Antigua Beans - 250 g", "BN-ANTI-250", OWN, 1350, 5),
    Product("beans", "Decaf Sugarcane Beans - 250 g", "BN-DECAF-250", OWN, 1300, 4),
    Product("subscription", "Coffee Subscription - 2 bags a month", "SUB-2", OWN, 2900, 0),
    Product("grinder", "Hand Grinder - Steel", "GR-HAND", "Kestrel", 7900, 0.3),
    Product("grinder", "Burr Grinder - Electric", "GR-BURR", "Kestrel", 12900, 0.15),
    Product("brewer", "Pour-Over Dripper - Ceramic", "BR-DRIP", "Lumen", 2800, 2),
    Product("brewer", "French Press - 8 cup", "BR-PRESS", "Lumen", 3900, 1),
    Product("brewer", "Gooseneck Kettle", "BR-KETTLE", "Lumen", 6400, 0.6),
    Product("mug", "Stoneware Mug - Sand", "MG-SAND", "Fenwick Pottery", 1800, 4),
    Product("mug", "Stoneware Mug - Moss", "MG-MOSS", "Fenwick Pottery", 1800, 3),
    Product("mug", "Travel Mug - 12 oz", "MG-TRAVEL", "Fenwick Pottery", 2600, 2),
    Product("filters", "Paper Filters, pack of 100", "FL-100", "Lumen", 650, 9),
    Product("filters", "Cleaning Tablets, pack of 30", "FL-CLEAN", "Lumen", 1250, 3),
    Product("gift", "Gift Box - Two Mugs and Beans", "GF-BOX", OWN, 4900, 0.5),
    Product("gift", 'Poster "How to brew"', "GF-POSTER", OWN, 1600, 1),
)
PLACES = (
    Place("Chicago", "IL", "Illinois", "US", "60614", "+1 312-555-01", 625, 30),
    Place("Evanston", "IL", "Illinois", "US", "60201", "+1 847-555-01", 625, 9),
    Place("Springfield", "IL", "Illinois", "US", "62701", "+1 217-555-01", 625, 5),
    Place("Milwaukee", "WI", "Wisconsin", "US", "53202", "+1 414-555-01", 500, 8),
    Place("Madison", "WI", "Wisconsin", "US", "53703", "+1 608-555-01", 500, 6),
    Place("Detroit", "MI", "Michigan", "US", "48226", "+1 313-555-01", 0, 6),
    Place("Minneapolis", "MN", "Minnesota", "US", "55401", "+1 612-555-01", 0, 6),
    Place("Boston", "MA", "Massachusetts", "US", "02108", "+1 617-555-01", 0, 5),
    Place("New York", "NY", "New York", "US", "10011", "+1 212-555-01", 0, 8),
    Place("Austin", "TX", "Texas", "US", "78701", "+1 512-555-01", 0, 5),
    Place("Portland", "OR", "Oregon", "US", "97205", "+1 503-555-01", 0, 5),
    Place("Denver", "CO", "Colorado", "US", "80202", "+1 303-555-01", 0, 4),
    Place("Toronto", "ON", "Ontario", "CA", "M5V 2T6", "+1 416-555-01", 0, 6),
    Place("Montréal", "QC", "Quebec", "CA", "H2X 1Y4", "+1 514-555-01", 0, 3),
    Place("London", "ENG", "England", "GB", "N1 9GU", "+44 20 7946 09", 0, 2),
)
STREETS = ("Oak Street", "Linden Avenue", "Mill Road", "Harbor Drive", "Juniper Lane", "Station Street")
FIRST_NAMES = """
Ada Aisha Alan Alma Amir Anna Ben Bianca Carl Carmen Chloe Clara Colin Dana David Dina Elena Elif
Emma Erik Esther Farid Fiona Frank Gina Grace Hana Hannah Harold Henry Ida Imani Ines Iris Ivan Jack
James Jasmin Joan José Julia Kai Karen Kofi Lara Laura Lee Leo Lina Lucas Maria Mark Maya Mia Miguel
Mina Nadia Nina Noah Nora Olga Oscar Paul Petra Priya Quinn Rosa Ruth Sam Sara Sofia Stefan Tara
Theo Tom Uma Vera Victor Wendy Zoë
""".split()  # noqa: SIM905 - easier to read than ninety quoted names
LAST_NAMES = """
Abbott Adler Ahmed Baker Barnes Becker Bell Bennett Boyd Brooks Byrne Carter Castillo Chen Clark
Cohen Cruz Dale Davis Diaz Doyle Dubois Ellis Evans Farrell Fischer Ford Fuller Garcia Gibson Grant
Gray Hall Hansen Hayes Hill Hughes Ito Jansen Jones Kaur Keller Khan Kim Kowalski Lambert Larsen
Lewis Lopez Marsh Mason Meyer Mills Moreno Müller Nash Nguyen Novak O'Brien Okafor Olsen Ortiz Park
Patel Perry Price Quist Reed Reyes Rossi Santos Sato Schmidt Shaw Silva Singh Stone Tanaka Torres
Turner Vega Walsh Wong Young
""".split()  # noqa: SIM905 - easier to read than ninety quoted names
DOMAINS = ("example.com", "example.com", "example.org", "example.net")
NOTES = ("Please leave at the side door", "It is a gift:\nno invoice in the box", 'Ring at "Mill House"')
