from django.db import migrations, models

# Whoever is let go, or becomes somebody else, is logged out everywhere, and stays so when it is
# taken back. The database counts, so that no way of changing an account forgets it, and no page
# that was loaded before sets the count back.
COUNT = """
CREATE FUNCTION accounts_user_sessions_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.session_epoch := OLD.session_epoch + CASE WHEN
        (NEW.is_active, NEW.role, NEW.clinic_id, NEW.is_superuser, NEW.is_staff) IS DISTINCT FROM
        (OLD.is_active, OLD.role, OLD.clinic_id, OLD.is_superuser, OLD.is_staff)
    THEN 1 ELSE 0 END;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_user_sessions_end BEFORE UPDATE ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION accounts_user_sessions_end();
"""
FORGET = """
DROP TRIGGER accounts_user_sessions_end ON accounts_user;
DROP FUNCTION accounts_user_sessions_end();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_clinic_settings")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="session_epoch",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.RunSQL(COUNT, FORGET),
    ]
