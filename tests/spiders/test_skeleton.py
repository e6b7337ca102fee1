from lxml.html import document_fromstring

from spiders.skeleton import skeleton_digest


def digest(body: str) -> str:
    return skeleton_digest(document_fromstring(f"<html><body>{body}</body></html>"))


def test_pages_of_one_template_are_alike_whatever_they_say_and_how_much() -> None:
    one = "<header>A</header><main class='page wide'><div class='item'><p>one</p></div></main>"
    items = "<div class=item></div><div class='item active'>x</div><div class='item-3 item'></div>"
    many = f"<header>B<img></header><main class='wide page'>{items}</main>"
    assert digest(one) == digest(many)


def test_pages_of_two_templates_differ() -> None:
    list_page = "<main><div class=list></div></main>"
    assert (
        len(
            {
                digest(list_page),
                digest("<main><div class=detail></div></main>"),
                digest("<div><main></main></div>"),
                digest(""),
            }
        )
        == 4
    )


def test_depth_and_size_have_an_end() -> None:
    deep = "<div>" * 200
    assert digest(deep) == digest(deep + "<div>" * 50)
    assert len(digest("<div class=a></div>" * 50_000)) == 16


def test_a_page_without_a_body_has_a_skeleton_or_none() -> None:
    assert skeleton_digest(document_fromstring("<frameset><frame></frameset>")) == ""
