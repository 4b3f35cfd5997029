"""The signs around an amount of money, and the words of a cell that holds nothing."""

# A cell with one of these (in lower case) is neither a number nor anybody's customer number.
NO_VALUE = ("", "-", "--", "—", "n/a", "na", "nan", "null", "none", "#n/a", "\\n", "nil", "(null)", "<null>")
# The names of currencies as they stand beside an amount, apart from signs such as "€" and three capital letters.
# Patterns for RE2 and for Python alike, longest first.
CURRENCY_NAMES = (
    r"(?:euros?|dollars?|pounds?|руб(?:л(?:ей|я|ь))?\.?|грн\.?|сом|тг\.?|KSh\.?|Ksh\.?|TSh\.?|USh\.?|FCFA|CFA|SFr\.?|Fr\.?|"
    r"Rs\.?|Rp\.?|RM|[Kk]r\.?|z[łl]|K[čc]|Ft|[Ll]ei|[Ll]eu|лв\.?|din\.?|Dhs?\.?|TL|Bs\.?|Gs\.?|S/\.?|B/\.?|R|Q|L|C|円|元|원|đ|"
    r"บาท|р\.?|ر\. ?س\.?|د\. ?إ\.?|د\. ?ك\.?|ج\. ?م\.?|ر\. ?ق\.?|ريال|ریال|تومان|درهم|دينار|جنيه)"
)
# Spaces of all kinds, and signs that nobody sees, as the inside of a bracket.
BLANKS = (
    "\\s\N{NO-BREAK SPACE}\N{SOFT HYPHEN}\N{EN QUAD}-\N{RIGHT-TO-LEFT MARK}\N{LEFT-TO-RIGHT EMBEDDING}-"
    "\N{NARROW NO-BREAK SPACE}\N{MEDIUM MATHEMATICAL SPACE}-\N{POP DIRECTIONAL ISOLATE}\N{IDEOGRAPHIC SPACE}"
    "\N{ZERO WIDTH NO-BREAK SPACE}\N{ARABIC LETTER MARK}"
)
OTHER_MARKS, PLAIN_MARKS = "\N{ARABIC DECIMAL SEPARATOR}\N{ARABIC THOUSANDS SEPARATOR}", ".,"
NO_CENTS = "[.,][-–—]"  # "49,-" is forty-nine
