import pytest
from msgspec.structs import replace

from reports.album import Album
from reports.cards import AgencyCard
from reports.edition import Edition
from reports.formats.html import prepared
from reports.measures import Coverage, of_barriers
from reports.pages.agencies import AgencyTelling, why_unsure
from reports.scorecard import scorecard
from rules.model.portfolio import Agency, Portfolio, Service, Site
from rules.model.run import RunResult


def agency(run, *, sites, services, states):
    """An agency whose subjects have these barrier states."""
    named = tuple(Service(id=f"v{number}", name=f"V{number}") for number in range(services))
    all_sites = tuple(
        Site(id=f"s{number}", name="S", start="https://s.example/", services=named) for number in range(sites)
    )
    body = Agency(id="a", name="A", sites=all_sites)
    card = scorecard(RunResult(run=run.run, portfolio=Portfolio(id="p", agencies=(body,)))).everyone[0]
    measures = tuple(of_barriers(states) if each.name == "barriers" else each for each in card.measures)
    return AgencyCard(agency=body, sites=card.sites, coverage=Coverage(looked_at=1, planned=1), measures=measures)


CASES = [
    (1, 0, ["clear"], "We found no barrier on the pages of 1 site.", "van 1 site."),
    (2, 0, ["clear"] * 2, "We found no barrier on the pages of 2 sites.", "van 2 sites."),
    (1, 1, ["clear"], "We found no barrier on the pages of 1 service.", "van 1 dienst."),
    (1, 3, ["clear"] * 3, "We found no barrier on the pages of 3 services.", "van 3 diensten."),
    (
        1,
        2,
        ["clear", "not_looked_at"],
        "We found no barrier on the pages of 1 of 2 services. We could not judge 1 of 2 services.",
        "van 1 van 2 diensten. Over 1 van 2 diensten konden wij niet oordelen.",
    ),
    (
        1,
        0,
        ["not_looked_at"],
        "We could not judge whether something stands in the way for 1 site.",
        "of er iets in de weg staat voor 1 site.",
    ),
    (
        1,
        2,
        ["clear", "judge"],
        "We found no barrier on the pages of 1 of 2 services. For 1 of 2 services a person must judge.",
        "van 1 van 2 diensten. Over 1 van 2 diensten moet een mens oordelen.",
    ),
    (1, 0, ["judge"], "For 1 of 1 site a person must judge.", "Over 1 van 1 site moet een mens oordelen."),
]


@pytest.mark.parametrize("case", CASES)
def test_that_no_barrier_was_found_reads_right_in_every_number(run, tmp_path, case):
    sites, services, states, english, dutch = case
    card = agency(run, sites=sites, services=services, states=states)
    editions = {lang: Edition(prepared(run), lang, Album(tmp_path, {}.get)) for lang in ("en", "nl")}
    said = {lang: str(AgencyTelling(edition).no_barrier(card)) for lang, edition in editions.items()}
    assert said["en"] == english
    assert said["nl"].endswith(dutch)


def test_what_the_tool_could_not_judge_is_no_order_to_fix_it():
    assert why_unsure("Fix any of the following:\n  Background is a picture") == "Background is a picture"
    assert why_unsure("Background is a picture") == "Background is a picture"


def test_what_the_browsers_engine_does_not_tell_is_said_once_in_plain_words(run, tmp_path):
    card = scorecard(run).everyone[0].sites[0]
    untold = tuple(replace(page, uncollected=("requests", "headers")) for page in card.result.pages)
    silent = replace(card, result=replace(card.result, pages=untold))
    said = {}
    for lang in ("en", "nl"):
        telling = AgencyTelling(Edition(prepared(run), lang, Album(tmp_path, {}.get)))
        said[lang] = str(telling.uncollected(silent))
        assert telling.uncollected(card) == ""
    assert said["en"] == "what pages load, and so which third parties; the headers of the answers"
    assert said["nl"] == "wat pagina\u2019s laden, en dus welke derden; de kopregels van de antwoorden"
