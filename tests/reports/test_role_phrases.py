import pytest

from reports.addresses import Addresses
from reports.cards import RoleCard
from reports.phrases import Phrases
from reports.role_phrases import RolePhrases, unit_of_findings
from reports.rule_groups import RuleGroup
from reports.rule_words import RuleWords
from reports.wording import load_words
from rules.model.finding import Channel, Finding, Outcome, Subject, SubjectKind, Verdict


@pytest.fixture
def roles(run):
    words = load_words("en")
    rules = RuleWords(words)
    return RolePhrases(words, rules, Phrases(words, rules, run), Addresses("en"))


def finding(rule, subject, kind=SubjectKind.SERVICE, **more):
    about = Subject(kind=kind, site="vlietmeer", id=subject)
    return Finding(rule=rule, rule_version="1", subject=about, outcome=Outcome.FAILED, role="Service owner", **more)


def problem(rule):
    return RuleGroup(site="vlietmeer", rule=rule, rule_version="4", outcome=Outcome.FAILED)


LOGIN = finding("login_required", "parkeren")
PHONE = finding("phone_offered", "bezwaar", channel=Channel.PHONE, verdict=Verdict.NOT_OFFERED)


def test_channels_and_barriers_stand_before_problems(roles):
    role = RoleCard(role="r", problems=(problem("axe/label"),), barriers=(LOGIN,), channels=(PHONE,))
    assert [str(line) for line in roles.lines(role)] == [
        "Phone not offered: 1 service",
        "You must log in first: 1 service",
        "A field has no label",
    ]
    assert "service-vlietmeer--parkeren.html" in roles.start(role)


def test_barriers_and_channels_are_all_named_however_many_problems_there_are(roles):
    many = tuple(problem(f"axe/rule-{number}") for number in range(9))
    lines = roles.lines(RoleCard(role="r", problems=many, barriers=(LOGIN,), channels=(PHONE,)))
    assert len(lines) == 8
    assert str(lines[-1]) == "and 4 more"


@pytest.mark.parametrize(
    ("kinds", "unit"),
    [
        ((SubjectKind.SERVICE, SubjectKind.SERVICE), "services"),
        ((SubjectKind.SITE,), "sites"),
        ((SubjectKind.SITE, SubjectKind.SERVICE), "mixed"),
    ],
)
def test_sites_are_not_called_services(kinds, unit):
    assert unit_of_findings([finding("login_required", "x", kind) for kind in kinds]) == unit


def test_a_role_with_only_problems_starts_with_the_heaviest(roles):
    start = roles.start(RoleCard(role="r", problems=(problem("axe/label"),)))
    assert str(start).startswith('<a href="finding-vlietmeer--axe-label-')
