"""Makes .venv and installs the pinned requirements into it; does nothing when all is as it was.

Run by whatever Python the machine has: standard library only, and no syntax newer than 3.6, so
that a too old one can say so.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "footing-stamp")
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
OLDEST = (3, 11)


class SetupProblem(Exception):  # noqa: N818 - a sentence for the user, not a fault
    """Something the user has to mend, in one sentence."""


def check_version(version):
    """Raises SetupProblem for a Python that is too old; `version` is (major, minor, ...)."""
    if tuple(version[:2]) < OLDEST:
        found = ".".join(str(part) for part in version[:2])
        raise SetupProblem(
            "Footing needs Python 3.11 or newer and found {}. Install one and try again, "
            "or name it: make run PYTHON=python3.12".format(found)
        )


def stamp_of(root, version):
    """Changes when the pins or the Python do."""
    digest = hashlib.sha256(repr(tuple(version[:3])).encode())
    for name in REQUIREMENTS:
        with open(os.path.join(root, name), "rb") as pins:
            digest.update(pins.read())
    return digest.hexdigest()


def is_current(stamp):
    """Whether .venv was finished with this stamp; a half-made one has none."""
    if not os.path.exists(PYTHON) or not os.path.exists(STAMP):
        return False
    with open(STAMP) as file:
        return file.read() == stamp


def make():
    """Create .venv if needed and install. Raises SetupProblem."""
    check_version(sys.version_info)
    stamp = stamp_of(ROOT, sys.version_info)
    if is_current(stamp):
        return
    print("Installing Footing's requirements into .venv (a minute or two, once) ...", flush=True)
    _create()
    _install()
    with open(STAMP, "w") as file:
        file.write(stamp)


def _create():
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian has it in a package of its own
    except ImportError:
        raise SetupProblem(
            "This Python lacks its 'venv' part. On Debian and Ubuntu: apt install python3-venv"
        ) from None
    if os.path.exists(STAMP):
        os.remove(STAMP)
    elif os.path.isdir(VENV):
        shutil.rmtree(VENV)  # left half-made by an interrupted run, or made by another tool
    if subprocess.call([sys.executable, "-m", "venv", "--clear", VENV]) != 0:
        raise SetupProblem("The folder .venv could not be made. Is this folder writable?")


def _install():
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "-r", os.path.join(ROOT, "requirements-dev.txt")]
    if subprocess.call(command, cwd=ROOT) != 0:
        raise SetupProblem(
            "The requirements could not be installed; pip says why above. "
            "Is there a connection to a package index?"
        )


if __name__ == "__main__":
    try:
        make()
    except SetupProblem as problem:
        sys.exit("footing: {}".format(problem))
    except KeyboardInterrupt:
        sys.exit("footing: stopped. Run it again to go on.")
