"""`python -m config.setup.documentation` builds docs/ as a site into var/site/, with strict links;
and what mkdocs does not know by itself about docs/ (a hook, named in mkdocs.yml).

README.md and its neighbors become pages, the first of them the site's first; the decisions get a
list; and a link from a page to a file that is no page becomes that file's path. A link to nothing
is left as it is, so that the strict build names it.
"""

import os
import posixpath
import re
import subprocess
import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent.parent
# At the top of the repository; on the site beside the pages of docs/.
OF_THE_TOP = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
DECISIONS = "decisions/README.md"
LINK = re.compile(r"(?P<before>!?)\[(?P<words>(?:!\[[^]]*\]\([^)]*\)|[^][])*)\]\((?P<to>[^)\s]+)\)")
SOURCE = re.compile(r'(?P<before><img\s[^>]*?src=")(?P<to>[^"]+)')


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages that lie outside docs/, or nowhere."""
    for name in OF_THE_TOP:
        files.append(File.generated(config, name, content=(ROOT / name).read_text("utf-8")))
    files.append(File.generated(config, DECISIONS, content=list_of_decisions()))
    return files


def list_of_decisions() -> str:
    """A line a decision, by its heading: `# 7. Set-up in Python`."""
    heads = {
        path.name: path.read_text("utf-8").splitlines()[0].lstrip("# ")
        for path in sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    }
    lines = [f"- [{head}]({name})" for name, head in heads.items()]
    return "\n".join(["# Why things are as they are", "", *lines, ""])


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    here = posixpath.dirname(in_repository(page.file.src_uri))

    def link(found: re.Match[str]) -> str:
        to = target(found["to"], here, page.file.src_uri, files)
        if to is None:
            return f"{found['words']} (`{posixpath.normpath(posixpath.join(here, found['to']))}`)"
        return f"{found['before']}[{link_in(found['words'])}]({to})"

    def link_in(words: str) -> str:
        return LINK.sub(link, words)

    def source(found: re.Match[str]) -> str:
        return found["before"] + (target(found["to"], here, page.file.src_uri, files) or "")

    return SOURCE.sub(source, LINK.sub(link, markdown))


def in_repository(page: str) -> str:
    """Where a page of the site has its text: `docs/alerts.md`, but `README.md`."""
    return page if page in OF_THE_TOP else f"docs/{page}"


def target(to: str, here: str, page: str, files: Files) -> str | None:
    """The address on the site; None for a file of the repository that is no page of it.

    `to` is an address as the text has it, seen from the folder `here` of the repository.
    """
    path, mark, anchor = to.partition("#")
    if not path or re.match(r"[a-z]+:", to):
        return to
    meant = posixpath.normpath(posixpath.join(here, path))
    if meant == "docs/decisions":
        meant = f"docs/{DECISIONS}"
    uri = meant.removeprefix("docs/")
    if (meant in OF_THE_TOP or meant.startswith("docs/")) and files.get_file_from_path(uri):
        return posixpath.relpath(uri, posixpath.dirname(page) or ".") + mark + anchor
    return None if (ROOT / meant).exists() else to


def main() -> int:
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}  # the theme's word about its successor
    command = [sys.executable, "-m", "mkdocs", "build"]  # "--quiet" would let warnings pass
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
