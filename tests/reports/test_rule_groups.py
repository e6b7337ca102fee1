import pytest

from reports.rule_groups import about_accessibility, groups_of, worst_outcomes
from rules.model.finding import Channel, Evidence, Finding, Outcome, Subject, SubjectKind, Verdict


def axe(rule: str, page: str, outcome: Outcome, *, impact: str = "", count: int = 1) -> Finding:
    return Finding(
        rule=f"axe/{rule}",
        rule_version="4.12.1",
        subject=Subject(kind=SubjectKind.PAGE, site="s", id=page),
        outcome=outcome,
        impact=impact,
        count=count,
        evidence=(Evidence(page=page, summary=f"{rule} on {page}"),),
    )


def test_one_row_per_rule_with_pages_and_places():
    found = [
        axe("label", "/a", Outcome.FAILED, impact="critical", count=2),
        axe("label", "/b", Outcome.FAILED, impact="critical", count=5),
        axe("label", "/c", Outcome.PASSED),
    ]
    (group,) = groups_of(found, Outcome.FAILED)
    assert [(page.page, page.places) for page in group.pages] == [("/b", 5), ("/a", 2)]
    assert (group.places, group.message) == (7, "label on /a")


def test_the_heaviest_effect_comes_first_then_the_most_places():
    found = [
        axe("region", "/a", Outcome.FAILED, impact="moderate", count=90),
        axe("label", "/a", Outcome.FAILED, impact="critical"),
        axe("image-alt", "/a", Outcome.FAILED, impact="critical", count=3),
        axe("odd", "/a", Outcome.FAILED, impact="unheard of"),
    ]
    assert [group.rule for group in groups_of(found, Outcome.FAILED)] == [
        "axe/image-alt",
        "axe/label",
        "axe/region",
        "axe/odd",
    ]


def test_what_the_machine_cannot_tell_is_grouped_apart():
    found = [axe("label", "/a", Outcome.FAILED), axe("label", "/b", Outcome.CANT_TELL)]
    assert [page.page for group in groups_of(found, Outcome.CANT_TELL) for page in group.pages] == ["/b"]


def test_a_rule_counts_once_a_site_with_its_worst_outcome():
    found = [
        axe("label", "/a", Outcome.PASSED),
        axe("label", "/b", Outcome.FAILED),
        axe("list", "/a", Outcome.CANT_TELL),
        axe("list", "/b", Outcome.PASSED),
        axe("video", "/a", Outcome.INAPPLICABLE),
        axe("tabindex", "/a", Outcome.UNTESTED),
    ]
    assert worst_outcomes(found) == {"axe/label": Outcome.FAILED, "axe/list": Outcome.CANT_TELL}


@pytest.mark.parametrize(
    ("rule", "kind", "wcag", "verdict", "expected"),
    [
        ("axe/label", SubjectKind.PAGE, (), None, True),
        ("focus_visible", SubjectKind.PAGE, ("2.4.7",), None, True),
        ("login_required", SubjectKind.SERVICE, (), None, False),
        ("page_read", SubjectKind.PAGE, (), None, False),
        ("phone_offered", SubjectKind.SITE, (), Verdict.OFFERED, False),
    ],
)
def test_accessibility_is_told_from_channels_and_barriers(rule, kind, wcag, verdict, expected):
    found = Finding(
        rule=rule,
        rule_version="1",
        subject=Subject(kind=kind, site="s", id="x"),
        outcome=Outcome.PASSED,
        wcag=wcag,
        verdict=verdict,
        channel=Channel.PHONE if verdict else None,
    )
    assert about_accessibility(found) is expected
