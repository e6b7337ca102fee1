"""Where addresses stand in a text: postcodes of the country, and post boxes."""

import re

_POSTCODES = {
    "NL": r"\b[1-9]\d{3}\s?[A-Z]{2}\b(?!\w)",
    "BE": r"\b(?:B-)?[1-9]\d{3}\s+[A-Z][a-zà-ÿ]+",
    "DE": r"\b(?:D-)?\d{5}\s+[A-ZÄÖÜ][\wäöüß]+",
    "AT": r"\b(?:A-)?[1-9]\d{3}\s+[A-ZÄÖÜ][\wäöüß]+",
    "CH": r"\b(?:CH-)?[1-9]\d{3}\s+[A-ZÄÖÜ][\wäöüßéèâ]+",
    "FR": r"\b\d{5}\s+[A-ZÀ-Þ][\wÀ-ÿ'-]+|\b\d{2} \d{3}\s+[A-ZÀ-Þ][\wÀ-ÿ'-]{2,}",
    "LU": r"\bL-\d{4}\b",
    "MC": r"\b980\d\d\b",
    "GB": r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b",
    "IE": r"\b[A-Z]\d[\dW]\s?[A-Z\d]{4}\b",
    "US": r"\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b|\b(?:Illinois|California|Texas|New York|Florida|Ohio|Virginia)\s+\d{5}\b",
    "CA": r"\b[A-Z]\d[A-Z][\s\u00a0]?\d[A-Z]\d\b",
    "AU": r"\b(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT)\s+\d{4}\b",
    "NZ": r"\b(?:Auckland|Wellington|Christchurch|Hamilton|Dunedin|Tauranga)\s+\d{4}\b",
    "IN": r"\b[A-Z][a-z]+\s?[-\u2013]\s?[1-9]\d{2}\s?\d{3}\b",
    "ZA": r"\b(?:Pretoria|Cape Town|Johannesburg|Durban),?\s+\d{4}\b",
    "SG": r"\bSingapore\s+\d{6}\b",
    "MT": r"\b[A-Z]{3}\s?\d{4}\b",
}  # fmt: skip
_COMPILED = {country: re.compile(pattern) for country, pattern in _POSTCODES.items()}
_DUTCH = "straat|laan|weg|plein|gracht|kade|singel|dijk|markt|hof|dreef|pad|zijde"
_GERMAN = "straße|strasse|allee|platz|gasse|ring|ufer|damm|burg|dorf"
_FRENCH = r"rue|avenue|boulevard|place|allée|chemin|quai|cours|route|impasse|square|av\.|bd"
_ENGLISH = (
    r"Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Drive|Square|Way|Boulevard|Blvd\.?|Place|Court|Parkway|Highway|Row"
    r"|Terrace|Quay"
)
_SQUARES = (
    "Grote Markt|Markt|Stadsplein|Raadhuisplein|Dorpsstraat|Kerkstraat|Stationsplein|Am Markt|Marktplatz|Rathausplatz"
)
_STREET = re.compile(
    rf"\b[A-ZÀ-Þ][\w'.\-]*(?:{_DUTCH}|{_GERMAN})\s+\d+"
    r"|\b[A-ZÄÖÜ][\w-]+(?:-|er |e )?(?:[Ss]tr\.|Straße|Platz|Allee|Weg|Markt|Ring)\s+\d+"
    rf"|\b\d+[,a-z]*\s+(?:bis\s|ter\s)?(?:{_FRENCH})\b"
    rf"|\b\d+[A-Za-z]?,?\s+(?:[A-Z][\w.']*\s+){{1,4}}(?:{_ENGLISH})\b"
    rf"|\b(?:{_SQUARES})\s+\d+"
)


_DIGIT = re.compile(r"\d")


def has_address(text: str, countries: tuple[str, ...]) -> bool:
    """Whether the text holds a postal code with its place, or a street with its number."""
    return find_address(text, countries) is not None


def has_street(text: str) -> bool:
    """Whether the text holds a street with its number."""
    return _STREET.search(text) is not None


def find_address(text: str, countries: tuple[str, ...]) -> tuple[int, int] | None:
    """Where the first address stands: from its street, where one is recognised, to its postcode."""
    if _DIGIT.search(text) is None:
        return None  # neither a postcode nor a house has none
    street = _STREET.search(text)
    for country in countries:
        pattern = _COMPILED.get(country)
        code = pattern.search(text) if pattern is not None else None
        if code is not None:
            start = street.start() if street is not None and street.start() < code.start() else code.start()
            return start, code.end()
    return street.span() if street is not None else None
