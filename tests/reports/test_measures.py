from reports.measures import Coverage, Part, added, of_barriers, of_checks, of_pages, of_verdicts
from rules.model.finding import Channel, Outcome, Verdict


def test_a_channel_is_counted_in_the_order_of_its_bar():
    measure = of_verdicts(Channel.PHONE, [Verdict.NOT_OFFERED, Verdict.OFFERED, Verdict.OFFERED, Verdict.CONTRADICTED])
    assert [(part.word, part.count) for part in measure.parts] == [
        ("offered", 2),
        ("partly", 0),
        ("contradicted", 1),
        ("not_offered", 1),
        ("not_verifiable", 0),
    ]
    assert (measure.good, measure.total) == (2, 4)


def test_the_rest_names_the_worst_first_and_leaves_out_what_is_empty():
    measure = of_verdicts(Channel.PAPER, [Verdict.PARTLY, Verdict.CONTRADICTED, Verdict.NOT_OFFERED, Verdict.OFFERED])
    assert [part.word for part in measure.rest] == ["not_offered", "contradicted", "partly"]


def test_checks_that_a_person_must_judge_are_neither_good_nor_problems():
    measure = of_checks([Outcome.PASSED, Outcome.CANT_TELL, Outcome.FAILED])
    assert (measure.good, measure.count("cantTell"), measure.count("failed"), measure.total) == (1, 1, 1, 3)


def test_barriers_count_what_was_not_looked_at_apart():
    measure = of_barriers(["clear", "barrier", "not_looked_at"])
    assert measure.rest == (Part(word="barrier", count=1), Part(word="not_looked_at", count=1))


def test_the_same_measure_of_two_sites_is_added_part_by_part():
    one = of_pages(Coverage(looked_at=2, planned=3))
    two = of_pages(Coverage(looked_at=5, planned=5))
    assert added([one, two]) == of_pages(Coverage(looked_at=7, planned=8))


def test_an_empty_measure_has_a_denominator_of_zero():
    assert (of_checks([]).good, of_checks([]).total) == (0, 0)


def test_seven_of_ten_pages_are_enough_and_six_are_not():
    assert Coverage(looked_at=7, planned=10).enough
    assert not Coverage(looked_at=6, planned=10).enough
    assert not Coverage(looked_at=0, planned=0).enough
