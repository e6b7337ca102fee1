import pytest

from reports.whole_files import MARK, ReportPlaceError, write_file, write_folder


def broken():
    yield b"half"
    raise RuntimeError("interrupted")


def fill(folder):
    (folder / "index.html").write_text("new")


def fill_and_break(folder):
    (folder / "index.html").write_text("half")
    raise RuntimeError("interrupted")


def test_a_file_is_written_whole(tmp_path):
    out = write_file(tmp_path / "deep" / "report.csv", [b"a", b"b"])
    assert out.read_bytes() == b"ab"
    assert [path.name for path in out.parent.iterdir()] == ["report.csv"]


def test_an_interrupted_file_leaves_the_earlier_one(tmp_path):
    out = write_file(tmp_path / "report.csv", [b"old"])
    with pytest.raises(RuntimeError):
        write_file(out, broken())
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.csv"]


def test_a_file_is_not_written_over_a_folder(tmp_path):
    with pytest.raises(ReportPlaceError, match="is a folder"):
        write_file(tmp_path, [b"x"])


def test_a_report_replaces_the_earlier_report_whole(tmp_path):
    out = tmp_path / "report"
    write_folder(out, lambda folder: (folder / "old.html").write_text("old"))
    write_folder(out, fill)
    assert sorted(path.name for path in out.iterdir()) == [MARK, "index.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_an_interrupted_report_leaves_the_earlier_one(tmp_path):
    out = tmp_path / "report"
    write_folder(out, fill)
    with pytest.raises(RuntimeError):
        write_folder(out, fill_and_break)
    assert (out / "index.html").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_an_interrupted_first_report_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError):
        write_folder(tmp_path / "report", fill_and_break)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_used(tmp_path):
    (tmp_path / "report").mkdir()
    assert (write_folder(tmp_path / "report", fill) / "index.html").exists()


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.odt").write_text("years of work")
    with pytest.raises(ReportPlaceError, match="holds files that Loket did not write"):
        write_folder(tmp_path, fill)
    assert (tmp_path / "thesis.odt").read_text() == "years of work"


def test_a_file_is_not_replaced_by_a_folder(tmp_path):
    (tmp_path / "report").write_text("x")
    with pytest.raises(ReportPlaceError, match="is a file"):
        write_folder(tmp_path / "report", fill)


def test_everybody_may_read_a_report(tmp_path):
    out = write_folder(tmp_path / "report", fill)
    assert out.stat().st_mode & 0o777 == 0o755


def test_what_a_killed_writer_left_is_removed(tmp_path):
    for name in (".report.a1.part", ".report.b2.old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half.html").write_text("half")
    (tmp_path / ".report.csv.c3.part").write_text("half")
    (tmp_path / ".reporters.d4.part").mkdir()
    write_folder(tmp_path / "report", fill)
    write_file(tmp_path / "report.csv", [b"whole"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [".reporters.d4.part", "report", "report.csv"]


def test_a_report_that_was_moved_aside_when_its_writer_was_killed_is_put_back(tmp_path):
    out = tmp_path / "report"
    write_folder(out, fill)
    out.rename(tmp_path / ".report.b2.old")
    with pytest.raises(RuntimeError):
        write_folder(out, fill_and_break)
    assert (out / "index.html").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
