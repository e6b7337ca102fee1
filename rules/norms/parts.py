"""The parts of a channel that a norm may ask for by name, and whether a finding has them.

A part that the channel's own rule judges stands in the `[missing]` table of that rule's words: the rule says when it is
missing, so it is there when the rule does not say so. Any other part is read from the evidence; what the quoted words do
not show is unknown, not missing.
"""

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from rules.model.finding import Channel, Finding
from rules.norms.expression import Met

_USUAL_RATE = frozenset({"free", "normal", "mobile"})
_SURCHARGED = frozenset({"premium", "shared"})


def part_met(finding: Finding, part: str) -> Met:
    """Whether what this finding offers has the part."""
    if part in finding.missing:
        return Met.NO
    if finding.channel is not None and part in judged_parts(finding.channel):
        return Met.YES
    return READ_FROM_EVIDENCE[part](finding)


def known_parts(channel: Channel) -> frozenset[str]:
    """Every part of this channel that a profile may name."""
    return judged_parts(channel) | READ_FROM_EVIDENCE.keys()


@cache
def judged_parts(channel: Channel) -> frozenset[str]:
    """The parts that the channel's rule looks for, and names when they are missing."""
    words = files("rules.channels").joinpath(f"{channel.value}_offered.en.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(words).get("missing", {}))


def _stated(attribute: str) -> Callable[[Finding], Met]:
    def met(finding: Finding) -> Met:
        return Met.YES if any(attribute in piece.attributes for piece in finding.evidence) else Met.CANNOT_TELL

    return met


def _no_surcharge(finding: Finding) -> Met:
    """One number that costs the usual rate or nothing is enough; a short number does not show what it costs."""
    kinds = _kinds_of_number(finding)
    if kinds & _USUAL_RATE:
        return Met.YES
    return Met.NO if kinds and kinds <= _SURCHARGED else Met.CANNOT_TELL


def _call_cost(finding: Finding) -> Met:
    """The words say it, or the kind of number does."""
    if _kinds_of_number(finding) & _USUAL_RATE:
        return Met.YES
    return _stated("cost")(finding)


def _kinds_of_number(finding: Finding) -> set[str]:
    return {piece.attributes["type"] for piece in finding.evidence if "type" in piece.attributes}


READ_FROM_EVIDENCE: dict[str, Callable[[Finding], Met]] = {
    "hours": _stated("hours"),
    "address": _stated("address"),
    "call_cost": _call_cost,
    "no_surcharge": _no_surcharge,
}
