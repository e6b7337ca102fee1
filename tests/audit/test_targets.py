from pathlib import Path

import pytest

from audit.targets import TargetsError, portfolio_of, portfolio_of_pages
from rules.model.portfolio import Agency, Chain, ChainStep, Portfolio, Service, Site
from rules.norms import norm_ids

GOOD = """
[portfolio]
id = "demo"

[[agency]]
id = "waterrijk"
name = "Gemeente Waterrijk"
country = "nl"
norm = "nl-awb"

  [[agency.site]]
  id = "www"
  start = "https://www.waterrijk.example/"

    [[agency.site.service]]
    id = "passport"
    name = "Paspoort"
    pages = ["/paspoort"]

[[chain]]
id = "move"
name = "Moving"
  [[chain.step]]
  site = "www"
  service = "passport"
"""


def problems(tmp_path: Path, text: str | bytes, name: str = "targets.toml") -> list[str]:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TargetsError) as caught:
        portfolio_of(str(path))
    return [str(problem).removeprefix(f"{tmp_path}/") for problem in caught.value.problems]


def test_a_url_is_a_portfolio_of_one_site() -> None:
    portfolio = portfolio_of("HTTPS://WWW.Agency.example")
    site = portfolio.agencies[0].sites[0]
    assert (portfolio.id, site.start, site.scope) == (
        "site-www.agency.example",
        "https://www.agency.example/",
        ("www.agency.example/", "agency.example/"),
    )


def test_a_targets_file_names_agencies_sites_services_and_chains(tmp_path: Path) -> None:
    path = tmp_path / "targets.toml"
    path.write_text(GOOD)
    service = Service(id="passport", name="Paspoort", pages=("https://www.waterrijk.example/paspoort",))
    site = Site(
        id="www",
        name="www.waterrijk.example",
        start="https://www.waterrijk.example/",
        scope=("www.waterrijk.example/", "waterrijk.example/"),
        services=(service,),
    )
    agency = Agency(id="waterrijk", name="Gemeente Waterrijk", country="NL", norm="nl-awb", sites=(site,))
    chain = Chain(id="move", name="Moving", steps=(ChainStep(site="www", service="passport"),))
    assert portfolio_of(str(path)) == Portfolio(id="demo", agencies=(agency,), chains=(chain,))


def test_a_csv_file_names_agencies_and_sites(tmp_path: Path) -> None:
    path = tmp_path / "targets.csv"
    path.write_text(
        "agency,country,site,url\nBelasting,NL,,https://b.example/\nBelasting,NL,Mijn,https://mijn.b.example/\n"
    )
    agencies = portfolio_of(str(path)).agencies
    assert [(agency.id, agency.country, [site.start for site in agency.sites]) for agency in agencies] == [
        ("belasting", "NL", ["https://b.example/", "https://mijn.b.example/"])
    ]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "file:///etc/passwd",
            "'file:///etc/passwd' is not an http(s) address; write it like https://www.agency.example/",
        ),
        ("ftp://a.example/", "'ftp://a.example/' is not an http(s) address; write it like https://www.agency.example/"),
        ("www.agency.example", "there is no such file; to audit a site, write it as https://www.agency.example"),
        ("nowhere", "there is no such file; name a URL, a .toml or a .csv file"),
        ("https://user:pw@a.example/", "the address holds a password or token; name it without"),
    ],
)
def test_a_target_that_is_nothing_says_what_would_be_right(target: str, message: str) -> None:
    with pytest.raises(TargetsError) as caught:
        portfolio_of(target)
    assert caught.value.problems[0].message == message


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path, "\n") == ["targets.toml: is empty; the README shows a targets file"]


def test_the_wrong_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    assert problems(tmp_path, "[portfolio]\nid = 'caf\xe9'".encode("latin-1")) == [
        "targets.toml:2: is not UTF-8; save it again with the encoding UTF-8"
    ]


def test_what_is_not_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "[portfolio]\nid = \n")
    assert problem.startswith("targets.toml:2: is not TOML")


def test_one_site_named_twice_is_one_problem(tmp_path: Path) -> None:
    twice = GOOD.replace(
        "[[chain]]", '[[agency.site]]\nid = "again"\nstart = "https://www.waterrijk.example"\n[[chain]]'
    )
    assert problems(tmp_path, twice) == [
        "targets.toml:22: the site https://www.waterrijk.example/ is named 2 times; name it once"
    ]


def test_every_bad_entry_is_named_at_once(tmp_path: Path) -> None:
    bad = (
        GOOD.replace('"nl"', '"Nederland"')
        .replace('name = "Paspoort"', 'naam = "Paspoort"')
        .replace('site = "www"', 'site = "w"')
    )
    assert problems(tmp_path, bad) == [
        "targets.toml:8: country 'NEDERLAND' must be a two-letter code, such as NL",
        "targets.toml:17: [[agency.site.service]] has 'naam', which means nothing here; known are id, name, pages, upl",
        "targets.toml:16: [[agency.site.service]] 'passport' has no name",
        "targets.toml:24: chain 'move' names site 'w'; known are www",
    ]


def test_a_portfolio_that_is_no_table_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD.replace("[portfolio]", "[settings]") + "\n") == [
        "targets.toml:2: the file has 'settings', which means nothing here; known are agency, chain, portfolio"
    ]
    assert "targets.toml: [portfolio] must be a table" in problems(tmp_path, "portfolio = 3\n")


def test_a_start_outside_its_own_scope_is_named(tmp_path: Path) -> None:
    elsewhere = GOOD.replace(
        'start = "https://www.waterrijk.example',
        'scope = ["www.other.example/"]\nstart = "https://www.waterrijk.example',
    )
    (problem,) = problems(tmp_path, elsewhere)
    assert problem.endswith("lies outside the scope www.other.example/; add it there")


def test_two_sites_of_one_host_need_more_than_a_csv_file_can_say(tmp_path: Path) -> None:
    assert problems(tmp_path, "agency,url\nA,https://a.example/x\nB,https://a.example/y\n", "targets.csv") == [
        "targets.csv:3: 2 sites have the id 'a.example'; a TOML file can give each its own id and scope"
    ]


def test_a_norm_that_there_is_none_of_is_named_with_those_there_are(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD.replace('"nl-awb"', '"nl-abw"')) == [
        f"targets.toml:9: agency 'Gemeente Waterrijk': norm 'nl-abw' is not known; known are {', '.join(norm_ids())}"
    ]


def test_a_csv_file_without_its_columns_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path, "name,link\nx,https://a.example/\n", "targets.csv") == [
        "targets.csv:1: has no column agency and url; its first line must be agency,country,site,url"
    ]


def test_a_list_of_pages_is_grouped_by_host(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("# ours\nhttps://a.example/1\nhttps://b.example/2\n\nhttps://a.example/1\n")
    portfolio = portfolio_of_pages(path)
    assert portfolio.pages == ("https://a.example/1", "https://b.example/2")
    assert [agency.id for agency in portfolio.agencies] == ["a.example", "b.example"]


def test_the_first_page_of_a_list_is_not_taken_for_the_home_page(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("http://a.example:8080/passport\nhttp://a.example:8080/contact\n")
    [agency] = portfolio_of_pages(path).agencies
    assert [site.start for site in agency.sites] == ["http://a.example:8080/"]


def test_a_list_of_pages_with_bad_lines_names_each(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("https://a.example/1\n/2\nmailto:a@a.example\n")
    with pytest.raises(TargetsError) as caught:
        portfolio_of_pages(path)
    assert [problem.line for problem in caught.value.problems] == [2, 3]
