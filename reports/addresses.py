"""The file name of each page of the report: safe on every file system, the same in each run, and one per language."""

import hashlib
import re

from reports.wording import FIRST

_UNSAFE = re.compile(r"[^a-z0-9]+")
_LONGEST = 40


def slug(name: str) -> str:
    """A short file name for an id; ids that would share one are told apart by a piece of their digest."""
    plain = _UNSAFE.sub("-", name.lower().partition("://")[2] or name.lower()).strip("-")
    if plain == name and len(plain) <= _LONGEST:
        return plain
    if len(plain) > _LONGEST:  # the end of a long id tells more than its start; a piece of a word tells nothing
        plain = plain[-_LONGEST:].partition("-")[2] or plain[-_LONGEST:]
    return f"{plain or 'x'}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


class Addresses:
    """The file names of the report's pages in one language."""

    def __init__(self, lang: str) -> None:
        self._end = ".html" if lang == FIRST else f".{lang}.html"

    def index(self) -> str:
        """The overview."""
        return f"index{self._end}"

    def agency(self, agency: str) -> str:
        """An agency's page."""
        return f"agency-{slug(agency)}{self._end}"

    def service(self, site: str, service: str) -> str:
        """A service's page; two hyphens part the names, which hold only single ones."""
        return f"service-{slug(site)}--{slug(service)}{self._end}"

    def problem(self, site: str, rule: str) -> str:
        """The page of one accessibility rule on one site."""
        return f"finding-{slug(site)}--{slug(rule)}{self._end}"

    def chain(self, chain: str) -> str:
        """A chain's page."""
        return f"chain-{slug(chain)}{self._end}"

    def changes(self) -> str:
        """What changed since the run before."""
        return f"compare{self._end}"
