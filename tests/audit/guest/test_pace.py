"""Navigations on one host and port start apart from each other, in the order in which they asked."""

import asyncio

import pytest

from audit.guest.pace import Pace


class FakeTime:
    """A clock that only sleeping moves; all sleepers share it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.now += seconds


def paced(seconds: float) -> tuple[Pace, FakeTime]:
    fake = FakeTime()
    return Pace(seconds, clock=fake.clock, sleep=fake.sleep), fake


def test_turns_on_one_host_start_apart_and_in_order() -> None:
    pace, time = paced(2)
    started: list[tuple[str, float]] = []

    async def visit(name: str) -> None:
        await pace.turn(f"https://example.nl/{name}")
        started.append((name, time.now))

    async def visits() -> None:
        await asyncio.gather(*(visit(name) for name in "abcd"))

    asyncio.run(visits())
    assert started == [("a", 100), ("b", 102), ("c", 104), ("d", 106)]


def test_other_hosts_and_ports_do_not_wait_for_each_other_but_schemes_on_one_port_do() -> None:
    pace, time = paced(2)

    async def visits() -> None:
        for url in ("https://a.nl/", "https://b.nl/", "https://a.nl:8443/", "http://a.nl/", "not a url"):
            await pace.turn(url)
        assert time.slept == []
        await pace.turn("http://A.NL:443/x")

    asyncio.run(visits())
    assert time.slept == [2]


def test_only_what_is_left_of_the_time_is_waited() -> None:
    pace, time = paced(2)

    async def visits() -> None:
        await pace.turn("https://a.nl/")
        time.now += 1.5
        await pace.turn("https://a.nl/")
        time.now += 60
        await pace.turn("https://a.nl/")

    asyncio.run(visits())
    assert time.slept == [0.5]


def test_a_sleep_that_ends_early_is_slept_again() -> None:
    fake = FakeTime()

    async def short(seconds: float) -> None:
        await fake.sleep(seconds / 2 if seconds > 0.5 else seconds)

    pace = Pace(2, clock=fake.clock, sleep=short)

    async def visits() -> None:
        await pace.turn("https://a.nl/")
        await pace.turn("https://a.nl/")

    asyncio.run(visits())
    assert fake.now == 102


@pytest.mark.parametrize("seconds", [0, -1])
def test_no_pace_means_no_waiting(seconds: float) -> None:
    pace, time = paced(seconds)

    async def visits() -> None:
        await asyncio.gather(*(pace.turn("https://a.nl/") for _ in range(3)))

    asyncio.run(visits())
    assert time.slept == []


def test_who_is_cancelled_while_waiting_uses_no_turn() -> None:
    pace = Pace(0.05)
    loop_times: list[float] = []

    async def visit() -> None:
        await pace.turn("https://a.nl/")
        loop_times.append(asyncio.get_running_loop().time())

    async def visits() -> None:
        await visit()
        given_up = [asyncio.create_task(visit()) for _ in range(5)]
        last = asyncio.create_task(visit())
        await asyncio.sleep(0.01)
        for task in given_up:
            task.cancel()
        await last

    asyncio.run(visits())
    first, second = loop_times
    assert 0.05 <= second - first < 0.1


def test_a_pace_goes_on_in_the_next_event_loop() -> None:
    pace, time = paced(2)

    async def visits() -> None:
        await asyncio.gather(*(pace.turn("https://a.nl/") for _ in range(2)))

    asyncio.run(visits())
    asyncio.run(visits())
    assert time.now == 106
