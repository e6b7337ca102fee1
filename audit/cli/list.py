"""`loket list`: the rules, channels, norms, formats and languages there are."""

import click

_WHAT = ("rules", "channels", "norms", "formats", "languages")


@click.command(
    name="list",
    epilog="""\b
Examples:
  loket list rules
  loket list formats""",
)
@click.argument("what", type=click.Choice(_WHAT))
def command(what: str) -> None:
    """Print what there is, one a line."""
    for line in _lines(what):
        click.echo(line)


def _lines(what: str) -> list[str]:
    from reports.formats import all_formats
    from rules.lexicon import languages
    from rules.model.finding import Channel
    from rules.norms import profile_words, profiles
    from rules.registry import all_rules

    match what:
        case "rules":
            return [f"{rule.id:24} {rule.version:8} {rule.name}" for rule in all_rules()]
        case "channels":
            return [channel.value for channel in Channel]
        case "norms":
            return [f"{norm.id:24} {norm.version:8} {profile_words(norm.id, 'en').name}" for norm in profiles()]
        case "formats":
            return sorted(all_formats())
        case _:
            return sorted(languages())
