"""The words of rules, which stand beside each rule: its name, what a person notices, what mends it, why it could not tell.

A word that a language lacks is given in English, and says so in its `lang`.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

from reports.rule_groups import AXE
from reports.wording import FIRST, Words, flat, visible
from rules.accessibility.axe_words import words_for
from rules.model.finding import Finding
from rules.model.record import Record
from rules.registry import rule_named

_QUOTED_END = re.compile(r":?\s*“\{quote\}”")
PACKAGES = ("rules.channels", "rules.barriers", "rules.chains", "rules.accessibility")


class Text(Record, frozen=True):
    """Some words and the language that they are in."""

    words: str
    lang: str


class RuleWords:
    """What rules say, in the language of a report."""

    def __init__(self, words: Words, helps: Mapping[str, str] | None = None) -> None:
        self.lang = words.lang
        self._words = words
        self._helps = helps or {}  # what axe itself says of each of its rules, for those that we have no words for

    def name(self, rule: str) -> Text:
        """The rule's name as a reader sees it: the problem or barrier in a few words."""
        if rule.startswith(AXE):
            axe = words_for(rule.removeprefix(AXE), self.lang, spare=self._helps.get(rule, ""))
            return Text(words=axe.problem, lang=axe.lang)
        return self._own(rule, "name") or Text(words=_registered_name(rule), lang=FIRST)

    def experience(self, rule: str) -> Text | None:
        """What a person notices."""
        if rule.startswith(AXE):
            axe = words_for(rule.removeprefix(AXE), self.lang)
            return Text(words=axe.experience, lang=axe.lang) if axe.experience else None
        return self._own(rule, "experience")

    def mend(self, rule: str) -> Text | None:
        """What to do about it."""
        if rule.startswith(AXE):
            axe = words_for(rule.removeprefix(AXE), self.lang)
            return Text(words=axe.mend, lang=axe.lang) if axe.mend else None
        return self._own(rule, "mend")

    def sentence(self, finding: Finding, *, quoted: bool = True) -> Text | None:
        """What the rule says about this finding, with its values filled in.

        With `quoted` false, words quoted at its end are left out, because the evidence stands beside it.
        """
        if not finding.key:
            return None
        return self._own(finding.rule, finding.key, finding.params, quoted=quoted)

    def message(self, finding: Finding) -> str:
        """One English sentence for data files: the rule's own, else what axe says about the first element."""
        sentence = self.sentence(finding)
        if sentence is not None:
            return sentence.words
        return next((piece.summary for piece in finding.evidence if piece.summary), "")

    def missing(self, rule: str, part: str) -> Text:
        """What a partly offered channel lacks."""
        return self._named(rule, "missing", part)

    def reason(self, rule: str, reason: str) -> Text:
        """Why a rule could not tell: a failure of looking, or a reason of the rule's own."""
        return self._named(rule, "reason", reason)

    def _named(self, rule: str, table: str, word: str) -> Text:
        own = self._own(rule, f"{table}.{word}")
        if own:
            return own
        for key in (f"{table}.{word}", f"failure.{word}"):
            if key in self._words:
                return Text(words=self._words.plain(key), lang=self.lang)
        return Text(words=word.replace("_", " "), lang=FIRST)

    def _own(self, rule: str, key: str, values: Mapping[str, str] | None = None, *, quoted: bool = True) -> Text | None:
        for lang in dict.fromkeys((self.lang, FIRST)):
            entry = _entries(rule, lang).get(key)
            if isinstance(entry, str):
                return Text(words=_filled(entry if quoted else _QUOTED_END.sub("", entry), values or {}), lang=lang)
        return None


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    """The sentence with its values; a value that the finding does not carry leaves its name, never an error."""
    pieces = []
    for text, name, _spec, _conversion in Formatter().parse(sentence):
        pieces.append(text)
        if name is not None:
            pieces.append(visible(values.get(name, f"({name})")))
    return "".join(pieces)


@cache
def _entries(rule: str, lang: str) -> dict[str, Any]:
    name = rule.rpartition("/")[2]
    for package in PACKAGES:
        file = resources.files(package) / f"{name}.{lang}.toml"
        if file.is_file():
            return flat(tomllib.loads(file.read_text(encoding="utf-8")))
    return {}


def _registered_name(rule: str) -> str:
    try:
        return rule_named(rule).name
    except KeyError:
        return rule.replace("_", " ")
