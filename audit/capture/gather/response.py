"""The answer to the navigation, as a record that holds no cookie's value."""

from audit.capture.gather.requests import Traffic
from rules.model.look import Response

_COOKIE_HEADERS = frozenset({"set-cookie", "set-cookie2", "cookie"})


def response_of(traffic: Traffic, page_cookies: tuple[str, ...] = ()) -> Response | None:
    """The site's response, or None when there was none; `page_cookies` are names that scripts have set besides."""
    document = traffic.document
    if document is None or not document.status or document.guard:
        return None
    names = tuple(dict.fromkeys((*traffic.cookies, *page_cookies)))
    headers = {name: value for name, value in document.headers.items() if name not in _COOKIE_HEADERS}
    if traffic.cookies and "set-cookie" in document.headers:
        headers["set-cookie"] = ", ".join(
            line.partition("=")[0].strip() for line in document.headers["set-cookie"].splitlines()
        )
    return Response(
        status=document.status,
        final_url=document.url,
        headers=headers,
        redirects=tuple(document.redirects),
        content_type=document.mime,
        cookies=names,
    )
