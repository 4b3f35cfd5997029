"""Plant faults by chance, run their tests, and say how many were noticed: `python -m mutation --help`."""

import argparse
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch

from mutation.equivalent import Key, equivalent
from mutation.modules import CLVAPP, Misplaced, Project
from mutation.mutants import Mutant, by_name, difference, drawn, entry, mutants
from mutation.trial import Failing, Trial, Verdict

COUNT, SEED = 300, 1
LEAST = 0.9  # of those that could be noticed
EVERY = 25  # mutants between two words of how far we are


def main(arguments: Sequence[str] | None = None, project: Project = CLVAPP) -> int:
    """What the command line asks for; 1 if too few were caught, 2 if nobody can tell."""
    asked = _asked(arguments)
    try:
        modules = {module: tests for module, tests in project.modules().items() if fnmatch(module, asked.module)}
        found = [mutant for module in modules for mutant in mutants(module, project.text(module))]
        if asked.show:
            return _show(by_name(found, asked.show), project)
        listed = {} if asked.only else equivalent(project.equivalent)
        picked = by_name(found, asked.only) if asked.only else drawn(found, count=asked.count, seed=asked.seed)
        if asked.list:
            return _list(picked, listed)
        return _try(Trial(project, modules), picked, listed)
    except (Failing, Misplaced) as fault:
        print(fault, file=sys.stderr)
        return 2


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m mutation", description=__doc__)
    parser.add_argument("--module", default="*", help="only these, such as story/value.py or 'repeat/*'")
    parser.add_argument("--count", type=int, default=COUNT, help=f"how many mutants are drawn ({COUNT})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"which ones are drawn ({SEED})")
    parser.add_argument("--list", action="store_true", help="print those that are drawn, and run nothing")
    parser.add_argument("--show", nargs="+", metavar="NAME", help="print what these change, and run nothing")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="run these, drawn or not, equivalent or not")
    return parser.parse_args(arguments)


def _show(found: Sequence[Mutant], project: Project) -> int:
    for mutant in found:
        print(difference(mutant, project.text(mutant.module)))
        print(f"\nIf nobody could notice, it is listed in {project.equivalent.name} as:\n\n{entry(mutant)}\n")
    return 0 if found else 2


def _list(picked: Sequence[Mutant], listed: Mapping[Key, str]) -> int:
    for mutant in picked:
        print(mutant, *([f"    = {listed[mutant.key]}"] if mutant.key in listed else []), sep="\n")
    return 0


def _try(trial: Trial, picked: Sequence[Mutant], listed: Mapping[Key, str]) -> int:
    """Run the tests, and print what they say: who is ended half-way has said what is known so far."""
    began = time.monotonic()
    tried = [mutant for mutant in picked if mutant.key not in listed]
    verdicts: list[Verdict] = []
    print(f"{len(tried)} mutants; first all tests run once without a fault.", file=sys.stderr, flush=True)
    try:
        for verdict in trial.verdicts(tried):
            verdicts.append(verdict)
            if len(verdicts) % EVERY == 0:
                print(f"{len(verdicts)} of {len(tried)} in {_minutes(began)}", file=sys.stderr, flush=True)
    finally:
        if verdicts:
            print(table(verdicts), *survivors(verdicts), sep="\n")
    if not verdicts:
        print("There is no mutant to run.", file=sys.stderr)
        return 2
    caught = sum(verdict.caught for verdict in verdicts) / len(verdicts)
    print(
        f"{caught:.1%} of {len(tried)} mutants were caught, and {LEAST:.0%} must be; "
        f"{len(picked) - len(tried)} more are equivalent. It took {_minutes(began)}."
    )
    return 0 if caught >= LEAST else 1


def table(verdicts: Sequence[Verdict]) -> str:
    """A line a module: how many mutants it had, how many of them were caught, and the seconds of each."""
    lines = [f"{'module':<28}{'mutants':>8}{'caught':>8}{'share':>8}{'seconds each':>14}"]
    for module in sorted({verdict.mutant.module for verdict in verdicts}):
        own = [verdict for verdict in verdicts if verdict.mutant.module == module]
        caught, seconds = sum(one.caught for one in own), sum(one.seconds for one in own)
        lines.append(f"{module:<28}{len(own):>8}{caught:>8}{caught / len(own):>8.0%}{seconds / len(own):>14.1f}")
    return "\n".join([*lines, ""])


def survivors(verdicts: Sequence[Verdict]) -> list[str]:
    """Those that nobody noticed, each with the number of tests that had the chance."""
    living = [verdict for verdict in verdicts if not verdict.caught]
    living.sort(key=lambda one: (one.mutant.module, one.mutant.line, one.mutant.name))
    return [f"{one.mutant}\n    {_chance(one.tests)}\n" for one in living]


def _chance(tests: int) -> str:
    return f"{tests} of its tests run this, and none fails" if tests else "none of its tests runs this"


def _minutes(began: float) -> str:
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    return f"{minutes} min {seconds} s"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was begun is ended, and tidied up
    sys.exit(main())
