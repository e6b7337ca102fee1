"""Who can usually mend a failure: the primary owner in the roles of W3C's ARRM."""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

ROLES = ("business", "content_authoring", "visual_design", "ux_design", "front_end_development")
"""The roles of https://www.w3.org/WAI/planning/arrm/roles/ that own criteria; reports have words for them."""

_DEFAULT = "front_end_development"  # what no criterion speaks of is markup


def role_of_criterion(number: str) -> str:
    """The primary owner of a criterion.

    Raises:
        KeyError: there is no such criterion.

    """
    return _owners()["criterion"][number]


def role_of_rule(rule: str, criteria: Iterable[str] = ()) -> str:
    """The usual owner of what a rule of axe finds: named for the rule, else that of its first criterion."""
    named = _owners()["rule"].get(rule)
    return named or next((role_of_criterion(number) for number in criteria), _DEFAULT)


@cache
def _owners() -> dict[str, dict[str, str]]:
    text = resources.files("rules.accessibility").joinpath("arrm.toml").read_text("utf-8")
    return tomllib.loads(text)
