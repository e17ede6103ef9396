"""The document of a stored program, and whether it is whole."""

from programs.documents.content import ProgramContent
from programs.models import Program


def content_of(program: Program) -> ProgramContent:
    """The draft where there is one, else what is published."""
    if program.draft is not None:
        return ProgramContent.from_json(program.draft)
    newest = program.versions.first()
    return ProgramContent.from_json(newest.content if newest else {"title": "", "phases": []})


def unfinished(content: ProgramContent) -> list[str]:
    """What is missing before a program can be published."""
    found = [] if content.title.strip() else ["The program needs a title."]
    if not content.phases:
        found.append("The program has no phase yet.")
    found += [
        f"“{phase.title}” has no exercise yet." for phase in content.phases if not phase.exercises
    ]
    return found
