"""robots.txt is asked through the guard and read as RFC 9309 says: no file opens, no answer closes."""

import gzip
import threading
from collections.abc import Callable
from pathlib import Path
from socket import create_server

import pytest
from certificate import contexts
from loopback import Script, free_port, page, says, server

from audit.guest.addresses import AllowList
from audit.guest.guard import Guard
from audit.guest.robots import CLOSED, RobotsAnswer, allowed, crawl_delay, fetch
from audit.guest.user_agent import user_agent
from rules.model.failure import Failure, FailureKind

AGENT = user_agent("https://agency.example/audit")
RULES = "User-agent: *\nDisallow: /geheim\n"


def fetched(script: Script, **options: object) -> RobotsAnswer:
    """What `fetch` makes of a server that answers with this script."""
    with server(script) as site, Guard(allowed=AllowList.parse([f"127.0.0.1:{site.port}"])) as guard:
        answers = fetch([site.url], proxy=f"http://{guard.address}", user_agent=AGENT, **options)  # type: ignore[arg-type]
        assert list(answers) == [site.url]
        assert all(head.startswith(b"GET /") for head in site.heads)
        return answers[site.url]


def answers_with(status: bytes, body: bytes = b"", extra: bytes = b"") -> Script:
    return says(b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n%b" % (status, extra, len(body), body))


@pytest.mark.parametrize(
    ("body", "extra", "text"),
    [
        (RULES.encode(), b"", RULES),
        (b"\xef\xbb\xbf" + RULES.encode(), b"Content-Type: text/plain\r\n", RULES),
        (RULES.encode("utf-16"), b"", RULES),
        (b"Disallow: /caf\xe9\n", b"", "Disallow: /caf\ufffd\n"),
        (b"User-agent: *\x00\n", b"", "User-agent: *\n"),
        (gzip.compress(RULES.encode(), mtime=0), b"Content-Encoding: gzip\r\n", RULES),
        (RULES.encode(), b"Content-Encoding: gzip\r\n", RULES),
        (b"", b"", ""),
        (b" \r\n ", b"", ""),
    ],
)
def test_the_rules_are_read_in_any_encoding(body: bytes, extra: bytes, text: str) -> None:
    assert fetched(page(body, extra)) == RobotsAnswer(text)


@pytest.mark.parametrize(
    ("status", "note"),
    [
        (b"404 Not Found", ""),
        (b"410 Gone", ""),
        (b"401 Unauthorized", "401"),
        (b"403 Forbidden", "403"),
        (b"400 Bad", "400"),
        (b"302 Found", "302"),
    ],
)
def test_no_robots_txt_means_no_rules(status: bytes, note: str) -> None:
    answer = fetched(answers_with(status, RULES.encode()))
    assert (answer.text, answer.failure) == ("", None)
    assert note in answer.note
    assert bool(note) == bool(answer.note)


@pytest.mark.parametrize("status", [b"500 Oops", b"503 Busy", b"429 Too Many Requests"])
def test_a_server_in_trouble_is_closed_for_now(status: bytes) -> None:
    answer = fetched(answers_with(status))
    detail = f"robots.txt answered {status[:3].decode()}, which closes the site for robots"
    assert answer == RobotsAnswer(CLOSED, f"not visited: {detail}", Failure(FailureKind.ROBOTS, detail))


@pytest.mark.parametrize(
    ("body", "extra"),
    [
        (b"<!DOCTYPE html><title>Not found</title>", b""),
        (b"\n <HTML><body>", b"Content-Type: text/plain\r\n"),
        (b"Hello", b"Content-Type: Text/HTML; charset=utf-8\r\n"),
        (b"<?xml version='1.0'?>", b""),
    ],
)
def test_a_web_page_in_the_place_of_robots_txt_is_no_rules(body: bytes, extra: bytes) -> None:
    answer = fetched(page(body, extra))
    assert answer == RobotsAnswer(note="a web page stands in the place of robots.txt: treated as absent")


def test_what_lies_beyond_the_limit_is_not_read_and_a_cut_line_left_out() -> None:
    answer = fetched(page(b"Disallow: /a\nDisallow: /b"), max_bytes=20)
    assert answer == RobotsAnswer("Disallow: /a\n", "robots.txt is longer than 20 bytes: the rest was not read")


def test_one_line_without_end_is_left_out_at_once() -> None:
    """Looking for its beginning from each of its characters would take hours."""
    answer = fetched(page(b"Disallow: /a\n# " + b"x" * 600_000))
    assert answer.text == "Disallow: /a\n"


def test_redirects_are_followed_five_times_and_no_further() -> None:
    def leads_on(times: int) -> Script:
        def script(connection: object, head: bytes) -> object:
            number = int(head.split(b" ")[1].strip(b"/").replace(b"robots.txt", b"0"))
            if number < times:
                return answers_with(b"301 Moved", extra=b"Location: /%d\r\n" % (number + 1))(connection, head)  # type: ignore[arg-type]
            return answers_with(b"200 OK", RULES.encode())(connection, head)  # type: ignore[arg-type]

        return script

    assert fetched(leads_on(5)) == RobotsAnswer(RULES)
    assert fetched(leads_on(6)) == RobotsAnswer(note="robots.txt leads on more than 5 times: treated as absent")


def test_a_redirect_into_a_private_network_closes_the_origin() -> None:
    answer = fetched(answers_with(b"302 Found", extra=b"Location: http://10.0.0.1/robots.txt\r\n"))
    assert answer.text == CLOSED
    assert answer.failure == Failure(FailureKind.PRIVATE_ADDRESS, "Loket's guard: 10.0.0.1 is a private address")


def test_no_answer_closes_the_origin_and_says_why() -> None:
    port = free_port()
    with Guard(allowed=AllowList.parse([f"127.0.0.1:{port}"]), resolve=lambda _: []) as guard:
        urls = [f"http://127.0.0.1:{port}", "http://nowhere.example", "https://nowhere.example", "https://10.0.0.1"]
        answers = fetch([*urls, urls[0]], proxy=f"http://{guard.address}", user_agent=AGENT)
    kinds = [answer.failure and answer.failure.kind for answer in answers.values()]
    assert list(answers) == urls
    assert kinds == [FailureKind.REFUSED, FailureKind.DNS, FailureKind.DNS, FailureKind.PRIVATE_ADDRESS]
    assert {answer.text for answer in answers.values()} == {CLOSED}
    assert all(answer.note.startswith("not visited: robots.txt gave no answer (") for answer in answers.values())


def test_without_a_guard_nothing_is_visited() -> None:
    answer = fetch(["http://example.nl"], proxy=f"http://127.0.0.1:{free_port()}", user_agent=AGENT)[
        "http://example.nl"
    ]
    assert answer.text == CLOSED
    assert answer.failure is not None
    assert answer.failure.kind == FailureKind.REFUSED


def test_an_answer_that_drips_ends_at_the_time_limit() -> None:
    stopped = threading.Event()

    def drips(connection: object, head: bytes) -> bool:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")  # type: ignore[attr-defined]
        while not stopped.wait(0.02):
            connection.sendall(b"#")  # type: ignore[attr-defined]
        return False

    answer = fetched(drips, timeout=0.3)
    stopped.set()
    assert answer.failure == Failure(FailureKind.TIMEOUT, "no whole answer within 0.3 s")


def test_nonsense_in_place_of_http_closes_the_origin() -> None:
    answer = fetched(says(b"nonsense\r\n\r\n"))
    assert answer.failure is not None
    assert answer.failure.kind == FailureKind.HTTP_ERROR


@pytest.mark.parametrize(
    ("name", "kind"), [("127.0.0.1", None), ("other.example", FailureKind.TLS)], ids=["right", "of another host"]
)
def test_certificates_are_checked(tmp_path: Path, name: str, kind: FailureKind | None) -> None:
    serving, trusting = contexts(tmp_path, name)
    with create_server(("127.0.0.1", 0)) as listener, Guard(allowed=AllowList.parse(["127.0.0.1"])) as guard:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=_answer_once, args=(listener.accept, serving.wrap_socket))
        thread.start()
        place = f"https://127.0.0.1:{port}"
        answer = fetch([place], proxy=f"http://{guard.address}", user_agent=AGENT, trust=trusting)[place]
        thread.join()
    if kind is None:
        assert answer == RobotsAnswer(RULES)
    else:
        assert answer.text == CLOSED
        assert answer.failure is not None
        assert answer.failure.kind == kind
        assert answer.failure.detail.startswith("the certificate is not valid: ")


def _answer_once(accept: Callable[[], tuple], wrap: Callable[..., object]) -> None:  # type: ignore[type-arg]
    connection, _ = accept()
    try:
        with wrap(connection, server_side=True) as inside:  # type: ignore[attr-defined]
            inside.recv(65536)
            inside.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(RULES), RULES.encode()))
    except OSError:  # the client turned away
        connection.close()


PLACE = "https://example.nl"


@pytest.mark.parametrize(
    ("text", "path", "open_"),
    [
        ("", "/", True),
        (CLOSED, "/", False),
        (CLOSED, "/robots.txt", True),
        (RULES, "/", True),
        (RULES, "/geheim", False),
        (RULES, "/geheim/a", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/c", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", True),
        ("User-agent: Loket\nDisallow: /\n\nUser-agent: *\nDisallow:", "/", False),
        ("User-agent: loket\nAllow: /\n\nUser-agent: *\nDisallow: /", "/", True),
        ("User-agent: LOKET\nUser-agent: other\nDisallow: /a", "/a", False),
        ("User-agent: loket\nDisallow: /a\n\nUser-agent: loket\nDisallow: /b", "/a", False),
        ("User-agent: Mozilla\nDisallow: /", "/", True),
        ("User-agent: other\nDisallow: /", "/", True),
        ("Disallow: /", "/", True),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/caf%C3%A9", False),
        ("User-agent: *\nDisallow: /café", "/caf%C3%A9", False),
        ("# only a remark", "/", True),
    ],
)
def test_rules_are_matched_by_product_longest_path_and_wildcards(text: str, path: str, open_: bool) -> None:
    assert allowed({PLACE: text}, f"{PLACE}{path}", AGENT) is open_


def test_an_origin_that_is_absent_is_open_and_each_origin_has_its_own_rules() -> None:
    robots = {PLACE: CLOSED, "http://example.nl:8080": RULES}
    assert allowed(robots, "https://other.nl/", AGENT)
    assert not allowed(robots, "https://EXAMPLE.nl:443/x", AGENT)
    assert allowed(robots, "http://example.nl:8080/x", AGENT)
    assert not allowed(robots, "http://example.nl:8080/geheim", AGENT)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0.0),
        (RULES, 0.0),
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: -1", 0.0),
        ("User-agent: *\nCrawl-delay: nan", 0.0),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: 9\n\nUser-agent: loket\nCrawl-delay: 1", 1.0),
        ("User-agent: *\nRequest-rate: 1/5", 5.0),
        ("User-agent: *\nRequest-rate: 1/5\nCrawl-delay: 7", 7.0),
    ],
)
def test_the_delay_that_a_site_asks_for(text: str, seconds: float) -> None:
    assert crawl_delay({PLACE: text}, PLACE, AGENT) == seconds
    assert crawl_delay({}, PLACE, AGENT) == 0.0
