"""The verbs of the command `mebench`, and what becomes of errors.

Conventions
-----------
Results go to stdout, everything else to stderr. Exit codes: 0 done; 1 done, but a fold failed, a score fell or a count
differs, or a fault of mebench; 2 a mistake of the user's, told in one sentence with the fix; 130 interrupted.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import traceback
from collections.abc import Sequence

import click

from mebench.cli.lazy import LazyGroup, SuggestingChoice
from mebench.cli.say import complain, say
from mebench.errors import TooLittleMemory, did_you_mean, lack_of_memory

_VERBS = {
    "run": ("mebench.cli.run:run", "Run a method on a dataset and grade it."),
    "spot": ("mebench.cli.spot:spot", "Spot expressions in a video of your own."),
    "grade": ("mebench.cli.grade:grade", "Grade a predictions table under a protocol."),
    "rescore": ("mebench.cli.rescore:rescore", "Grade a run's kept predictions again, without training."),
    "compare": ("mebench.cli.compare:compare", "Tell whether two scorecards differ by more than chance."),
    "check": ("mebench.cli.check:check", "Hold scorecards against recorded baselines."),
    "audit": ("mebench.cli.audit:audit", "Look through a run for leaks between learning and testing."),
    "explain": ("mebench.cli.explain:explain", "Show where in the face a trained network's scores come from."),
    "figure": ("mebench.cli.figure:figure", "Draw figures of the papers from runs and datasets."),
    "reproduce": ("mebench.cli.reproduce:reproduce", "Carry out a paper's table and compare it with what was printed."),
    "leaderboard": ("mebench.cli.leaderboard:leaderboard", "Build the leaderboard page from scorecards."),
    "challenge": ("mebench.cli.challenge:challenge", "Run a challenge: check, grade and rank submissions."),
    "data": ("mebench.cli.data:data", "List, check, prepare, make and export datasets."),
    "test": ("mebench.cli.test:test", "Check a plug-in of your own."),
    "list": ("mebench.cli.listing:listing", "List methods, datasets, protocols, metrics and more."),
    "describe": ("mebench.cli.describe:describe", "Show a plug-in's settings, their units and sources."),
}


def _print_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from mebench.runs.provenance import version

        click.echo(f"mebench {version()}")
        ctx.exit()


_HELP = """Run, grade and rank methods for facial micro- and macro-expression spotting, recognition and generation.

\b
A method or dataset with settings is written ID:key=value,key=value, as in
mebench run --method spot3dcnn:lcn=false --dataset synth_lv:subjects=6
"""


@click.group(
    help=_HELP,
    cls=LazyGroup,
    verbs=_VERBS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def mebench(debug: bool) -> None:
    """Run, grade and rank methods for spotting, recognition and generation of facial expressions."""


def carry_out(arguments: Sequence[str], interrupts: Sequence[int] = ()) -> int:
    """Return the exit code of a command line; every error ends here.

    Parameters
    ----------
    arguments : what stands behind `mebench`.
    interrupts : filled as they come; a library that is interrupted while it loads turns that into an error of its own.

    Raises
    ------
    KeyboardInterrupt : when the user interrupts it.
    """
    debug = "--debug" in arguments
    # `--debug` is understood wherever it stands.
    arguments = [argument for argument in arguments if argument != "--debug"]
    try:
        code = mebench.main(arguments, prog_name="mebench", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, SystemExit, GeneratorExit) as error:
        if interrupts:
            raise KeyboardInterrupt from error
        if not isinstance(error, Exception) and not _line_of(error):
            raise  # click's own, when nobody reads any more
        if debug:
            say(traceback.format_exc(), err=True, nl=False)
        return _tell(error, _plugins(arguments))


def _tell(error: BaseException, plugins: Sequence[str] = ()) -> int:
    """Print one sentence for an error and return the exit code."""
    from mebench.runs.failures import explain
    from mebench.schema.problems import InvalidTable

    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        say(error.format_message(), err=True)
        return 2
    if isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        hint = f" See {context.command_path} --help." if context is not None else ""
        complain(_sentence(error), hint)
        return 2
    known = _too_little(error) or explain(error)
    if known is not None:
        complain(known if isinstance(error, InvalidTable) else " ".join(known.split()))
        return 2
    message = " ".join(str(error).split())
    if plugins:
        complain(
            f"A plug-in has a fault, or what it gave has ({type(error).__name__}: {message}{_line_of(error)}): try "
            f"`mebench test --plugin {plugins[-1]}`, and run again with --debug to see where."
        )
        return 2
    complain(
        f"mebench has a fault ({type(error).__name__}: {message}): run again with --debug and report the traceback."
    )
    return 1


def _plugins(arguments: Sequence[str]) -> list[str]:
    """Return the plug-in files that a command line names."""
    parts = [part for argument in arguments for part in argument.split("=", 1)]
    return [after for before, after in itertools.pairwise(parts) if before == "--plugin"]


def _line_of(error: BaseException) -> str:
    """Return where in a plug-in an error was raised, as `, in values, line 12`, or nothing where it was elsewhere."""
    from mebench.runs.plugins import PREFIX

    where = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        if str(frame.f_globals.get("__name__")).startswith(PREFIX):
            where = f", in {frame.f_code.co_name}, line {line}"
    return where


def _too_little(error: BaseException) -> str:
    """Return what to say of a lack of memory, whatever it was taken for on its way, or an empty string."""
    from mebench.runs.failures import explain

    lack = lack_of_memory(error)
    if lack is None:
        return ""
    return str(lack) if isinstance(lack, TooLittleMemory) else explain(MemoryError()) or ""


def _sentence(error: click.ClickException) -> str:
    """Return what click has to say as a sentence, with the nearest name for a misspelt option."""
    if isinstance(error, click.NoSuchOption):
        known = [name for parameter in error.ctx.command.params for name in parameter.opts] if error.ctx else []
        return f"There is no option {error.option_name}.{did_you_mean(error.option_name, known)}"
    text = " ".join((_of_choice(error) or error.format_message()).split())
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _of_choice(error: click.ClickException) -> str:
    """Return what is wrong with a choice whose argument is named after its values, which are then told once, or ""."""
    if not isinstance(error, click.BadParameter) or error.param is None:
        return ""
    kind = error.param.type
    if not isinstance(kind, SuggestingChoice) or not isinstance(error.param, click.Argument):
        return ""
    missing = isinstance(error, click.MissingParameter)
    return f"Missing argument: choose one of {', '.join(kind.choices)}" if missing else error.message
