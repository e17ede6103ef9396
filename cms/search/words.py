"""What was typed, as queries of PostgreSQL's text search."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db import connection

from cms.models.search import CONFIGS, PLAIN, SearchSynonyms

MOST = 12  # words that are looked for; of a longer question the first
_WORD = re.compile(r"[^\W_]+")

AnyQuery = SearchQuery | CombinedSearchQuery


@dataclass(frozen=True)
class Part:
    """One word, or a phrase with synonyms, as it was typed; what finds it."""

    typed: str
    query: AnyQuery


@dataclass(frozen=True)
class Wanted:
    """What was asked for in a language; nothing where only words such as 'the' were typed."""

    language: str
    parts: list[Part]
    synonyms: list[str]  # every word that is part of one

    @property
    def any_of_it(self) -> AnyQuery | None:
        return reduce(or_, (part.query for part in self.parts)) if self.parts else None


def split(typed: str) -> list[str]:
    """Only letters and digits reach the database."""
    return _WORD.findall(typed.lower())[:MOST]


def wanted(typed: str, language: str) -> Wanted:
    """Each word by its stem, or by what means the same; the last may be unfinished."""
    words = split(typed)
    groups = [group.phrases for group in SearchSynonyms.objects.filter(language=language)]
    phrases = [phrase for group in groups for phrase in group]
    config = CONFIGS[language]
    known = [word for phrase in phrases for word in split(phrase)]
    stems = _stems([*words, *known], config)
    same = {_stemmed(phrase, stems): group for group in groups for phrase in group}
    return Wanted(language, list(_parts(words, stems, same, config)), known)


Stem = tuple[str, ...]  # none of a word such as 'the'


def _stems(words: Iterable[str], config: str) -> dict[str, Stem]:
    """By word, in one query."""
    asked = """
        SELECT word, tsvector_to_array(to_tsvector(%s::regconfig, word))
        FROM unnest(%s::text[]) AS word
    """
    with connection.cursor() as cursor:
        cursor.execute(asked, [config, sorted(set(words))])
        return {word: tuple(stems) for word, stems in cursor.fetchall()}


def _stemmed(phrase: str, stems: dict[str, Stem]) -> Stem:
    return tuple(stem for word in split(phrase) for stem in stems[word])


def _parts(
    words: list[str], stems: dict[str, Stem], same: dict[Stem, list[str]], config: str
) -> Iterator[Part]:
    """The longest phrase that has synonyms first; words such as 'the' ask for nothing."""
    place = 0
    while place < len(words):
        if not stems[words[place]]:
            place += 1
            continue
        for end in range(len(words), place, -1):
            typed = " ".join(words[place:end])
            group = same.get(_stemmed(typed, stems))
            if group or end == place + 1:
                queries = [_exactly(phrase, config) for phrase in group or [typed]]
                if end == len(words):
                    queries.append(SearchQuery(f"{words[-1]}:*", config=PLAIN, search_type="raw"))
                yield Part(typed, reduce(or_, queries))
                place = end
                break


def _exactly(phrase: str, config: str) -> SearchQuery:
    return SearchQuery(phrase, config=config, search_type="phrase")
