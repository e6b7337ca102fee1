"""Who we say we are: always honestly, with an address where somebody can read what we do and stop us."""

from importlib.metadata import PackageNotFoundError, version

PRODUCT = "Loket"
"""The product token: what a robots.txt calls us (RFC 9309, section 2.2.1)."""

PROJECT_ADDRESS = "https://loket.example/about-the-audit"
"""Stands where an auditor gives no `contact_url`. `.example` never resolves: an audit worth its name has its own page."""


def user_agent(contact_url: str = "") -> str:
    """The User-Agent of every request, from the crawl and from the browser.

    `contact_url` leads to a page about this audit. What would break the header is left out of it.
    """
    address = "".join(char for char in contact_url if "!" <= char <= "~" and char not in "();") or PROJECT_ADDRESS
    return f"Mozilla/5.0 (compatible; {PRODUCT}/{_version()}; +{address})"


def _version() -> str:
    try:
        return version("loket")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0"
