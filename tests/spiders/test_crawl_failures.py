import pytest
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import HtmlResponse
from twisted.internet.error import ConnectionLost, NoRouteError

from rules.model.failure import Failure, FailureKind
from spiders.failures import of_answer, of_exception, plain, status_words, worth_retrying


def tunnel(status: int, reason: bytes) -> TunnelError:
    return TunnelError(
        f"Could not open CONNECT tunnel with proxy 127.0.0.1:1 [{ {'status': status, 'reason': reason}!r}]"
    )


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (CannotResolveHostError("x"), Failure(FailureKind.DNS, "no such host")),
        (DownloadTimeoutError("x"), Failure(FailureKind.TIMEOUT, "no answer in time")),
        (NoRouteError(), Failure(FailureKind.REFUSED, "no connection could be made")),
        (ConnectionLost(), Failure(FailureKind.REFUSED, "the connection was closed without an answer")),
        (EOFError(), Failure(FailureKind.HTTP_ERROR, "the answer could not be unpacked")),
        (ValueError("odd\x1b[31m\nthing"), Failure(FailureKind.CRASHED, "ValueError: odd [31m thing")),
        (
            tunnel(403, b"private_address"),
            Failure(FailureKind.PRIVATE_ADDRESS, "the connection was refused: 403 private_address"),
        ),
        (tunnel(502, b"dns"), Failure(FailureKind.DNS, "the connection was refused: 502 dns")),
        (
            tunnel(504, b"Gateway Timeout"),
            Failure(FailureKind.TIMEOUT, "the connection was refused: 504 Gateway Timeout"),
        ),
        (tunnel(502, b"it's down"), Failure(FailureKind.REFUSED, "the connection was refused: 502 it's down")),
        (
            TunnelError("Could not open CONNECT tunnel [b'nonsense']"),
            Failure(FailureKind.REFUSED, "the connection could not be made"),
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.kind,
)
def test_every_exception_has_its_kind(error: Exception, failure: Failure) -> None:
    assert of_exception(error) == failure


def test_what_lies_beneath_an_exception_decides() -> None:
    outer = DownloadFailedError("[<Failure>]")
    outer.__cause__ = ConnectionLost()
    assert of_exception(outer).kind is FailureKind.REFUSED


def test_exceptions_that_cause_each_other_do_not_hold_us() -> None:
    one, two = ValueError("one"), ValueError("two")
    one.__cause__, two.__cause__ = two, one
    assert of_exception(one).kind is FailureKind.CRASHED


def refusal(kind: str) -> HtmlResponse:
    return HtmlResponse(
        "http://a.example/", 403, {"X-Loket-Guard": kind, "Content-Type": "text/plain"}, b"10.0.0.1 is not public\n"
    )


def test_a_refusal_of_the_guard_keeps_its_kind_and_words() -> None:
    assert of_answer(refusal("private_address"), guarded=True) == Failure(
        FailureKind.PRIVATE_ADDRESS, "10.0.0.1 is not public"
    )
    assert of_answer(refusal("unheard_of"), guarded=True) == Failure(FailureKind.REFUSED, "10.0.0.1 is not public")


def test_a_site_cannot_speak_for_the_guard() -> None:
    assert of_answer(refusal("private_address"), guarded=False) == Failure(FailureKind.HTTP_ERROR, "403 Forbidden")


@pytest.mark.parametrize(
    ("failure", "status", "worth"),
    [
        (FailureKind.TIMEOUT, 0, True),
        (FailureKind.HTTP_ERROR, 503, True),
        (FailureKind.HTTP_ERROR, 500, False),
        (FailureKind.TLS, 0, False),
        (FailureKind.PRIVATE_ADDRESS, 403, False),
    ],
)
def test_only_what_may_pass_is_worth_a_second_try(failure: FailureKind, status: int, *, worth: bool) -> None:
    assert worth_retrying(Failure(failure), status) is worth


def test_a_status_has_its_name_where_it_has_one() -> None:
    assert [status_words(404), status_words(599)] == ["404 Not Found", "599"]


def test_words_of_others_stay_on_one_line() -> None:
    assert plain("a\r\nb\x07" + "c" * 999) == "a b " + "c" * 196
