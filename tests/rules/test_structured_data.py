"""What structured data says: JSON-LD, microdata and RDFa Lite are read alike, and none of them offers anything alone."""

import json

import pytest

from rules.facts import read_facts
from rules.facts.structured_hours import hours_of_record
from rules.inspection import offers
from rules.model.mention import Mention, MentionKind, Purpose
from rules.outline import from_html
from rules.outline_microdata import MAX_ITEMS, MAX_VALUES, microdata
from rules.outline_tree import Node, Tree

JSON_LD = """<script type="application/ld+json">{"@type": "GovernmentOffice", "name": "Stadskantoor", "telephone":
"020 624 1111", "openingHours": "Mo-Fr 09:00-17:00", "address": {"@type": "PostalAddress", "streetAddress": "Stadsplein 1",
"postalCode": "1234 AB", "addressLocality": "Ergens"}}</script>"""
MICRODATA = """<div itemscope itemtype="https://schema.org/GovernmentOffice"><meta itemprop="name" content="Stadskantoor">
<a itemprop="telephone" href="tel:020%20624%201111">bel</a><time itemprop="openingHours" datetime="Mo-Fr 09:00-17:00">x</time>
<p itemprop="address" itemscope itemtype="http://schema.org/PostalAddress"><b itemprop="streetAddress">Stadsplein 1</b>
<i itemprop="postalCode">1234&nbsp;AB</i> <i itemprop="addressLocality">Ergens</i></p></div>"""
RDFA = """<div vocab="https://schema.org/" typeof="GovernmentOffice"><meta property="schema:name" content="Stadskantoor">
<span property="telephone" content="020 624 1111">bel</span><span property="openingHours" content="Mo-Fr 09:00-17:00"></span>
<p property="address" typeof="PostalAddress"><b property="streetAddress">Stadsplein 1</b>
<i property="postalCode">1234 AB</i> <i property="addressLocality">Ergens</i></p></div>"""


def data_mentions(body: str) -> list[Mention]:
    facts = read_facts(from_html(f"<html lang=nl><main>{body}</main></html>", "https://a.example/"), country="NL")
    return [mention for mention in facts.mentions if mention.block < 0]


def items(body: str) -> list[dict[str, object]]:
    return [json.loads(text) for text in from_html(body, "https://a.example/").microdata]


@pytest.mark.parametrize(
    ("body", "source"),
    [(JSON_LD, "structured"), (MICRODATA, "microdata"), (RDFA, "microdata")],
    ids=["JSON-LD", "microdata", "RDFa Lite"],
)
def test_each_form_gives_the_same_number_place_and_hours_and_offers_nothing(body: str, source: str) -> None:
    found = data_mentions(body)
    assert [(m.kind, m.value or m.quote, m.owner, m.source, m.attributes["hours"]) for m in found] == [
        (MentionKind.PHONE, "+31206241111", "Stadskantoor", source, "Mo-Fr 09:00-17:00"),
        (MentionKind.COUNTER, "Stadsplein 1, 1234 AB, Ergens", "Stadskantoor", source, "Mo-Fr 09:00-17:00"),
    ]
    assert not any(offers(mention) for mention in found)


def test_a_post_box_is_for_letters_and_a_town_alone_for_nothing() -> None:
    box = "<p itemscope><b itemprop=postOfficeBoxNumber>Postbus 12</b><b itemprop=addressLocality>Ergens</b></p>"
    town = "<p itemscope><b itemprop=addressLocality>Ergens</b></p>"
    assert [(m.kind, m.quote) for m in data_mentions(box + town)] == [(MentionKind.PAPER, "Postbus 12, Ergens")]


def test_a_fax_and_a_press_desk_in_microdata_are_what_they_are() -> None:
    body = (
        "<div itemscope><b itemprop=faxNumber>020 624 1112</b><p itemprop=contactPoint itemscope><b itemprop=contactType>"
        "Press office</b><b itemprop=telephone>020 624 1113</b></p></div>"
    )
    assert [(m.value, m.purpose) for m in data_mentions(body)] == [
        ("+31206241112", Purpose.FAX),
        ("+31206241113", Purpose.PRESS),
    ]


def test_hours_in_the_page_never_go_to_a_number_in_its_data() -> None:
    found = data_mentions(
        "<p itemscope><meta itemprop=telephone content='020 624 1111'></p><p>Telefonisch: maandag 9.00 - 17.00 uur</p>"
    )
    assert [(m.value, m.attributes.get("hours")) for m in found] == [("+31206241111", None)]


def test_a_name_that_is_given_twice_holds_both_and_several_names_share_a_value() -> None:
    assert items(
        "<p itemscope><b itemprop='telephone faxNumber'>1</b><b itemprop=telephone>2</b><b itemprop=telephone>3"
    ) == [{"telephone": ["1", "2", "3"], "faxNumber": "1"}]


def test_what_stands_in_no_item_or_says_nothing_is_left_out() -> None:
    assert (
        items("<meta property=og:title content=x><b itemprop=name>los</b><p itemscope itemtype=Thing>niets</p>") == []
    )


def test_what_is_read_of_microdata_is_limited() -> None:
    assert len(items("<p itemscope><b itemprop=name>x</b></p>" * (MAX_ITEMS + 5))) == MAX_ITEMS
    (item,) = items(f"<p itemscope>{'<b itemprop=name>x</b>' * (MAX_VALUES + 5)}</p>")
    assert item["name"] == ["x"] * MAX_VALUES
    deep = items("<div itemscope itemprop=part>" * 3_000 + "<b itemprop=name>diep</b>" + "</div>" * 3_000)
    assert "diep" not in json.dumps(deep)


def test_half_a_character_in_a_value_can_be_written_and_read() -> None:
    item = Node("p", None, 1, {"itemscope": ""})
    value = Node("b", item, 1, {"itemprop": "telephone", "content": "020 \ud800"})
    assert microdata(Tree(item, [item, value])) == ('{"telephone": "020 ?"}',)


@pytest.mark.parametrize(
    ("record", "hours"),
    [
        ({"openingHours": ["Mo,Tu 09:00-12:00", "Sa 10:00 - 13:00"]}, "Mo,Tu 09:00-12:00; Sa 10:00-13:00"),
        ({"openingHours": "elke dag"}, ""),
        (
            {
                "openingHoursSpecification": [
                    {"dayOfWeek": ["https://schema.org/Friday", "Monday"], "opens": "09:00:00", "closes": "17:00"},
                    {"dayOfWeek": "Sunday", "opens": "00:00", "closes": "00:00"},
                ]
            },
            "Mo,Fr 09:00-17:00",
        ),
        ({"hoursAvailable": {"dayOfWeek": "Tuesday", "opens": "T08:30", "closes": "T12:00"}}, "Tu 08:30-12:00"),
        ({"openingHoursSpecification": {"dayOfWeek": 3, "opens": None}}, ""),
    ],
)
def test_hours_are_written_as_openstreetmap_writes_them(record: dict[str, object], hours: str) -> None:
    assert hours_of_record(record) == hours
