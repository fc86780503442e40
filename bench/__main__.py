"""Run one measurement: `python -m bench NAME [--json] [--articles FILE]`."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def run(arguments: list[str]) -> int:
    """Print a table for people or one JSON object for machines; return the exit status."""
    options: dict[str, Any] = {}
    if "--articles" in arguments[:-1]:
        at = arguments.index("--articles")
        options["articles"] = Path(arguments[at + 1])
        arguments = arguments[:at] + arguments[at + 2 :]
    names = [argument for argument in arguments if not argument.startswith("-")]
    unknown = set(arguments) - set(names) - {"--json"} or set(names) - set(NAMES)
    if len(names) != 1 or unknown or (options and names != ["search"]):
        print("Usage: bin/bench NAME [--json]; bin/bench search [--articles FILE] [--json]", file=sys.stderr)
        for name in NAMES:
            print(
                f"  {name:<12}{(importlib.import_module(f'bench.{name}').__doc__ or '').splitlines()[0]}",
                file=sys.stderr,
            )
        return 2
    result = importlib.import_module(f"bench.{names[0]}").main(**options)
    if "--json" in arguments:
        print(json.dumps(result))
        return 0
    width = max(map(len, result))
    for name, value in result.items():
        print(
            f"{name.replace('_', ' '):<{width}}  {value:>12,.2f}"
            if isinstance(value, float)
            else f"{name.replace('_', ' '):<{width}}  {value:>12}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
