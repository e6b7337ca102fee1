import re

from reports.charts import FILLS, bar, swatch
from reports.measures import Measure, Part, of_verdicts
from rules.model.finding import Channel, Verdict


def test_a_bar_is_hidden_from_assistive_technology():
    assert 'aria-hidden="true"' in bar(of_verdicts(Channel.PHONE, [Verdict.OFFERED]))


def test_parts_stand_in_order_and_fill_the_bar():
    drawn = bar(of_verdicts(Channel.PHONE, [Verdict.OFFERED, Verdict.NOT_OFFERED, Verdict.NOT_VERIFIABLE]))
    assert re.findall(r"fill-(\w+)", drawn) == ["solid", "empty", "dotted"]
    ends = [float(x) + float(width) for x, width in re.findall(r'x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)]
    assert ends == sorted(ends)
    assert ends[-1] <= 160


def test_a_part_of_one_in_a_thousand_is_still_seen():
    measure = Measure(name="phone", parts=(Part(word="offered", count=1), Part(word="not_offered", count=999)))
    assert 'width="1"' in bar(measure)


def test_nothing_to_count_draws_nothing():
    assert bar(Measure(name="phone", parts=(Part(word="offered", count=0),))) == ""


def test_every_filling_has_a_swatch():
    assert {re.search(r"fill-(\w+)", swatch(word))[1] for word in FILLS} == {
        "solid",
        "hatched",
        "crossed",
        "empty",
        "dotted",
    }
