"""Each special answer is the picture of something that happens at real sites."""

import gzip
import http.client
import io
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from audit.cli.demo.calendar_months import month_words
from audit.cli.demo.routes import SiteFolder, SiteFolderError
from audit.cli.demo.server import SiteServer
from audit.cli.demo.sites import FOLDER, DemoSites, free_in_a_row, serve


@contextmanager
def answer(
    demo: DemoSites, site: str, path: str, method: str = "GET", **headers: str
) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", demo.ports[site], timeout=5)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        yield response
        response.close()
    finally:
        connection.close()


def test_a_page_is_served_under_its_path_without_an_ending(demo: DemoSites) -> None:
    with answer(demo, "waterrijk", "/paspoort?utm_source=x") as page:
        assert page.status == 200
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Paspoort of identiteitskaart aanvragen" in page.read().decode()


def test_a_session_id_in_the_path_changes_nothing(demo: DemoSites) -> None:
    with answer(demo, "waterrijk", "/paspoort;jsessionid=1") as one, answer(demo, "waterrijk", "/paspoort") as other:
        assert one.read() == other.read()


def test_a_page_in_latin_1_says_so_and_is_so(demo: DemoSites) -> None:
    with answer(demo, "waterrijk", "/nieuws/cafe") as page:
        assert page.headers["Content-Type"] == "text/html; charset=iso-8859-1"
        content = page.read()
    assert "enquête" in content.decode("iso-8859-1")
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_a_client_that_holds_the_page_gets_304_and_no_content(demo: DemoSites) -> None:
    with answer(demo, "waterrijk", "/") as page:
        etag, date = page.headers["ETag"], page.headers["Last-Modified"]
    for headers in ({"If_None_Match": etag}, {"If_None_Match": f'"other", W/{etag}'}, {"If_Modified_Since": date}):
        with answer(demo, "waterrijk", "/", **headers) as again:
            assert (again.status, again.read()) == (304, b"")


@pytest.mark.parametrize(
    "headers",
    [
        {"If_None_Match": '"other"'},
        {"If_None_Match": '"other"', "If_Modified_Since": "Wed, 01 Jan 2031 00:00:00 GMT"},
        {"If_Modified_Since": "Wed, 01 Jan 2020 00:00:00 GMT"},
        {"If_Modified_Since": "yesterday"},
        {"If_Modified_Since": "Wed, 01 Jan 2031 00:00:00 -0000"},
    ],
)
def test_a_client_with_an_old_or_unreadable_validator_gets_the_page(demo: DemoSites, headers: dict[str, str]) -> None:
    with answer(demo, "waterrijk", "/", **headers) as page:
        assert page.status == 200


def test_head_gives_the_headers_of_the_page_and_no_content(demo: DemoSites) -> None:
    with answer(demo, "waterrijk", "/") as page, answer(demo, "waterrijk", "/", "HEAD") as head:
        assert head.headers["Content-Length"] == str(len(page.read()))
        assert head.read() == b""


def test_what_is_not_there_gets_404_and_the_page_of_the_site(demo: DemoSites) -> None:
    for path in ("/nieuws/archief-2019", "/404.html", "/404", "/../site.toml", "/css"):
        with answer(demo, "waterrijk", path) as page:
            assert page.status == 404
            assert "Deze pagina bestaat niet" in page.read().decode()


def test_a_broken_page_gets_500(demo: DemoSites) -> None:
    with answer(demo, "benefits", "/check-payment-dates/") as page:
        assert page.status == 500
        assert "something went wrong" in page.read().decode()


def test_a_page_that_is_gone_gets_410(demo: DemoSites) -> None:
    with answer(demo, "regelpunt", "/nieuws/verhuisd") as page:
        assert page.status == 410


def test_a_redirect_loop_goes_round(demo: DemoSites) -> None:
    path = "/mijn-zaak"
    seen = []
    for _ in range(4):
        with answer(demo, "regelpunt", path) as page:
            assert page.status == 302
            path = page.headers["Location"]
        seen.append(path)
    assert seen == ["/mijn-zaak/status", "/mijn-zaak"] * 2


def test_a_folder_without_its_slash_moves_where_the_site_writes_slashes(demo: DemoSites) -> None:
    with answer(demo, "benefits", "/housing-support") as page:
        assert (page.status, page.headers["Location"]) == (301, "/housing-support/")
    with answer(demo, "waterrijk", "/paspoort/") as page:
        assert page.status == 404


def test_the_account_sends_people_to_the_login_page(demo: DemoSites) -> None:
    with answer(demo, "vergunning", "/mijn-ldv") as page:
        assert (page.status, page.headers["Location"]) == (302, "/inloggen")


def test_a_compressed_sitemap_is_a_gzip_file_and_not_a_transfer_encoding(demo: DemoSites) -> None:
    with answer(demo, "regelpunt", "/sitemap-berichten.xml.gz") as page:
        assert page.headers["Content-Type"] == "application/gzip"
        assert "Content-Encoding" not in page.headers
        text = gzip.decompress(page.read()).decode()
    assert f"<loc>{demo.addresses['regelpunt']}/nieuws/rente</loc>" in text


@pytest.mark.parametrize(
    ("site", "path", "media"),
    [
        ("waterrijk", "/formulieren/alle-formulieren.zip", "application/zip"),
        (
            "waterrijk",
            "/downloads/plan-vliet.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("vergunning", "/diensten/gegevens", "application/zip"),
    ],
)
def test_a_download_is_a_zip_container_under_its_own_type(demo: DemoSites, site: str, path: str, media: str) -> None:
    with answer(demo, site, path) as page:
        assert page.headers["Content-Type"] == media
        assert page.headers["Content-Disposition"].startswith("attachment")
        assert zipfile.ZipFile(io.BytesIO(page.read())).testzip() is None


def test_a_pdf_form_is_a_small_pdf(demo: DemoSites) -> None:
    with answer(demo, "waterrijk", "/formulieren/verhuizing.pdf") as page:
        content = page.read()
    assert page.headers["Content-Type"] == "application/pdf"
    assert content.startswith(b"%PDF-")
    assert len(content) < 5000


def test_the_calendar_has_always_a_next_month(demo: DemoSites) -> None:
    with answer(demo, "waterrijk", "/agenda?maand=2031-12") as page:
        text = page.read().decode()
    assert "december 2031" in text
    assert 'href="/agenda?maand=2031-11"' in text
    assert 'href="/agenda?maand=2032-01"' in text


@pytest.mark.parametrize("asked", ["", "2026-13", "x", "2026-11"])
def test_a_month_that_cannot_be_read_is_november_2026(asked: str) -> None:
    assert month_words(asked) == {"month": "november 2026", "previous": "2026-10", "next": "2026-12"}


def test_a_form_is_refused(demo: DemoSites) -> None:
    with answer(demo, "waterrijk", "/afspraak", "POST", Content_Length="0") as page:
        assert (page.status, page.headers["Allow"]) == (405, "GET, HEAD")


def test_a_site_sets_its_own_headers_on_every_answer(demo: DemoSites) -> None:
    with answer(demo, "benefits", "/") as page:
        assert page.headers["Set-Cookie"].startswith("nba_session=")


@pytest.fixture
def benefits() -> Iterator[SiteServer]:
    server = SiteServer(SiteFolder(FOLDER / "benefits"), {})
    yield server
    server.close()


def test_the_page_that_never_ends_comes_up_to_its_cut_and_then_drips(benefits: SiteServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", benefits.server_address[1], timeout=5)
    connection.request("GET", "/hardship-loan/")
    page = connection.getresponse()
    first = page.read1(100_000)
    assert first.endswith(b"Loading your options")
    assert [page.read1(100), page.read1(100)] == [b" ", b" "]
    page.close()
    connection.close()


def test_the_picture_that_never_comes_sends_headers_and_then_nothing(benefits: SiteServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", benefits.server_address[1], timeout=1.2)
    connection.request("GET", "/assets/slow-map.png")
    page = connection.getresponse()
    assert page.headers["Content-Type"] == "image/png"
    with pytest.raises(TimeoutError):
        page.read(1)
    page.close()
    connection.close()


def test_closing_a_site_ends_answers_under_way_and_frees_the_port() -> None:
    before = set(threading.enumerate())
    server = SiteServer(SiteFolder(FOLDER / "benefits"), {})
    port = server.server_address[1]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/hardship-loan/")
    page = connection.getresponse()
    started = time.monotonic()
    server.close()
    assert time.monotonic() - started < 2
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        page.read()
    page.close()
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)
    assert set(threading.enumerate()) <= before


def test_visits_are_counted_by_path(benefits: SiteServer) -> None:
    for path in ("/staff/", "/staff/rota/", "/news/?page=1"):
        connection = http.client.HTTPConnection("127.0.0.1", benefits.server_address[1], timeout=5)
        connection.request("GET", path)
        connection.getresponse().read()
        connection.close()
    assert (benefits.visited("/staff/"), benefits.visited("/news/"), benefits.visited("/help/")) == (2, 1, 0)
    assert benefits.visits["/news/?page=1"] == 1


def test_a_client_that_hangs_up_leaves_the_log_silent(benefits: SiteServer, capfd: pytest.CaptureFixture[str]) -> None:
    connection = socket.create_connection(("127.0.0.1", benefits.server_address[1]))
    connection.sendall(b"GET /hardship-loan/ HTTP/1.1\r\nHost: x\r\n\r\n")
    connection.recv(10)
    connection.close()
    time.sleep(1.3)
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_the_targets_file_names_the_addresses_that_are_served(demo: DemoSites) -> None:
    text = demo.targets_path.read_text(encoding="utf-8")
    assert "{{" not in text.replace("{{…}}", "")
    starts = {site.id: site.start for agency in demo.portfolio.agencies for site in agency.sites}
    assert starts == {site: f"{address}/" for site, address in demo.addresses.items()}
    assert demo.portfolio.chains[0].steps[-1].site == "vergunning"


def test_the_sites_take_the_ports_that_were_asked_for(tmp_path: Path) -> None:
    base = next(port for port in range(20_000, 60_000, 10) if free_in_a_row(port))
    with serve(tmp_path, port_base=base) as sites:
        assert sorted(sites.ports.values()) == list(range(base, base + 4))
        assert not free_in_a_row(base)
    assert free_in_a_row(base)


def test_without_a_folder_the_targets_file_goes_with_the_sites() -> None:
    with serve() as sites:
        assert sites.targets_path.is_file()
    assert not sites.targets_path.exists()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("id = 'x'", "last_modified"),
        ("id = 'x'\nlast_modified = 2026-01-01T00:00:00Z\ncolour = 'red'", "colour"),
        ("id = 'x'\nlast_modified = 2026-01-01T00:00:00Z\n[[route]]\npath = '/a'\nanswer = 'explode'", "explode"),
        ("id = 'x'\nlast_modified = 2026-01-01T00:00:00Z\n[[route]]\npath = 'a'\nanswer = 'file'", "slash"),
        (
            "id = 'x'\nlast_modified = 2026-01-01T00:00:00Z\n[[route]]\npath = '/a'\nanswer = 'file'\nfile = 'b.html'",
            "b.html, which is not in www/",
        ),
        ("id = ", "site.toml"),
    ],
)
def test_a_site_table_that_cannot_be_used_is_named(tmp_path: Path, table: str, message: str) -> None:
    (tmp_path / "site.toml").write_text(table)
    with pytest.raises(SiteFolderError, match=message):
        SiteFolder(tmp_path)


def test_a_folder_without_a_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(SiteFolderError, match=r"site\.toml: No such file"):
        SiteFolder(tmp_path)
