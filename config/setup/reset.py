"""`make reset`: throw the local demo database away, after asking once."""

from config.setup.postgres import Postgres
from config.setup.processes import exit_with


def ask(question: str) -> str:
    """The answer; nothing where nobody can be asked."""
    try:
        return input(question)
    except EOFError:
        return ""


def main() -> int:
    database = Postgres.of_checkout()
    print(f"This deletes the local demo database in {database.folder}.")
    if ask("Type yes to go on: ").strip().lower() != "yes":
        print("Nothing was deleted.")
        return 0
    database.remove()
    print("Gone. `make run` makes a new one.")
    return 0


if __name__ == "__main__":
    exit_with(main)
