"""The command `awards`: reads the command line, calls one function, prints. No logic.

Each module of this room has the commands of one kind, and is loaded when one of them is called: who asks for a line need not
wait for what crawls and reads.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module, metadata
from typing import Annotated, Final

import typer

from db import locks
from etl import logs
from etl.model import AwardsError
from etl.output import show
from etl.schedule import due
from etl.settings import Settings, load_settings

COMMANDS: Final[dict[str, tuple[str, ...]]] = {
    "crawling": ("run", "crawl", "backfill", "process", "import", "rebuild", "read", "new-site"),
    "asking": ("find", "search", "ask", "publish", "why"),
    "watching": ("runs", "health", "canary", "status", "schedule"),
    "operating": ("takedown", "backup", "restore", "alert", "serve"),
    "database": ("db",),
    "ruling": ("ruling",),
}
"""What each module has, in the order of --help. One whose only command is a group has that group's commands."""


def app(arguments: Sequence[str] = ()) -> typer.Typer:
    """The command with what these arguments call, or with everything where they call nothing that there is."""
    made = typer.Typer(
        name="awards", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
        help="The award record of Indonesia's regions: crawl, read, load, ask.",
        context_settings={"max_content_width": 120},  # a wide terminal shows what a command does whole
    )  # fmt: skip
    made.callback()(_flags)
    called = next((each for each in arguments if not each.startswith("-")), None)
    for module in [name for name, commands in COMMANDS.items() if called in commands] or COMMANDS:
        group = COMMANDS[module][0] if len(COMMANDS[module]) == 1 else None
        made.add_typer(import_module(f"etl.cli.{module}").app, name=group)
    return made


def _version(asked: bool) -> None:
    if asked:
        show.out.print(f"awards {metadata.version('awards-etl')}")
        raise typer.Exit


def _flags(
    debug: Annotated[
        bool, typer.Option("--debug", help="the traceback of what goes wrong; before or after COMMAND")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="the version of this code")
    ] = False,
) -> None:
    """What --help says of flags that belong to no command; `main` takes --debug out, wherever it stands."""


STOPPED = 130  # by Ctrl-C, as shells count it


def _begin_logs(settings: Settings) -> None:
    """A person at a terminal reads what commands say themselves; the log is for what is not as it should be."""
    level = "WARNING" if sys.stderr.isatty() and settings.log_level == "INFO" else settings.log_level
    logs.configure(settings.log_format, level, settings.secrets)


def main() -> None:
    """Entry point. Exit 0 done, 1 the work failed or a check is red, 2 wrong usage."""
    debug = "--debug" in sys.argv
    with suppress(AwardsError):  # what is wrong with the settings is said by the command
        _begin_logs(load_settings())
    try:
        # Not standalone: typer would say what is wrong with a flag in several lines, and in other words than ours.
        arguments = [each for each in sys.argv[1:] if each != "--debug"]
        code = app(arguments)(arguments, prog_name="awards", standalone_mode=False)
    except (AwardsError, typer.TyperException, OSError) as error:
        if debug:
            raise
        code = _said(error)
    except SystemExit as end:
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        code = 0  # `awards find | head` has seen enough
    if code == STOPPED:
        show.err.print("awards: stopped; what was fetched is kept, and the next run goes on from there", soft_wrap=True)
    sys.exit(code)


def _said(error: AwardsError | typer.TyperException | OSError) -> int:
    """Say in one line what was wrong and what to do; the exit code."""
    if isinstance(error, OSError):
        text, code = f"{error.filename or 'input or output'}: {error.strerror or error}", 1
    elif isinstance(error, AwardsError):
        # A scheduler is told apart what another process does already from what went wrong.
        passed_by = isinstance(error, locks.Taken) and due.DUE_AT in os.environ
        text, code = str(error), due.OVERLAP if passed_by else error.exit_code
    elif "\n" in error.format_message():  # no command was given: this is the help
        show.err.print(error.format_message(), soft_wrap=True)
        return error.exit_code
    else:
        command = getattr(getattr(error, "ctx", None), "command_path", "awards")
        text, code = f"{error.format_message().removesuffix('.')}; see `{command} --help`", error.exit_code
    show.err.print(f"awards: {' '.join(text.split())}", style="red", soft_wrap=True)
    return code
