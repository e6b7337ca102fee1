"""A mention: a fact that stands on a page, with its quote and place; it says what the page says and judges nothing."""

from enum import StrEnum

from rules.model.outline import Shown
from rules.model.record import Record


class MentionKind(StrEnum):
    """What is mentioned."""

    PHONE = "phone"  # a number that a person may call, or a plain statement that one can call
    COUNTER = "counter"  # a visiting address, a counter, a walk-in, an appointment on site
    PAPER = "paper"  # a postal address, "by post", "in writing", a form to print or hand in
    HOURS = "hours"
    COST = "cost"
    APPOINTMENT = "appointment"
    FORM = "form"
    LOGIN = "login"
    APP = "app"
    ONLINE_ONLY = "online_only"
    HELP = "help"
    CONTACT_FIELD = "contact_field"  # a form's field that must hold an e-mail address or a phone number
    CAPTCHA = "captcha"  # a test that is to tell people from programs
    CHAT = "chat"  # a chat, with a person or a program
    PRICE = "price"  # an amount of money for one way of asking for something, or the price of a call
    INFORMATION = "information"  # that the page says what something costs, how long it takes, what must be shown


class Polarity(StrEnum):
    """Whether the page affirms or denies the fact ("you can call us", "you cannot call us")."""

    AFFIRMED = "affirmed"
    DENIED = "denied"


class Purpose(StrEnum):
    """Whom a number or address serves."""

    PUBLIC = "public"
    PRESS = "press"
    FAX = "fax"
    EMERGENCY = "emergency"
    OTHER_BODY = "other_body"
    STAFF = "staff"


DATA_SOURCES = ("structured", "microdata")
"""The sources that machines read and people do not: JSON-LD, and attributes in the page's markup. They offer nothing alone."""


class Mention(Record, frozen=True):
    """One fact on one page.

    `value` is the normalised fact (E.164 or short number, OSM opening hours, a postal code); `quote` is the sentence or
    block it stands in, at most 300 characters; `deciding` are the words within the quote that made it a mention.
    `block` is the index of its block in the outline. `source` is text, tel_link, pdf, alternative, or one
    of `DATA_SOURCES`.
    `attributes` holds what else was read beside it (hours, cost, address, how an appointment is made).
    """

    kind: MentionKind
    quote: str
    value: str = ""
    deciding: tuple[str, ...] = ()
    polarity: Polarity = Polarity.AFFIRMED
    purpose: Purpose = Purpose.PUBLIC
    owner: str = ""
    source: str = "text"
    lang: str = ""
    landmark: str = ""
    headings: tuple[str, ...] = ()
    shown: Shown = Shown.NOW
    block: int = -1
    selector: str = ""
    attributes: dict[str, str] = {}


class PageFacts(Record, frozen=True):
    """All mentions of one page, in document order, with the page's own language as read from its text."""

    url: str
    lang: str = ""
    mentions: tuple[Mention, ...] = ()

    def of(self, *kinds: MentionKind) -> tuple[Mention, ...]:
        """The mentions of these kinds, in document order."""
        return tuple(mention for mention in self.mentions if mention.kind in kinds)
