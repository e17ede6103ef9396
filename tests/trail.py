"""What tests of the audit trail do to it: look, seal as a commit does, and tamper."""

from django.db import connection

from accounts.models import AuditEvent


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else None


def seal():
    """What is done as a transaction commits."""
    ask("SET CONSTRAINTS ALL IMMEDIATE")
    ask("SET CONSTRAINTS ALL DEFERRED")


def tamper(sql, *values):
    """By somebody with all rights."""
    seal()
    for table in ("accounts_auditevent", "accounts_auditlink"):
        ask(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    ask(sql, *values)
    for table in ("accounts_auditevent", "accounts_auditlink"):
        ask(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def newest(action):
    return AuditEvent.objects.filter(action=action).first()
