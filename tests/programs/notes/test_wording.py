"""Sentences, their numbers and their rows; texts that were edited by hand."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.notes.wording import (
    Kind,
    Part,
    Rows,
    Section,
    Sentence,
    Source,
    as_text,
    blocks,
    facts_of,
    say,
)

ROW = Source.row(Rows.SESSION, uuid.UUID(int=7))
PAIN = say("Pain %(pain)s on %(day)s (10 %%).", pain=Part("6", ROW), day="May 2")
NEXT = say("Falls: %(falls)s.", falls=0)


def linked(found):
    return [(part.text, bool(part.source)) for block in found for part in block.parts]


def test_a_sentence_knows_which_of_its_words_have_rows():
    assert str(PAIN) == "Pain 6 on May 2 (10 %)."
    assert [part.text for part in PAIN.parts if part.source] == ["6"]
    assert str(PAIN + NEXT) == "Pain 6 on May 2 (10 %). Falls: 0."
    assert Sentence.from_json(PAIN.as_json) == PAIN


def test_words_that_are_filled_in_are_no_holes():
    assert str(say("%(words)s!", words="100 % and %(other)s")) == "100 % and %(other)s!"


def test_sections_become_plain_text_and_what_is_empty_is_left_out():
    text = as_text([Section("Pain", [PAIN, NEXT], [NEXT]), Section("Nothing")])
    assert text == "Pain\nPain 6 on May 2 (10 %). Falls: 0.\n- Falls: 0."


def test_only_sentences_with_rows_are_kept_beside_a_text():
    assert facts_of([Section("Pain", [PAIN, NEXT])]) == [PAIN.as_json]


def test_a_number_is_linked_while_its_sentence_stands():
    facts = [PAIN.as_json]
    text = "Pain\nSeen today. Pain 6 on May 2 (10 %). Better.\n- Pain 6 on May 2 (10 %)."
    assert [block.kind for block in blocks(text)] == [Kind.HEADING, Kind.PARAGRAPH, Kind.ITEM]
    assert linked(blocks(text, facts)) == [
        ("Pain", False),
        ("Seen today. ", False),
        ("Pain ", False), ("6", True), (" on ", False), ("May 2", False), (" (10 %).", False),
        (" Better.", False),
        ("Pain ", False), ("6", True), (" on ", False), ("May 2", False), (" (10 %).", False),
    ]  # fmt: skip
    edited = text.replace("6 on", "5 on")
    assert not any(is_link for _, is_link in linked(blocks(edited, facts)))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("A line.", "p"),
        ("Title\nText.", "hp"),
        ("Title", "p"),
        ("A sentence.\nAnother.", "pp"),
        ("One\n\nTwo", "pp"),
        ("- a\n- b", "ii"),
        ("Title\r\n- a", "hi"),
        ("\n\n", ""),
    ],
)
def test_what_is_a_heading(text, kinds):
    assert "".join(one.kind.value[0] for one in blocks(text)) == kinds


@given(st.text(max_size=80))
def test_nothing_typed_is_lost_but_blanks(text):
    shown = "".join(block.text for block in blocks(text, [PAIN.as_json]))
    assert "".join(shown.split()) in "".join(text.split()) or "-" in text
    assert len("".join(text.split())) - len("".join(shown.split())) <= text.count("-")


def test_days_of_sessions_are_a_source():
    day = dt.date(2026, 5, 2)
    assert Source.days(day, day, "red") == Source(
        Rows.SESSIONS, "", "2026-05-02", "2026-05-02", "red"
    )
