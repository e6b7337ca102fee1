"""Finds every rule by looking into the rule packages: a new rule is a new file, and nothing is edited for it."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cache
from typing import Any

import rules.accessibility
import rules.barriers
import rules.channels
from rules.model.finding import Channel, Finding, SubjectKind
from rules.model.record import Record


class Layer(StrEnum):
    """What a rule needs to read; a rule gets nothing else, and what is missing makes it untested."""

    TEXT = "text"
    RENDER = "render"
    AXE = "axe"
    RESPONSE = "response"
    REQUESTS = "requests"


class Rule(Record, frozen=True):
    """One rule: its name, what it looks at, and the pure function that judges.

    `judge` takes the site's view and yields one finding per subject of `applies_to` (page, service, site).
    `role` is who can usually mend a failure; `level` is mandatory, recommended or informational.
    Beside the module stand `<id>.md` (ACT Rules Format with cases) and `<id>.<lang>.toml` (its words in reports).
    """

    id: str
    version: str
    name: str
    applies_to: tuple[SubjectKind, ...]
    judge: Callable[[Any], Iterable[Finding]]
    needs: tuple[Layer, ...] = (Layer.TEXT,)
    channel: Channel | None = None
    role: str = ""
    level: str = "recommended"


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by id. A module of a rule package that has no RULE is not a rule and is passed over."""
    found = []
    for package in (rules.channels, rules.barriers, rules.accessibility):
        for module in pkgutil.iter_modules(package.__path__):
            rule = getattr(importlib.import_module(f"{package.__name__}.{module.name}"), "RULE", None)
            if isinstance(rule, Rule):
                found.append(rule)
    return tuple(sorted(found, key=lambda rule: rule.id))


def rule_named(rule_id: str) -> Rule:
    """The rule with this id.

    Raises:
        KeyError: there is none.

    """
    for rule in all_rules():
        if rule.id == rule_id:
            return rule
    raise KeyError(rule_id)
