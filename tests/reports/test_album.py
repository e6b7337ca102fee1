import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from reports.album import Album
from reports.rule_groups import PagePlaces, RuleGroup
from rules.model.finding import Evidence, Outcome, fingerprint
from rules.model.page import PageRole
from rules.model.run import PageResult, PictureRef, SiteResult

HTML = "<input>"
MARK = (600.0, 900.0, 40.0, 20.0)


def jpeg(width: int = 1280, height: int = 2000) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(written, "JPEG")
    return written.getvalue()


def size_of(file: Path) -> tuple[int, int]:
    with Image.open(file) as image:
        return image.size


def site(mark=MARK, *, html: str = HTML, box=(0.0, 0.0, 1280.0, 2000.0)) -> SiteResult:
    picture = PictureRef(sha256="ab12", kind="page", box=box, marks={fingerprint("axe/label", html): mark})
    page = PageResult(url="https://a.example/", role=PageRole.HOME, looked_at=True, pictures=(picture,))
    return SiteResult(agency="a", site="s", pages=(page,))


def group(*html: str) -> RuleGroup:
    evidence = tuple(Evidence(page="https://a.example/", html=markup) for markup in html)
    places = PagePlaces(page="https://a.example/", places=len(html), evidence=evidence)
    return RuleGroup(site="s", rule="axe/label", rule_version="1", outcome=Outcome.FAILED, pages=(places,))


def test_only_the_surroundings_of_the_element_are_published(tmp_path):
    (crop,) = Album(tmp_path, {"ab12": jpeg()}.get).crops(group(HTML), site())
    assert (crop.view, crop.mark) == ((440.0, 844.0, 360.0, 132.0), MARK)
    (file,) = (tmp_path / "evidence").iterdir()
    assert size_of(file) == (360, 132)
    assert crop.file == f"evidence/{hashlib.sha256(file.read_bytes()).hexdigest()[:32]}.jpg"


def test_an_element_at_the_border_is_cut_inside_the_picture(tmp_path):
    (crop,) = Album(tmp_path, {"ab12": jpeg()}.get).crops(group(HTML), site((0.0, 0.0, 10.0, 10.0)))
    assert crop.view == (0.0, 0.0, 360.0, 122.0)


def test_an_element_larger_than_a_screen_shows_its_start(tmp_path):
    (crop,) = Album(tmp_path, {"ab12": jpeg()}.get).crops(group(HTML), site((0.0, 0.0, 1280.0, 2000.0)))
    assert crop.view == (0.0, 0.0, 1280.0, 912.0)


def test_a_picture_at_double_density_is_cut_at_its_own_scale(tmp_path):
    (crop,) = Album(tmp_path, {"ab12": jpeg(2560, 4000)}.get).crops(group(HTML), site())
    assert size_of(tmp_path / crop.file) == (720, 264)


def test_the_same_markup_is_shown_once(tmp_path):
    assert len(Album(tmp_path, {"ab12": jpeg()}.get).crops(group(HTML, HTML), site())) == 1


def test_markup_without_a_picture_has_no_crop(tmp_path):
    assert Album(tmp_path, {"ab12": jpeg()}.get).crops(group("<select>"), site()) == []


@pytest.mark.parametrize("kept", [None, b"", b"GIF89a", jpeg()[:200], b"\xff\xd8\xff broken"])
def test_a_picture_that_is_gone_or_broken_is_left_out(tmp_path, kept):
    assert Album(tmp_path, lambda _sha: kept).crops(group(HTML), site()) == []
    assert not (tmp_path / "evidence").exists()
