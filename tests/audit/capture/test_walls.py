"""What stands in place of a page is told apart from the page, whatever address the answer claims to come from."""

import pytest

from audit.capture.condition import Condition, wall
from audit.capture.gather.requests import Traffic
from rules.model.failure import FailureKind
from rules.model.look import Response

ASKED = "https://www.city.example/apply"
PAGE = Condition(title="Apply", text="Apply for a permit", length=3_000)


@pytest.mark.parametrize("final", ["A://[", "https://[", "//[::1", ""])
def test_an_answer_from_what_is_no_address_is_no_wall(final: str) -> None:
    assert wall(ASKED, Response(status=200, final_url=final), PAGE) is None


@pytest.mark.parametrize(
    ("final", "expected"),
    [
        ("https://login.microsoftonline.com/common", FailureKind.LOGIN),
        ("https://city.example/Apply/", None),
        ("http://www.city.example/apply", None),
    ],
)
def test_a_page_that_leads_to_another_ones_login_is_a_login(final: str, expected: FailureKind | None) -> None:
    stands = wall(ASKED, Response(status=200, final_url=final), PAGE)

    assert (stands.kind if stands else None) is expected


def test_a_request_for_what_is_no_address_is_recorded_without_its_query() -> None:
    traffic = Traffic(frame="f", max_response=9_000, max_page=20_000, max_requests=3, now=lambda: 0.0)
    sent = {"requestId": "1", "frameId": "f", "loaderId": "1", "type": "Image", "request": {"url": "http://[?key=1#a"}}

    traffic.handle("Network.requestWillBeSent", sent)

    assert [request.url for request in traffic.requests()] == ["http://["]
