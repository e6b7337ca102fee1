from click.testing import CliRunner

from audit.cli.list import command


def test_the_norms_are_listed_one_a_line_by_id_version_and_name() -> None:
    ended = CliRunner().invoke(command, ["norms"])
    assert ended.exit_code == 0
    assert [line.split(maxsplit=2) for line in ended.output.splitlines()] == [
        ["be-bru", "1.0", "Brussels: counter, phone and post together"],
        ["de", "1.0", "Germany: Onlinezugangsgesetz and BITV 2.0"],
        ["fr-spplus", "1.0", "France: Services Publics+, engagement 2"],
        ["neutral", "1.0", "No norm"],
        ["nl-awb", "1.0", "Netherlands: duty of care in the Awb"],
        ["uk-assisted", "1.0", "United Kingdom: assisted digital support"],
        ["us-idea", "1.0", "United States: 21st Century IDEA"],
    ]
