"""What stands in a cell for an e-mail address -> the address, as one person has it.

>>> address("Ida Holm <Ida@Example.COM>"), address("mailto:ida@example.com?subject=Hi"), address("ida＠example．com")
('ida@example.com', 'ida@example.com', 'ida@example.com')
"""

import re
import unicodedata
from urllib.parse import unquote

# A pattern (RE2) for an address that needs no second look.
PLAIN = "[A-Za-z0-9_%+-](?:[A-Za-z0-9._%+'-]*[A-Za-z0-9_%+-])?@[A-Za-z0-9.-]+[.][A-Za-z]+"
# A pattern (RE2) for text with signs that nobody sees, or with more than one blank on end.
UNSEEN = (
    "[\\x{00}-\\x{1f}\\x{7f}-\\x{a0}\\x{ad}\\x{34f}\\x{61c}\\x{180e}\\x{2000}-\\x{200f}\\x{2028}-\\x{202f}"
    "\\x{205f}-\\x{206f}\\x{3000}\\x{feff}]|  "
)
_JOINERS = "\u200c\u200d"  # some scripts write letters differently beside them
_AROUND = re.compile(r"\s*(?:@|[(\[{]\s*at\s*[)\]}])\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*[(\[{]\s*dot\s*[)\]}]\s*", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"<\s*([^\s<>]+@[^\s<>]+?)\s*>")
_ONE = re.compile(r"[^\s@<>()\[\]{}\"“”„«»,;:|]+@[^\s<>()\[\]{}\"“”„«»,;:|@/\\?&]+")
_ENDS = "'`´‘’.!…·"


def visible(text: str) -> str:
    """`text` without signs that nobody sees: zero-width signs, direction marks, soft hyphens; single blanks inside.

    >>> visible("\\u200eIda\\u00a0 Ho\\u00adlm\\ufeff")
    'Ida Holm'
    """
    seen = ""
    for sign in text:
        hidden = unicodedata.category(sign) in {"Cf", "Cc"} and not sign.isspace()
        if not hidden or (sign in _JOINERS and seen and not seen[-1].isascii()):
            seen += sign
    return " ".join(seen.split())


def address(text: str) -> str | None:
    """The first address in `text`, in lower case, or None. Plus-addresses and dots stay: they may be two people.

    >>> address("a@b.example; c@d.example"), address("(ida@example.com),"), address("Ida Holm"), address("i***@x.com")
    ('a@b.example', 'ida@example.com', None, None)
    >>> address("ida@xn--mller-kva.example"), address("n/a@shop.com"), address("a@b.com/c@d.com")
    ('ida@müller.example', 'n/a@shop.com', 'a@b.com')
    """
    seen = visible(unicodedata.normalize("NFKC", text))
    if "@" not in seen and "%40" in seen:
        seen = unquote(seen)
    seen = re.sub(r"^\W*mailto:\s*", "", _DOT.sub(".", _AROUND.sub("@", seen)), flags=re.IGNORECASE)
    found = _IN_BRACKETS.search(seen) or _ONE.search(seen)
    if found is None:
        return None
    one = found.group(1) if found.re is _IN_BRACKETS else found.group()
    mailbox, _, domain = one.lower().replace("i\u0307", "i").strip(_ENDS).removeprefix("mailto:").partition("@")
    domain = _readable(domain.partition("?")[0].rstrip(_ENDS + "/"))
    return f"{mailbox}@{domain}" if mailbox and domain and "*" not in mailbox + domain else None


def _readable(domain: str) -> str:
    """`domain` with its international names as people write them."""
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode().decode("idna")
    except UnicodeError:
        return domain
