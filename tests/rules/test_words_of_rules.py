"""Each rule speaks in reports: every sentence that a finding can name is there, in English and in Dutch alike."""

import importlib.resources
import re
import tomllib

import pytest

from rules.explanation import explanation
from rules.registry import all_rules

CHANNEL_KEYS = {
    "offered", "offered_on_demand", "partly", "not_offered", "denied", "contradicted", "not_verifiable",
}  # fmt: skip
BARRIER_KEYS = {"failed", "passed", "untested"}
RULES = [rule for rule in all_rules() if rule.channel or rule.judge.__module__.startswith("rules.barriers")]


def words(package, name, lang):
    text = importlib.resources.files(package).joinpath(f"{name}.{lang}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def flat(table, prefix=""):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_sentence_that_a_finding_can_name_is_there(rule):
    keys = set(words(rule.judge.__module__.rpartition(".")[0], rule.id, "en"))
    assert keys >= {"name", "problem", "experience", "mend"} | (CHANNEL_KEYS if rule.channel else BARRIER_KEYS)


@pytest.mark.parametrize(
    ("package", "name"),
    [(rule.judge.__module__.rpartition(".")[0], rule.id) for rule in RULES] + [("rules.chains", "weakest_link")],
)
def test_dutch_says_what_english_says_with_the_same_values(package, name):
    english, dutch = (dict(flat(words(package, name, lang))) for lang in ("en", "nl"))
    values = {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in english.items()}
    assert {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in dutch.items()} == values


def test_a_rule_is_explained_with_its_words_and_its_cases():
    text = explanation("phone_offered", "nl")
    assert text.startswith("A person can call about the service (phone_offered, version ")
    assert "Mensen kunnen hier niet over bellen." in text
    assert "#### Passed example 1" in text
    assert "rules_format" not in text


def test_a_rule_that_is_not_there_is_not_explained():
    with pytest.raises(KeyError):
        explanation("fax_offered")
