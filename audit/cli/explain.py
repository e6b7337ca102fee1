"""`loket explain`: what a rule looks at, what it expects, and its examples."""

import click


@click.command(
    epilog="""\b
Examples:
  loket explain phone_offered
  loket explain axe/image-alt --lang nl"""
)
@click.argument("rule")
@click.option("--lang", default="en", show_default=True, help="Language of the words.")
def command(rule: str, lang: str) -> None:
    """Print a rule with its examples.

    RULE is the id of a rule of Loket, or of a check of axe, such as axe/image-alt.
    """
    from rules.explanation import explanation

    try:
        click.echo(explanation(rule, lang))
    except KeyError as error:
        raise click.UsageError(f"there is no rule {rule!r}; `loket list rules` names them all") from error
