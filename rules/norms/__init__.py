"""Norm profiles: what a jurisdiction asks for, as data, and what that makes of one service's verdicts.

A profile is `<id>.toml` (what is asked, with its sources) and `<id>.<lang>.toml` (its words); a new one is those files and
nothing else. Verdicts are the same under every profile; only `conclude` differs.
"""

from rules.norms.conclusion import Found, NormConclusion, NormState, SumLine, Why, conclude
from rules.norms.expression import Met
from rules.norms.profile import Level, NormProfile, norm_ids, profile, profiles, unknown_norm
from rules.norms.words import NormWords, SharedWords, part_words, profile_words, shared_words

__all__ = [
    "Found",
    "Level",
    "Met",
    "NormConclusion",
    "NormProfile",
    "NormState",
    "NormWords",
    "SharedWords",
    "SumLine",
    "Why",
    "conclude",
    "norm_ids",
    "part_words",
    "profile",
    "profile_words",
    "profiles",
    "shared_words",
    "unknown_norm",
]
