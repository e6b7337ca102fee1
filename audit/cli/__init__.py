"""The command line: one module per command; a module with a `command` is one, and nothing is edited for it."""

import importlib
import pkgutil
import sys
import traceback
from collections.abc import Sequence

import click

from audit.cli.exits import INTERNAL, INTERRUPTED, explained
from audit.cli.plain_text import log_plainly, printable_lines


class _Commands(click.Group):
    """Finds commands by looking into this package, and loads only the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = (module.name for module in pkgutil.iter_modules(__path__))
        return sorted(name for name in names if self.get_command(ctx, name) is not None)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        module = f"{__name__}.{cmd_name.replace('-', '_')}"
        if not cmd_name.isidentifier() or importlib.util.find_spec(module) is None:
            return None
        found = getattr(importlib.import_module(module), "command", None)
        return found if isinstance(found, click.Command) else None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="loket", prog_name="loket")
def loket() -> None:
    """Audit government service sites for the people who cannot, or will not, do everything online.

    Loket asks of every service: can a person with a disability use the pages, and can a person still get it by phone, at
    a counter, or on paper?

    \b
    Examples:
      loket demo                            audit the small sites that ship with Loket
      loket run https://www.agency.example  audit one site; the report is report/index.html
      loket run targets.toml                audit a whole portfolio, resumable

    \b
    Exit codes: 0 done · 1 findings at or above --fail-on · 2 usage or input error · 3 some targets could not be looked
    at · 4 the machine or Loket failed · 75 another run holds this site · 130 interrupted (resumable)
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with a code that a scheduler can use."""
    log_plainly()
    try:
        code = loket.main(args=arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the outermost place: a known error is said plainly, another in full
        known = explained(error)
        if known is None:
            click.echo(printable_lines(traceback.format_exc()), err=True)
            click.echo("This is an error in Loket itself. Please report it with the lines above.", err=True)
            code = INTERNAL
        else:
            click.echo(printable_lines(known.message), err=True)
            code = known.code
    sys.exit(code if isinstance(code, int) else 0)
