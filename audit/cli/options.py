"""Options that several commands share."""

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_STORE = Path("loket-store")
DEFAULT_REPORT = Path("report")

store_option = click.option(
    "--store",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_STORE,
    show_default=True,
    help="Folder that holds all runs.",
)
quiet_option = click.option("--quiet", is_flag=True, help="No progress, no summary; errors only.")
json_log_option = click.option("--json-log", is_flag=True, help="Progress as JSON lines on standard error.")

_SETTINGS = (
    click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Settings file (TOML)."),
    click.option(
        "--allow-private",
        multiple=True,
        metavar="HOST|NETWORK",
        help="Let through this private host (with or without :port) or network; may be given again.",
    ),
    click.option(
        "--pace", type=float, metavar="SECONDS", help="Time between two visits to a host [2]; 0 on loopback only."
    ),
    click.option("--max-pages", type=int, metavar="N", help="Pages that the crawl fetches of one site [500]."),
    click.option("--max-depth", type=int, metavar="N", help="Clicks from the start that the crawl follows [10]."),
    click.option(
        "--all-pages", is_flag=True, default=None, help="Look at every page with the browser, not at a sample."
    ),
    click.option(
        "--max-documents",
        type=int,
        metavar="N",
        help="PDFs that pages link to, opened for one site [15]; 0 opens none.",
    ),
    click.option("--no-pictures", "pictures", flag_value=False, type=bool, default=None, help="Take no pictures."),
    click.option("--consent", type=click.Choice(["none", "reject"]), help="What to do with a cookie banner [none]."),
    click.option("--timeout", type=float, metavar="SECONDS", help="Longest wait for one answer in the crawl [30]."),
    click.option("--deadline", type=float, metavar="SECONDS", help="Longest time for one page in the browser [45]."),
    click.option("--tabs", type=int, metavar="N", help="Pages open at the same time; 0 follows the machine [0]."),
    click.option("--seed", help="What the random part of the sample is drawn with [the run's id]."),
    click.option("--contact-url", metavar="URL", help="Stands in the user agent, so that agencies can reach you."),
    click.option(
        "--axe-script", type=click.Path(exists=True, dir_okay=False), help="Another axe.min.js than the pinned one."
    ),
    click.option("--browser", metavar="PATH", help="The Chromium to use [found on this machine]."),
    click.option(
        "--browser-channel",
        metavar="NAME",
        help="The browser to use by its name: headless-shell, chromium, chrome, msedge; at a Grid also firefox and others.",
    ),
    click.option(
        "--engine",
        type=click.Choice(["playwright", "webdriver"]),
        help="What drives the browser [playwright]; webdriver takes any Selenium browser, and tells less of a page.",
    ),
    click.option(
        "--webdriver-url",
        metavar="URL",
        help="The Selenium Grid or driver to ask for browsers [chromedriver, started here].",
    ),
    click.option(
        "--unsafe-no-sandbox",
        "sandbox",
        flag_value=False,
        type=bool,
        default=None,
        help="Go on where the system forbids the browser's sandbox; the report says so.",
    ),
    click.option(
        "--unsafe-no-guard",
        "guard",
        flag_value=False,
        type=bool,
        default=None,
        help="Let the browser at --webdriver-url go out without Loket's guard; the report says so.",
    ),
)


def setting_options(command: Command) -> Command:
    """All options that change how an audit is done."""
    return reduce(lambda decorated, option: option(decorated), reversed(_SETTINGS), command)
