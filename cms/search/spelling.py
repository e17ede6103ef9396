"""What a misspelled word may have meant: a word that is written somewhere on the site."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from django.db import connection
from django.db.models import CharField, Count, F, Func, Q, QuerySet

from cms.models.search import SearchEntry
from cms.search.words import Part, Wanted, split

SHORTEST = 4  # of three letters almost any other word is near
# Of pg_trgm: which words are looked at. Two letters that changed places leave this little.
NEAR = 0.2
CANDIDATES = 30
ALIKE = 0.7  # of difflib: which of them may have been meant

_NEAREST = """
    SELECT written, count(*) FROM ({words} UNION ALL SELECT unnest(%s::text[])) AS told(written)
    WHERE similarity(unaccent(written), unaccent(%s)) >= %s
    GROUP BY written
    ORDER BY similarity(unaccent(written), unaccent(%s)) DESC, count(*) DESC, written
    LIMIT %s
"""


def corrected(typed: str, meaning: Wanted, entries: "QuerySet[SearchEntry]") -> str:
    """`typed` with each word that none of `entries` has replaced by the nearest that is written in
    this language, or has synonyms; empty where there is nothing to correct, or nothing near.
    """
    unknown = set(_unknown(meaning.parts, entries)) - set(meaning.synonyms)
    own = entries.filter(language=meaning.language)
    instead = {word: nearest(word, own, meaning.synonyms) for word in unknown}
    words = [instead.get(word) or word for word in split(typed)]
    return " ".join(words) if any(instead.values()) else ""


def _unknown(parts: Sequence[Part], entries: "QuerySet[SearchEntry]") -> list[str]:
    """Of one word each: a phrase has synonyms, so it is known."""
    asked = {
        f"part{place}": Count("pk", filter=Q(terms=part.query)) for place, part in enumerate(parts)
    }
    counts = entries.aggregate(**asked) if asked else {}
    found = (part.typed for part, count in zip(parts, counts.values(), strict=True) if not count)
    return [word for word in found if len(word) >= SHORTEST and word.isalpha()]


def nearest(word: str, entries: "QuerySet[SearchEntry]", also: Iterable[str] = ()) -> str:
    """Of the words in `entries` and `also`: most alike, then in most of them; empty where none is
    near.
    """
    words = Func(F("words"), function="tsvector_to_array")
    each = entries.order_by().values_list(Func(words, function="unnest", output_field=CharField()))
    inner, params = each.query.sql_with_params()
    typed = word.lower()
    with connection.cursor() as cursor:
        cursor.execute(
            _NEAREST.format(words=inner), [*params, list(also), typed, NEAR, typed, CANDIDATES]
        )
        found = [(_alike(typed, written), count, written) for written, count in cursor.fetchall()]
    best = max(found, default=(0.0, 0, ""))
    return best[2] if best[0] >= ALIKE else ""


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
