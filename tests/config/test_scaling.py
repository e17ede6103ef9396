"""docs/scaling.md tells each table's place in a distributed database, by the models as they are."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import ForeignKey, UniqueConstraint

PAPER = Path(settings.BASE_DIR) / "docs/scaling.md"
# The links of a clinic's chain of events tell the clinic under another name.
CHAINED = {"accounts_auditlink": "chain"}
# Of a clinic, and few: kept whole beside the groups and collections that they name.
KEPT_WHOLE = {"cms_clinicfiles"}


def models():
    found = apps.get_models(include_auto_created=True)
    return {
        one._meta.db_table: one
        for one in found
        if one._meta.managed or one._meta.app_label == "procrastinate"
    }


def fields(model):
    return model._meta.local_concrete_fields


def unproxied(model):
    return model._meta.concrete_model._meta.db_table


def distributed():
    """Tables each of whose rows is of one clinic."""
    for table, model in models().items():
        [column] = [one for one in fields(model) if one.column == "clinic_id"] or [None]
        if column is not None and not column.null and table not in KEPT_WHOLE:
            yield table


def without_clinic(table):
    """The uniques of a table, by their columns, that Citus takes only with the clinic beside."""
    model = models()[table]
    for field in fields(model):
        if field.unique:
            yield (field.column,)
    for one in model._meta.constraints:
        if isinstance(one, UniqueConstraint):
            names = [model._meta.get_field(name).column for name in one.fields] or [one.name]
            if "clinic_id" not in names:
                yield tuple(names)


def named_by(tables):
    """What these tables have keys to, and what that has keys to: on every node, whole."""
    found, left = set(), set(tables)
    while left:
        model = models()[left.pop()]
        keys = [one for one in fields(model) if isinstance(one, ForeignKey)]
        named = {unproxied(one.related_model) for one in keys}
        left |= named - found - set(tables)
        found |= named - set(tables)
    return found - set(CHAINED)


def named(columns):
    return f"`{', '.join(columns)}`"


def lines():
    """As they have to stand on the page."""
    own = sorted(distributed())
    rows = [f"| `{table}` | {'; '.join(map(named, without_clinic(table)))} |" for table in own]
    whole = sorted(named_by(own))
    rest = sorted(set(models()) - set(own) - set(whole) - set(CHAINED))
    return rows, whole, rest


def part(title):
    return PAPER.read_text("utf-8").split(f"### {title}\n")[1].split("\n#")[0]


def test_each_distributed_table_stands_with_what_it_needs():
    rows, _, _ = lines()
    assert len(rows) > 40
    found = re.findall(r"^\| `\w+` \| .* \|$", part("By `clinic_id`"), re.M)
    assert found == rows, "\n" + "\n".join(rows)


@pytest.mark.parametrize(("title", "which"), [("Whole on every node", 1), ("On the first node", 2)])
def test_each_other_table_stands_in_its_list(title, which):
    wanted = lines()[which]
    assert re.findall(r"`(\w+)`", part(title)) == wanted, ", ".join(f"`{one}`" for one in wanted)


def test_the_trail_has_a_plan_of_its_own():
    for table, column in CHAINED.items():
        assert f"`{table}`" in part("The trail")
        assert models()[table]._meta.get_field(column).column == column


def test_nothing_kept_whole_has_a_key_to_what_is_distributed():
    """Citus has no such keys."""
    own, whole = set(distributed()), set(lines()[1])
    for table in whole:
        for one in fields(models()[table]):
            if isinstance(one, ForeignKey):
                assert unproxied(one.related_model) not in own, (table, one.name)


@pytest.mark.django_db
def test_every_table_of_the_database_has_a_place():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        found = {name for (name,) in cursor.fetchall()}
    rows, whole, rest = lines()
    placed = {re.match(r"\| `(\w+)`", row).group(1) for row in rows} | {*whole, *rest, *CHAINED}
    # Django's list of migrations, and the cache, which a Valkey takes over.
    assert found - placed <= {"django_migrations", "footing_cache"}
