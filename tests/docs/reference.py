"""Writes docs/commands.md from the commands themselves: `python tests/docs/reference.py`."""

from pathlib import Path

import click

from audit.cli import loket

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
HEAD = "# Commands\n\nWhat `loket COMMAND --help` prints; a test holds this page to it.\n"


def commands() -> str:
    """The page as it should be."""
    context = click.Context(loket, info_name="loket", max_content_width=110, terminal_width=110)
    parts = [HEAD, section("loket", loket.get_help(context))]
    for name in loket.list_commands(context):
        command = loket.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, max_content_width=110, terminal_width=110)
        parts.append(section(f"loket {name}", command.get_help(inner)))
    return "\n".join(parts)


def section(title: str, text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return f"## {title}\n\n```text\n{lines}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(commands(), encoding="utf-8")
