"""What axe says about a page becomes findings: each outcome, with evidence, criteria, level, and who can mend it."""

import pytest

from rules.accessibility.axe import RULE
from rules.model.failure import Failure, FailureKind
from rules.model.finding import Evidence, Finding, Outcome, Subject, SubjectKind
from rules.model.look import AxeNode, AxeOutcome, AxeResult, AxeRule
from rules.model.outline import Outline
from rules.model.page import PageRole
from rules.model.portfolio import Site
from rules.model.view import PageView, SiteView
from rules.registry import Layer, all_rules

URL = "https://agency.example/contact"
SITE = Site(id="agency", name="Agency", start="https://agency.example/")
SUBJECT = Subject(kind=SubjectKind.PAGE, site="agency", id=URL)
CONTRAST = ("cat.color", "wcag2aa", "wcag143", "EN-301-549")


def findings(*rules: AxeRule, partial: bool = False, unread: tuple[str, ...] = ()) -> list[Finding]:
    page = PageView(
        url=URL,
        role=PageRole.CONTACT,
        axe=AxeResult(version="4.12.1", rules=rules, unread_frames=unread),
        partial=partial,
        taken_at="2026-11-23T02:14:07Z",
        axe_artifact="ab12",
    )
    return judged(page)


def judged(page: PageView) -> list[Finding]:
    return list(RULE.judge(SiteView(site=SITE, country="NL", pages=(page,))))


def test_a_violation_is_a_failure_with_its_elements_as_evidence() -> None:
    node = AxeNode(
        target=("#frame", "p.grey"), html="<p class=grey>", summary="Fix: contrast", frame=1, box=(1, 2, 3, 4)
    )
    rule = AxeRule(
        id="color-contrast",
        outcome=AxeOutcome.VIOLATIONS,
        impact="serious",
        tags=CONTRAST,
        act_ids=("afw4f7",),
        help="Elements must meet…",
        help_url="https://dequeuniversity.com/rules/axe/4.12/color-contrast",
        nodes=(node,),
        count=73,
    )
    assert findings(rule) == [
        Finding(
            rule="axe/color-contrast",
            rule_version="4.12.1",
            subject=SUBJECT,
            outcome=Outcome.FAILED,
            params={
                "help": "Elements must meet…",
                "help_url": "https://dequeuniversity.com/rules/axe/4.12/color-contrast",
            },
            evidence=(
                Evidence(
                    page=URL,
                    selector="#frame >>> p.grey",
                    html="<p class=grey>",
                    summary="Fix: contrast",
                    box=(1, 2, 3, 4),
                    attributes={"frame": "1"},
                    artifact="ab12",
                    taken_at="2026-11-23T02:14:07Z",
                ),
            ),
            wcag=("1.4.3",),
            act=("afw4f7",),
            impact="serious",
            role="visual_design",
            count=73,
            level="mandatory",
        )
    ]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (AxeOutcome.VIOLATIONS, Outcome.FAILED),
        (AxeOutcome.INCOMPLETE, Outcome.CANT_TELL),
        (AxeOutcome.PASSES, Outcome.PASSED),
        (AxeOutcome.INAPPLICABLE, Outcome.INAPPLICABLE),
    ],
)
def test_each_list_of_axe_has_its_outcome(said: AxeOutcome, outcome: Outcome) -> None:
    (finding,) = findings(AxeRule(id="list", outcome=said, tags=("wcag2a", "wcag131"), impact="serious"))
    assert finding.outcome is outcome
    assert finding.impact == ("serious" if outcome in (Outcome.FAILED, Outcome.CANT_TELL) else "")


def test_a_rule_with_failures_and_doubts_fails_once_and_counts_the_doubts() -> None:
    (finding,) = findings(
        AxeRule(id="list", outcome=AxeOutcome.PASSES, count=9),
        AxeRule(id="list", outcome=AxeOutcome.INCOMPLETE, count=4),
        AxeRule(id="list", outcome=AxeOutcome.VIOLATIONS, count=2),
    )
    assert (finding.outcome, finding.count, finding.params) == (Outcome.FAILED, 2, {"unsure": "4"})


def test_an_experimental_rule_cannot_fail_a_page() -> None:
    (finding,) = findings(AxeRule(id="p-as-heading", outcome=AxeOutcome.VIOLATIONS, tags=("wcag131", "experimental")))
    assert finding.outcome is Outcome.CANT_TELL


@pytest.mark.parametrize(
    ("tags", "wcag", "level"),
    [
        (CONTRAST, ("1.4.3",), "mandatory"),
        (("wcag2a", "wcag244", "wcag412"), ("2.4.4", "4.1.2"), "mandatory"),
        (("wcag21aa", "wcag1412"), ("1.4.12",), "mandatory"),
        (("wcag22aa", "wcag258"), ("2.5.8",), "recommended"),
        (("wcag2aaa", "wcag146"), ("1.4.6",), "informational"),
        (("best-practice",), (), "informational"),
        (("wcag2a-obsolete", "wcag411"), ("4.1.1",), "informational"),
    ],
)
def test_tags_name_criteria_and_how_binding_they_are(tags: tuple[str, ...], wcag: tuple[str, ...], level: str) -> None:
    (finding,) = findings(AxeRule(id="some-rule", outcome=AxeOutcome.VIOLATIONS, tags=tags))
    assert (finding.wcag, finding.level) == (wcag, level)
    assert finding.role


def test_a_page_read_in_part_has_failures_but_no_passes() -> None:
    found = findings(
        AxeRule(id="label", outcome=AxeOutcome.VIOLATIONS),
        AxeRule(id="list", outcome=AxeOutcome.PASSES),
        AxeRule(id="blink", outcome=AxeOutcome.INAPPLICABLE),
        partial=True,
    )
    assert [(finding.outcome, finding.reason) for finding in found] == [
        (Outcome.FAILED, ""),
        (Outcome.UNTESTED, "partial"),
        (Outcome.UNTESTED, "partial"),
    ]


def test_frames_that_axe_could_not_enter_are_counted() -> None:
    (finding,) = findings(AxeRule(id="list", outcome=AxeOutcome.PASSES), unread=("https://map.example/",))
    assert finding.params == {"unread_frames": "1"}


def test_a_page_that_was_looked_at_without_axe_is_untested() -> None:
    (finding,) = judged(PageView(url=URL, role=PageRole.HOME, outline=Outline(url=URL)))
    assert (finding.rule, finding.outcome, finding.reason) == ("axe", Outcome.UNTESTED, "axe_not_run")


def test_a_page_that_could_not_be_looked_at_is_left_to_another_rule() -> None:
    assert judged(PageView(url=URL, role=PageRole.HOME, failure=Failure(kind=FailureKind.DNS))) == []


def test_the_rule_is_in_the_registry_and_reads_axe_alone() -> None:
    assert RULE in all_rules()
    assert RULE.needs == (Layer.AXE,)
