"""Titles with marks: what is italic, raised or lowered in them, written as CSL-JSON does.

A source keeps its title in plain words, by which it is found and compared, and beside it, where
there are marks, the same words with them ('Feet of <i>Homo sapiens</i>'): references print those,
and an export gives them back.
"""

import re

# What other programs write, by the mark that it is here; all other markup goes.
_SAME = {"em": "i", "jats:italic": "i", "jats:sub": "sub", "jats:sup": "sup"}
MARKS = ("i", "sub", "sup")
TAG = re.compile(r"<(/?)(i|b|em|strong|sub|sup|sc|span|jats:[a-z]+)(?:\s[^<>]*)?/?>", re.IGNORECASE)
MARK = re.compile(rf"<(/?)({'|'.join(MARKS)})>")
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """Without any markup, on one line."""
    return _SPACE.sub(" ", TAG.sub("", text)).strip()


def marked(text: str) -> str:
    """With our marks only, each of them closed; empty where there is none."""
    open_marks: list[str] = []

    def kept(found: re.Match[str]) -> str:
        name = _SAME.get(found[2].lower(), found[2].lower())
        if name not in MARKS:
            return ""
        if not found[1]:
            open_marks.append(name)
            return f"<{name}>"
        if not open_marks or open_marks[-1] != name:
            return ""
        open_marks.pop()
        return f"</{name}>"

    words = _SPACE.sub(" ", TAG.sub(kept, text)).strip()
    words += "".join(f"</{name}>" for name in reversed(open_marks))
    words = re.sub(r"<(i|sub|sup)>(\s*)</\1>", r"\2", words)
    return words if MARK.search(words) and plain(words) == plain(text) else ""


def split(text: str) -> dict[str, str]:
    """A source's `title` and `title_marked` of a title with markup."""
    return {"title": plain(text), "title_marked": marked(text)}
