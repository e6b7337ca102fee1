import os
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from norms_page import PAGE, page

from rules.model.finding import Channel, Evidence, Finding, Outcome, Subject, SubjectKind, Verdict
from rules.norms import (
    Found,
    Level,
    Met,
    NormConclusion,
    NormState,
    SumLine,
    Why,
    conclude,
    norm_ids,
    part_words,
    profile,
    profile_words,
    profiles,
    shared_words,
    unknown_norm,
)
from rules.norms.expression import Expression, flaw, leaves, met_by_all, met_by_any
from rules.norms.parts import READ_FROM_EVIDENCE, known_parts, part_met
from rules.norms.profile import read_profile
from rules.registry import all_rules

DATA = Path(os.environ.get("LOKET_DATA", Path(__file__).parents[3] / "shared" / "data"))
DOMAIN = DATA.parent / "DOMAIN.md"
LANGUAGES = ("en", "nl")
SERVICE = Subject(kind=SubjectKind.SERVICE, site="www", id="permit")
FOUND, NOT_FOUND = NormState.ASKS_AND_FOUND, NormState.ASKS_AND_NOT_FOUND
CANNOT_TELL, NOTHING = NormState.CANNOT_TELL, NormState.ASKS_NOTHING

GOOD = """
id = "xx"
version = "1.0"
jurisdiction = "XX"
sources = [
    { id = "act", title = "The act", lang = "en", address = "https://law.example/act", read = "2026-11", mark = "V" },
]
says = [{ key = "duty", sources = ["act"] }]

[[asks]]
key = "phone"
level = "mandatory"
sources = ["act"]
wants = { channel = "phone", needs = ["hours"] }
"""


def finding(channel: str, cell: str) -> Finding:
    """A finding from `verdict`, `partly:missing,missing` and `offered+attribute+attribute=value`."""
    said, *attributes = cell.split("+")
    verdict, _, missing = said.partition(":")
    pairs = (attribute.partition("=") for attribute in attributes)
    return Finding(
        rule=f"{channel}_offered",
        rule_version="1.0",
        subject=SERVICE,
        outcome=Outcome.PASSED,
        channel=Channel(channel),
        verdict=Verdict(verdict),
        missing=tuple(missing.split(",")) if missing else (),
        evidence=(Evidence(page="https://a.example/", attributes={name: value or "yes" for name, _, value in pairs}),),
        reason="timeout" if verdict == "not_verifiable" else "",
    )


def barrier(rule: str, outcome: Outcome) -> Finding:
    return Finding(rule=rule, rule_version="1.0", subject=SERVICE, outcome=outcome)


def service(phone: str, counter: str, paper: str) -> list[Finding]:
    return [finding("phone", phone), finding("counter", counter), finding("paper", paper)]


TRUTH = {
    "nl-awb": [
        ("offered", "offered", "offered", FOUND),
        ("offered", "offered", "not_offered", FOUND),
        ("offered", "not_offered", "offered", FOUND),
        ("offered", "not_offered", "not_offered", NOT_FOUND),
        ("not_offered", "offered", "offered", NOT_FOUND),
        ("partly:own_number", "offered", "not_offered", FOUND),
        ("partly:on_contact_page", "offered", "offered", NOT_FOUND),
        ("offered", "partly:appointment_offline", "not_offered", NOT_FOUND),
        ("offered", "partly:appointment_offline", "offered", FOUND),
        ("offered", "partly:on_contact_page", "not_offered", FOUND),
        ("offered", "not_offered", "partly:postal_address", NOT_FOUND),
        ("offered", "not_verifiable", "not_offered", CANNOT_TELL),
        ("offered", "not_verifiable", "offered", FOUND),
        ("offered", "contradicted", "not_offered", CANNOT_TELL),
        ("contradicted", "offered", "not_offered", CANNOT_TELL),
        ("not_verifiable", "offered", "offered", CANNOT_TELL),
        ("not_verifiable", "not_offered", "not_offered", NOT_FOUND),
        ("not_offered", "not_verifiable", "not_verifiable", NOT_FOUND),
    ],
    "be-bru": [
        ("offered", "offered", "offered", FOUND),
        ("not_offered", "offered", "offered", NOT_FOUND),
        ("offered", "not_offered", "offered", NOT_FOUND),
        ("offered", "offered", "not_offered", NOT_FOUND),
        ("partly:own_number", "offered", "offered", FOUND),
        ("offered", "partly:appointment_offline", "offered", NOT_FOUND),
        ("offered", "offered", "partly:postal_address", NOT_FOUND),
        ("offered", "offered", "not_verifiable", CANNOT_TELL),
        ("contradicted", "offered", "offered", CANNOT_TELL),
        ("not_verifiable", "offered", "not_offered", NOT_FOUND),
    ],
    "fr-spplus": [
        ("offered+type=normal+hours", "not_offered", "not_offered", FOUND),
        ("offered+type=normal", "not_offered", "not_offered", CANNOT_TELL),
        ("offered+type=short+hours", "not_offered", "not_offered", CANNOT_TELL),
        ("offered+type=shared+hours", "not_offered", "not_offered", NOT_FOUND),
        ("offered+type=premium+hours", "offered+address+hours", "not_offered", FOUND),
        ("partly:own_number+type=normal+hours", "not_offered", "offered", NOT_FOUND),
        ("not_offered", "offered+address+hours", "not_offered", FOUND),
        ("not_offered", "offered+hours", "not_offered", CANNOT_TELL),
        ("not_offered", "partly:hours+address", "not_offered", NOT_FOUND),
        ("not_offered", "partly:appointment_offline+address+hours", "not_offered", NOT_FOUND),
        ("not_verifiable", "offered+address+hours", "not_offered", FOUND),
        ("not_verifiable", "not_offered", "offered", CANNOT_TELL),
        ("not_offered", "contradicted", "not_offered", CANNOT_TELL),
        ("not_offered", "not_offered", "offered", NOT_FOUND),
    ],
    "uk-assisted": [
        ("offered", "not_offered", "not_offered", FOUND),
        ("not_offered", "offered", "not_offered", FOUND),
        ("not_offered", "partly:appointment_offline", "not_offered", FOUND),
        ("not_offered", "not_offered", "offered", NOT_FOUND),
        ("not_verifiable", "offered", "not_offered", FOUND),
        ("not_verifiable", "not_offered", "offered", CANNOT_TELL),
        ("not_offered", "contradicted", "offered", CANNOT_TELL),
    ],
    "us-idea": [
        ("offered", "not_offered", "not_offered", FOUND),
        ("not_offered", "offered", "not_offered", FOUND),
        ("not_offered", "not_offered", "offered", FOUND),
        ("partly:own_number", "not_offered", "not_offered", FOUND),
        ("not_offered", "partly:appointment_offline", "not_offered", NOT_FOUND),
        ("not_offered", "not_offered", "partly:postal_address", NOT_FOUND),
        ("not_offered", "not_offered", "not_offered", NOT_FOUND),
        ("not_verifiable", "not_offered", "not_offered", CANNOT_TELL),
        ("not_verifiable", "contradicted", "offered", FOUND),
    ],
    "de": [("offered", "offered", "offered", NOTHING), ("not_offered", "not_offered", "not_verifiable", NOTHING)],
    "neutral": [("offered", "offered", "offered", NOTHING), ("not_offered", "not_offered", "not_verifiable", NOTHING)],
}
CASES = [(norm, *row) for norm, rows in TRUTH.items() for row in rows]


@pytest.mark.parametrize(("norm", "phone", "counter", "paper", "state"), CASES)
def test_a_profile_concludes_from_the_three_verdicts(
    norm: str, phone: str, counter: str, paper: str, state: NormState
) -> None:
    assert conclude(profile(norm), service(phone, counter, paper)).state is state


def test_every_profile_has_its_truth_table() -> None:
    assert sorted(TRUTH) == list(norm_ids())


def test_the_sum_shows_each_asked_item_with_what_was_found_and_why_it_counts_so() -> None:
    read = [
        *service("offered+type=normal", "partly:appointment_offline", "not_offered"),
        barrier("online_only_wording", Outcome.FAILED),
        barrier("app_required", Outcome.PASSED),
        barrier("login_required", Outcome.PASSED),
    ]
    phone = Found(met=Met.YES, why=Why.FOUND, channel=Channel.PHONE, verdict=Verdict.OFFERED)
    counter = Found(
        met=Met.NO,
        why=Why.PART_MISSING,
        channel=Channel.COUNTER,
        verdict=Verdict.PARTLY,
        parts=("appointment_offline",),
    )
    paper = Found(met=Met.NO, why=Why.NOT_FOUND, channel=Channel.PAPER, verdict=Verdict.NOT_OFFERED)
    only = Found(met=Met.NO, why=Why.BARRIER_FOUND, barrier="online_only_wording", outcome=Outcome.FAILED)
    app = Found(met=Met.YES, why=Why.BARRIER_NOT_FOUND, barrier="app_required", outcome=Outcome.PASSED)
    login = Found(met=Met.YES, why=Why.BARRIER_NOT_FOUND, barrier="login_required", outcome=Outcome.PASSED)
    must, may = Level.MANDATORY, Level.RECOMMENDED
    sources = ("awb", "wmebv", "ombudsman-2013")
    assert conclude(profile("nl-awb"), read) == NormConclusion(
        norm="nl-awb",
        version="1.0",
        state=NOT_FOUND,
        lines=(
            SumLine("phone", must, Met.YES, (phone,), ("ombudsman-2013", "ombudsman-2019"), 1),
            SumLine("counter_or_paper", must, Met.NO, (counter, paper), sources, 0),
            SumLine("call_cost", may, Met.YES, (phone,), ("ombudsman-2019", "0900"), 1),
            SumLine("other_ways_open", may, Met.NO, (only, app), ("wmebv",), 0),
            SumLine("more_than_login", may, Met.YES, (login,), ("awb",), 1),
        ),
    )


def test_what_could_not_be_read_says_why_in_the_sum() -> None:
    (line, *_) = conclude(profile("us-idea"), service("not_verifiable", "contradicted", "not_offered")).lines
    assert [(found.met, found.why, found.reason) for found in line.found] == [
        (Met.CANNOT_TELL, Why.NOT_VERIFIABLE, "timeout"),
        (Met.CANNOT_TELL, Why.CONTRADICTED, ""),
        (Met.NO, Why.NOT_FOUND, ""),
    ]


def test_a_service_that_no_rule_judged_cannot_be_told() -> None:
    concluded = conclude(profile("nl-awb"), [])
    assert concluded.state is CANNOT_TELL
    assert {found.why for line in concluded.lines for found in line.found} == {Why.NOT_JUDGED}


@pytest.mark.parametrize(
    ("outcome", "met", "why"),
    [
        (Outcome.FAILED, Met.NO, Why.BARRIER_FOUND),
        (Outcome.PASSED, Met.YES, Why.BARRIER_NOT_FOUND),
        (Outcome.INAPPLICABLE, Met.YES, Why.BARRIER_NOT_FOUND),
        (Outcome.CANT_TELL, Met.CANNOT_TELL, Why.BARRIER_TO_JUDGE),
        (Outcome.UNTESTED, Met.CANNOT_TELL, Why.NOT_VERIFIABLE),
    ],
)
def test_a_barrier_counts_by_the_outcome_of_its_rule(outcome: Outcome, met: Met, why: Why) -> None:
    line = conclude(profile("nl-awb"), [barrier("login_required", outcome)]).lines[-1]
    assert (line.met, line.found) == (met, (Found(met=met, why=why, barrier="login_required", outcome=outcome),))


def test_what_is_missing_and_not_asked_for_is_said_beside_what_counts() -> None:
    (line,) = conclude(profile("uk-assisted"), service("partly:own_number", "offered", "not_offered")).lines
    assert [(found.met, found.why, found.parts) for found in line.found] == [
        (Met.YES, Why.FOUND_IN_PART, ("own_number",)),
        (Met.YES, Why.FOUND, ()),
    ]


def test_a_recommended_item_decides_nothing() -> None:
    offered = service("offered", "offered", "offered")
    barred = [barrier("online_only_wording", Outcome.FAILED), barrier("login_required", Outcome.UNTESTED)]
    assert conclude(profile("be-bru"), [*offered, *barred]).state is FOUND


def test_findings_about_two_services_are_refused() -> None:
    other = Finding(
        rule="phone_offered",
        rule_version="1.0",
        subject=Subject(kind=SubjectKind.SERVICE, site="www", id="passport"),
        outcome=Outcome.PASSED,
    )
    with pytest.raises(ValueError, match="one subject at a time, not 2"):
        conclude(profile("neutral"), [*service("offered", "offered", "offered"), other])


@pytest.mark.parametrize(
    ("part", "cell", "met"),
    [
        ("own_number", "offered", Met.YES),
        ("own_number", "partly:own_number", Met.NO),
        ("own_number", "partly:on_contact_page", Met.YES),
        ("hours", "offered", Met.CANNOT_TELL),
        ("hours", "offered+hours=Mo-Fr 09:00-17:00", Met.YES),
        ("hours", "partly:hours", Met.NO),
        ("no_surcharge", "offered", Met.CANNOT_TELL),
        ("no_surcharge", "offered+type=free", Met.YES),
        ("no_surcharge", "offered+type=premium", Met.NO),
        ("no_surcharge", "offered+type=short", Met.CANNOT_TELL),
        ("call_cost", "offered+type=premium", Met.CANNOT_TELL),
        ("call_cost", "offered+type=premium+cost=usual", Met.YES),
        ("call_cost", "offered+type=mobile", Met.YES),
    ],
)
def test_a_part_is_there_missing_or_not_to_be_told(part: str, cell: str, met: Met) -> None:
    assert part_met(finding("phone", cell), part) is met


CHANNEL_CELLS = st.sampled_from(["", "+hours", "+address+hours", "+type=normal", "+type=premium+hours", "+type=short"])
PARTS = st.sets(
    st.sampled_from(sorted(known_parts(Channel.PHONE) | known_parts(Channel.COUNTER) | known_parts(Channel.PAPER)))
)
UNKNOWN = ("not_verifiable", "contradicted")


def partly(missing: set[str]) -> str:
    return f"partly:{','.join(sorted(missing))}" if missing else "offered"


@st.composite
def betterments(draw: st.DrawFn) -> tuple[str, str]:
    """A verdict and a better one: from not offered to unknown, partly, less partly, and offered."""
    read = draw(CHANNEL_CELLS)
    lacking, fewer = draw(PARTS), draw(PARTS)
    ladder = ["not_offered", partly(lacking | fewer) + read, partly(lacking) + read, f"offered{read}"]
    step = draw(st.integers(0, 3))
    return draw(
        st.sampled_from([(ladder[step], better) for better in ladder[step:]] + [("not_offered", UNKNOWN[step % 2])])
    )


ORDER = [NOT_FOUND, CANNOT_TELL, FOUND]
BARRIERS = ("online_only_wording", "app_required", "login_required")


@given(
    st.sampled_from(norm_ids()),
    st.tuples(betterments(), betterments(), betterments()),
    st.sets(st.sampled_from(BARRIERS)),
)
def test_a_better_verdict_never_makes_a_conclusion_worse(
    norm: str, steps: tuple[tuple[str, str], ...], removed: set[str]
) -> None:
    stands = [barrier(rule, Outcome.FAILED) for rule in BARRIERS]
    fewer = [barrier(rule, Outcome.PASSED if rule in removed else Outcome.FAILED) for rule in BARRIERS]
    worse = conclude(profile(norm), [*service(*(old for old, _ in steps)), *stands])
    better = conclude(profile(norm), [*service(*(new for _, new in steps)), *fewer])
    assert worse.state is better.state or ORDER.index(worse.state) < ORDER.index(better.state)
    met = list(Met)
    assert all(met.index(old.met) <= met.index(new.met) for old, new in zip(worse.lines, better.lines, strict=True))


CELLS = st.one_of(st.just("not_offered"), st.builds(lambda missing, read: partly(missing) + read, PARTS, CHANNEL_CELLS))


@given(st.sampled_from(norm_ids()), st.lists(CELLS, min_size=3, max_size=3), st.sets(st.integers(0, 2)))
def test_reading_more_never_overturns_what_was_decided(norm: str, cells: list[str], hidden: set[int]) -> None:
    before = conclude(
        profile(norm), service(*("not_verifiable" if n in hidden else cell for n, cell in enumerate(cells)))
    )
    after = conclude(profile(norm), service(*cells))
    assert before.state in {CANNOT_TELL, after.state}


@pytest.mark.parametrize("left", list(Met))
@pytest.mark.parametrize("right", list(Met))
def test_all_and_any_are_kleenes(left: Met, right: Met) -> None:
    worst = Met.NO if Met.NO in (left, right) else Met.CANNOT_TELL if Met.CANNOT_TELL in (left, right) else Met.YES
    best = Met.YES if Met.YES in (left, right) else Met.CANNOT_TELL if Met.CANNOT_TELL in (left, right) else Met.NO
    assert (met_by_all((left, right)), met_by_any((left, right))) == (worst, best)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('mark = "V"', 'mark = "BK"', r"'act' was not read at the source \(mark 'BK'\), so it may not be printed"),
        ('mark = "V"', 'mark = "S"', "was not read at the source"),
        ('key = "duty", sources = ["act"]', 'key = "duty"', "'duty' is printed without a source"),
        ('sources = ["act"]\nwants', "wants", "'phone' is printed without a source"),
        (
            'key = "duty", sources = ["act"]',
            'key = "duty", sources = ["rumour"]',
            "'duty' rests on 'rumour', which is not",
        ),
        ("https://law.example/act", "law.example", "has no web address"),
        ('id = "xx"', 'id = "yy"', "its id 'yy' is not the name of its file"),
        ('"mandatory"', '"recommended"', "nothing of that is mandatory"),
        ('"mandatory"', '"sometimes"', "Invalid enum value 'sometimes'"),
        ('needs = ["hours"]', 'needs = ["parking"]', "'phone' needs 'parking', which is no part of phone"),
        ('needs = ["hours"]', 'barrier = "app_required"', "exactly one of channel, barrier, any_of and all_of"),
        ('channel = "phone", ', "", "exactly one of channel, barrier, any_of and all_of"),
        ('needs = ["hours"]', 'need = ["hours"]', "unknown field `need`"),
        ('version = "1.0"', "version = ", "Invalid value"),
    ],
)
def test_a_profile_that_says_more_than_was_read_is_refused(old: str, new: str, message: str) -> None:
    assert read_profile("xx", GOOD).id == "xx"
    assert old in GOOD
    with pytest.raises(ValueError, match=f"norm profile xx: .*{message}"):
        read_profile("xx", GOOD.replace(old, new))


def test_a_flaw_is_found_at_any_depth() -> None:
    sound = Expression(channel=Channel.PHONE)
    assert flaw(Expression(all_of=(sound, Expression(any_of=(sound, sound))))) == ""
    assert flaw(Expression(all_of=(sound, Expression(any_of=(sound, Expression()))))).startswith("an expression must")
    assert flaw(Expression(barrier="app_required", needs=("hours",))) == "needs belong to a channel"


def test_a_norm_that_there_is_none_of_is_named_with_those_there_are() -> None:
    assert unknown_norm("nl-awb") == ""
    assert unknown_norm("nl").startswith("norm 'nl' is not known; known are be-bru, de, fr-spplus")
    with pytest.raises(KeyError):
        profile("../parts")


def printed() -> Iterator[tuple[str, str]]:
    """Every sentence and label that a profile prints, by profile."""
    for norm in norm_ids():
        for lang in LANGUAGES:
            words = profile_words(norm, lang)
            yield from ((norm, text) for text in (words.name, *words.says.values(), *words.asks.values()))
            yield from ((norm, text) for text in words.not_asked.values())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("norm", norm_ids())
def test_each_profile_has_words_for_all_that_it_prints_and_for_nothing_else(norm: str, lang: str) -> None:
    found, words = profile(norm), profile_words(norm, lang)
    assert words.lang == lang
    assert list(words.says) == [sentence.key for sentence in found.says]
    assert list(words.asks) == [ask.key for ask in found.asks]
    assert list(words.not_asked) == [item.key for item in found.not_asked]
    assert all([words.name, *words.says.values(), *words.asks.values(), *words.not_asked.values()])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_shared_words_have_one_for_each_state_reason_level_and_part(lang: str) -> None:
    words = shared_words(lang)
    assert list(words.state) == list(NormState)
    assert list(words.why) == list(Why)
    speak_of_parts = {why for why, sentence in words.why.items() if "{parts}" in sentence}
    assert speak_of_parts == {Why.FOUND_IN_PART, Why.PART_MISSING, Why.PART_UNREAD}
    assert sorted(words.met) == sorted(Met)
    assert list(words.level) == list(Level)
    assert set(words.part) == set(READ_FROM_EVIDENCE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_that_a_profile_names_has_words(lang: str) -> None:
    asked = {
        (leaf.channel, part)
        for norm in profiles()
        for ask in norm.asks
        for leaf in leaves(ask.wants)
        if leaf.channel is not None
        for part in leaf.needs
    }
    assert len(asked) >= 9
    assert all(part_words(channel, part, lang) for channel, part in asked)


def test_words_that_a_language_lacks_are_english_and_say_so() -> None:
    assert profile_words("nl-awb", "fi") == profile_words("nl-awb", "en")
    assert shared_words("fi").lang == "en"
    assert part_words(Channel.PHONE, "own_telephone", "en") == "own telephone"
    assert part_words(Channel.COUNTER, "appointment_offline", "fi") == part_words(
        Channel.COUNTER, "appointment_offline", "en"
    )


def test_every_barrier_that_a_profile_names_is_a_rule_of_services() -> None:
    about_services = {
        rule.id for rule in all_rules() if SubjectKind.SERVICE in rule.applies_to and rule.channel is None
    }
    named = {barrier for norm in profiles() for barrier in norm.barriers}
    assert named == set(BARRIERS)
    assert named <= about_services


def test_every_source_of_a_profile_is_cited_by_something_that_it_prints() -> None:
    for norm in profiles():
        cited = {source for item in (*norm.says, *norm.asks, *norm.not_asked) for source in item.sources}
        assert cited == {source.id for source in norm.sources}
        assert bool(norm.sources) == bool(norm.jurisdiction)


def last_mark(text: str, address: str) -> list[str]:
    """The marks under which an address stands in the research: the last one before it on its line."""
    ends = re.escape(address) + r"(?=[\s;,|)\]]|$)"
    return [
        re.findall(r"\[(V|S|BK|P)\b", line[: place.start()])[-1]
        for line in text.splitlines()
        for place in re.finditer(ends, line)
    ]


@pytest.mark.data
@pytest.mark.skipif(not DOMAIN.is_file(), reason="the domain research is not here")
def test_every_address_was_read_at_the_source() -> None:
    research = DOMAIN.read_text(encoding="utf-8")
    unread = "https://www.gov.uk/service-manual/helping-people-to-use-your-service/how-your-assisted-digital-support-will-be-assessed"
    assert last_mark(research, unread) == ["S"]
    for norm in profiles():
        for source in norm.sources:
            assert set(last_mark(research, source.address)) == {"V"}, source.address


def test_nothing_judges_in_words_of_law_and_nothing_unconfirmed_is_printed() -> None:
    never = re.compile(
        r"\b(compl(y|ies|iant|iance)|illegal|unlawful|violat\w+|accessible|conform\w*|voldoe[nt]\w*|wettig\w*|onwettig\w*"
        r"|illegaal|strijdig|overtre\w+)\b|2018/1724|301 549|2018/1524|single digital gateway",
        re.IGNORECASE,
    )
    shared = [
        text
        for lang in LANGUAGES
        for table in tomllib.loads(files("rules.norms").joinpath(f"words.{lang}.toml").read_text("utf-8")).values()
        for text in table.values()
    ]
    assert never.search("this page is not compliant")
    assert [text for text in [*shared, *(text for _, text in printed())] if never.search(text)] == []


@pytest.mark.parametrize(("norm", "text"), list(printed()))
def test_no_sentence_is_too_long_to_read_in_one_breath(norm: str, text: str) -> None:
    longest = max(len(sentence.split()) for sentence in re.split(r"(?<=[.?:]) ", text))
    assert longest <= 22


def test_the_page_of_norms_is_what_the_profiles_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python tests/rules/norms_page.py"
    assert all(source.address in page() for norm in profiles() for source in norm.sources)
