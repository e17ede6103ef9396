"""No circle of files: each can be read from the ground up, also counting imports inside functions
and those for types only.
"""

import sys
from graphlib import CycleError, TopologicalSorter

from grimp import build_graph

from config.setup.processes import SetupProblem, exit_with

APPS = ("accounts", "cms", "config", "fhir", "patients", "portal", "programs", "workspace")


def circle(*packages: str) -> list[str]:
    """The modules of one circle of imports, each importing the one before; empty without any."""
    graph = build_graph(*packages, cache_dir=None)
    known = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    try:
        TopologicalSorter(known).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def main() -> int:
    if found := circle(*(sys.argv[1:] or APPS)):
        raise SetupProblem(f"These files import each other in a circle: {' ← '.join(found)}")
    return 0


if __name__ == "__main__":
    exit_with(main)
