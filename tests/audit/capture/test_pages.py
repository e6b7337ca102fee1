"""Pages as they should be read, and what may stand in their place."""

import re
from importlib.resources import files

import msgspec
import pytest

from audit.capture.engine.tab import Tab
from audit.capture.gather import world
from rules.model.failure import FailureKind
from rules.model.look import AxeOutcome, Look
from rules.model.outline import Shown

pytestmark = pytest.mark.browser

PATHS = (
    "/good", "/foreign-frame", "/sandboxed", "/poisoned", "/rendered", "/hollow", "/404", "/500", "/challenge",
    "/forbidden", "/guarded", "/204", "/empty", "/loop", "/moved", "/needs-login", "/login", "/download",
    "/form.pdf", "/text", "/drawing.svg", "/data.xml", "/large", "/cookies", "/consent", "/consent-wall", "/banner",
    "/leaves-by-script", "/leaves-by-meta", "/inert-frame", "/modal", "/signpost", "/filled", "/reload",
    "/late-class", "/late-shadow", "/late-fade",
)  # fmt: skip


@pytest.fixture(scope="module")
def looks(site, looker) -> dict[str, Look]:
    found = looker([site + path for path in PATHS], max_response_bytes=2_000_000)
    return {url.removeprefix(site): look for url, look in found.items()}


def text(look: Look) -> str:
    return " | ".join(block.text for block in look.outline.blocks)


def shown(look: Look) -> str:
    return " | ".join(block.text for block in look.outline.blocks if block.shown is Shown.NOW)


def failed(look: Look) -> dict[str, list[tuple[str, ...]]]:
    return {
        rule.id: [node.target for node in rule.nodes]
        for rule in look.axe.rules
        if rule.outcome is AxeOutcome.VIOLATIONS
    }


def test_frames_and_shadow_roots_are_read_with_the_page(looks):
    look = looks["/good"]

    assert look.failure is None
    assert look.partial is False
    for words in ("Call 14 0123", "In the frame", "In the shadow"):
        assert words in text(look)
    assert failed(look)["image-alt"] == [("img",), ("iframe", "img")]
    assert [node.frame for rule in look.axe.rules if rule.id == "image-alt" for node in rule.nodes] == [0, 1]
    assert look.axe.version == "4.12.1"
    assert look.axe.unread_frames == ()
    contrast = next(rule for rule in look.axe.rules if rule.id == "color-contrast" and rule.nodes)
    assert contrast.act_ids == ("afw4f7", "09o5cg")
    assert "sufficient color contrast" in contrast.nodes[0].summary
    counts = {(rule.id, rule.outcome): rule.count for rule in look.axe.rules}
    assert counts["image-alt", AxeOutcome.VIOLATIONS] == 2
    assert counts["html-has-lang", AxeOutcome.PASSES] == 1  # asked of the page alone, not of its frames


def test_a_page_that_was_read_has_its_response_and_requests(looks, site):
    look = looks["/good"]

    assert (look.response.status, look.response.final_url, look.response.content_type) == (
        200,
        f"{site}/good",
        "text/html",
    )
    assert look.response.redirects == ()
    assert {(request.url, request.type, request.status) for request in look.requests} >= {
        (f"{site}/good", "Document", 200),
        (f"{site}/inner", "Document", 200),
        (f"{site}/dot.png", "Image", 200),
    }
    assert re.fullmatch(r"playwright (headless-shell|chromium|chrome) [\d.]+", look.browser)


def test_frames_of_another_origin_and_frames_without_scripts_are_read(looks):
    look = looks["/foreign-frame"]

    assert look.failure is None
    assert text(look).count("In the frame") == 2
    assert "127.0.0.1" not in text(look)  # the browser's own words about the frame that has no document
    assert look.outline.truncated is False
    assert len(failed(look)["image-alt"]) == 2
    assert look.axe.unread_frames == ()


def test_a_frame_that_nobody_can_reach_is_not_judged(looks):
    found = failed(looks["/inert-frame"])
    assert found["frame-focusable-content"] == [('iframe[title="open"]', "html")]
    assert "image-alt" not in found
    assert failed(looks["/modal"])["frame-focusable-content"] == [('iframe[title="inside"]', "html")]


def test_targets_too_small_for_a_finger_are_found_though_axe_leaves_that_out_by_default(looks):
    assert len(failed(looks["/inert-frame"])["target-size"]) == 2


def test_a_policy_that_forbids_scripts_does_not_stop_us(looks):
    assert looks["/sandboxed"].failure is None
    assert failed(looks["/sandboxed"])["image-alt"] == [("img",)]
    assert "Still readable" in text(looks["/sandboxed"])


def test_a_page_that_breaks_the_languages_own_functions_is_read_all_the_same(looks):
    assert looks["/poisoned"].failure is None
    assert failed(looks["/poisoned"])["image-alt"] == [("img",)]
    assert "Not fooled" in text(looks["/poisoned"])


def test_what_scripts_write_is_waited_for(looks):
    assert "Written by a script" in text(looks["/rendered"])


def test_what_is_shown_or_written_after_the_page_was_loaded_is_read_too(looks):
    assert "Shown by a class alone" in shown(looks["/late-class"])
    assert failed(looks["/late-class"])["image-alt"] == [("img",)]
    assert "Written into the shadow" in text(looks["/late-shadow"])
    assert "color-contrast" not in failed(looks["/late-fade"])


def test_a_page_that_stands_still_is_read_once(site, looker, monkeypatch):
    asked: list[str] = []
    evaluate = Tab.evaluate

    async def counted(tab, frame, expression, **how):
        asked.append(expression.partition("(")[0])
        return await evaluate(tab, frame, expression, **how)

    monkeypatch.setattr(Tab, "evaluate", counted)
    (look,) = looker([f"{site}/still"]).values()

    assert "Written while it was parsed" in text(look)
    assert asked.count("loket.read") == 1


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/hollow", FailureKind.EMPTY),
        ("/404", FailureKind.HTTP_ERROR),
        ("/500", FailureKind.HTTP_ERROR),
        ("/challenge", FailureKind.CHALLENGE),
        ("/forbidden", FailureKind.HTTP_ERROR),
        ("/guarded", FailureKind.PRIVATE_ADDRESS),
        ("/204", FailureKind.EMPTY),
        ("/empty", FailureKind.EMPTY),
        ("/loop", FailureKind.REDIRECT_LOOP),
        ("/needs-login", FailureKind.LOGIN),
        ("/download", FailureKind.NOT_HTML),
        ("/form.pdf", FailureKind.NOT_HTML),
        ("/text", FailureKind.NOT_HTML),
        ("/large", FailureKind.TOO_LARGE),
        ("/consent-wall", FailureKind.CONSENT_WALL),
    ],
)
def test_what_is_no_page_is_never_taken_for_one(looks, path, kind):
    assert looks[path].failure is not None, looks[path].outline
    assert (looks[path].failure.kind, bool(looks[path].failure.detail)) == (kind, True)
    assert looks[path].pictures == ()


def test_the_status_of_an_error_is_told(looks):
    assert looks["/404"].failure.detail == "status 404"
    assert looks["/404"].partial is True
    assert looks["/500"].response.status == 500


@pytest.mark.parametrize("path", ["/login", "/banner", "/drawing.svg", "/data.xml", "/consent", "/reload"])
def test_an_unusual_page_is_a_page(looks, path):
    assert looks[path].failure is None
    assert looks[path].axe is not None


def test_a_drawing_is_read_as_the_document_that_it_is(looks):
    assert "The town hall" in text(looks["/drawing.svg"])


def test_redirects_are_told(looks, site):
    assert looks["/moved"].failure is None
    assert looks["/moved"].response.redirects == (f"{site}/moved", f"{site}/moved-again")
    assert looks["/moved"].response.final_url == f"{site}/good"


def test_a_page_that_leaves_for_another_site_is_judged_itself(looks, site):
    assert "This is the page that was asked for" in text(looks["/leaves-by-script"])
    assert looks["/leaves-by-script"].response.final_url == f"{site}/leaves-by-script"
    assert looks["/leaves-by-meta"].outline.title == "Leaves at once"
    assert looks["/leaves-by-meta"].failure is None


def test_a_signpost_within_the_site_is_followed(looks, site):
    assert looks["/signpost"].outline.title == "Good"
    assert looks["/signpost"].response.redirects == (f"{site}/signpost",)


def test_cookies_are_told_by_name_alone(looks):
    look = looks["/cookies"]

    assert sorted(look.response.cookies) == ["scripted", "session", "track"]
    assert b"secret" not in msgspec.json.encode(look)


def test_what_a_form_holds_is_not_kept(looks):
    look = looks["/filled"]

    assert failed(look)["label"]
    assert all("Hidden Value" not in node.html for rule in look.axe.rules for node in rule.nodes)
    assert b"Secret Person" not in msgspec.json.encode(look.axe)
    assert b"Long secret" not in msgspec.json.encode(look.axe)


def test_nothing_is_clicked_before_consent(looks):
    assert "undecided" in text(looks["/consent"])


def test_on_request_the_banners_own_button_is_pressed_and_no_other(site, looker):
    (look,) = looker([f"{site}/consent"], consent="reject").values()

    assert "refused" in text(look)
    assert look.outline.title == "Consent"


def test_a_finding_is_pictured_once_on_a_site(site, looker):
    pictured: set[str] = set()
    urls = [f"{site}/plain/{number}" for number in range(3)]

    looks = looker(urls, pictured=pictured, tabs=1)

    counts = [sum(len(picture.marks) for picture in looks[url].pictures) for url in urls]
    assert counts[0] == len(pictured) > 0
    assert counts[1:] == [0, 0]
    (picture,) = looks[urls[0]].pictures
    assert picture.kind == "finding"
    assert picture.jpeg.startswith(b"\xff\xd8")
    for mark in picture.marks:
        assert mark.box[1] >= picture.box[1]
        assert mark.box[1] + mark.box[3] <= picture.box[1] + picture.box[3]


def test_a_picture_of_the_whole_page_is_taken_where_it_was_asked_for(site, looker):
    (look,) = looker([f"{site}/good"], full=True).values()

    assert [picture.kind for picture in look.pictures] == ["page"]
    assert look.pictures[0].box[:2] == (0, 0)
    assert look.pictures[0].marks


def test_remembering_colours_changes_no_finding(site, looker, monkeypatch, tmp_path):
    (with_memory,) = looker([f"{site}/colours"]).values()
    monkeypatch.setattr("audit.capture.engine.playwright.source", lambda script: world.source(script, memo=False))
    (without,) = looker([f"{site}/colours"]).values()

    assert with_memory.axe == without.axe
    assert failed(without)["color-contrast"]


def test_an_axe_whose_colours_work_otherwise_is_run_as_it_is(site, looker, tmp_path):
    script = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    other = tmp_path / "axe.min.js"
    other.write_text(script.replace("parseString", "parseText"), "utf-8")

    (known,) = looker([f"{site}/colours"]).values()
    (unknown,) = looker([f"{site}/colours"], axe_script=str(other)).values()

    assert known.axe == unknown.axe


def test_a_page_that_never_stays_is_not_read_in_place_of_the_next(site, looker):
    pages = [f"{site}/plain/next", f"{site}/plain/last"]

    found = looker([f"{site}/never-stays", *pages], tabs=1, deadline=60)

    assert [found[page].failure for page in pages] == [None, None]
    assert ["Plain page /plain/next" in text(found[pages[0]]), "Plain page /plain/last" in text(found[pages[1]])] == [
        True,
        True,
    ]
