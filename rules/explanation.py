"""What a rule looks at, what it expects and its examples, for a person who reads a finding."""

import re
import tomllib
from importlib.resources import files

from rules.cases import document
from rules.registry import Rule, rule_named

_AXE = "axe/"
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def explanation(rule: str, lang: str = "en") -> str:
    """The rule in words: its name, what a person notices, what mends it, then its document with all cases.

    Raises:
        KeyError: there is no such rule, nor a check of axe with this name.

    """
    if rule.startswith(_AXE):
        from rules.accessibility.axe import words_for

        words = words_for(rule.removeprefix(_AXE), lang)
        return "\n\n".join(part for part in (words.problem, words.experience, words.mend) if part)
    found = rule_named(rule)
    spoken = _words(found, lang) or _words(found, "en")
    head = [f"{found.name} ({found.id}, version {found.version})"]
    head += [str(spoken[key]) for key in ("problem", "experience", "mend") if key in spoken]
    return "\n\n".join([*head, _FRONT_MATTER.sub("", document(rule)).strip()]).strip()


def _words(rule: Rule, lang: str) -> dict[str, object]:
    package = rule.judge.__module__.rpartition(".")[0]
    file = files(package) / f"{rule.id}.{lang}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
