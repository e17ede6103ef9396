from django.db import migrations


class Migration(migrations.Migration):
    """What a connected app is told of: written with the row that it is about, whoever writes it."""

    dependencies = [
        ("programs", "0005_when_changed"),
        ("accounts", "0008_app_events"),
    ]

    operations = [
        migrations.RunSQL(
            """
            -- A patient who sends a session sees no app of the clinic: it runs as the owner of the
            -- tables, and gives back what the session had said.
            CREATE FUNCTION programs_app_event() RETURNS trigger
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
            DECLARE
                before text := coalesce(current_setting('footing.whole', true), '');
            BEGIN
                PERFORM set_config('footing.whole', 'on', true);
                INSERT INTO accounts_appevent (clinic_id, app_id, topic, subject, at, next_at)
                SELECT clinic_id, id, TG_ARGV[0], NEW.id, clock_timestamp(), clock_timestamp()
                FROM accounts_connectedapp
                WHERE clinic_id = NEW.clinic_id AND ended_at IS NULL AND TG_ARGV[0] = ANY (topics)
                ON CONFLICT DO NOTHING;
                PERFORM set_config('footing.whole', before, true);
                RETURN NULL;
            END $$;
            CREATE TRIGGER programs_session_app_event AFTER INSERT ON programs_session
                FOR EACH ROW EXECUTE FUNCTION programs_app_event('session-stored');
            CREATE TRIGGER programs_alert_app_event AFTER INSERT ON programs_alert
                FOR EACH ROW EXECUTE FUNCTION programs_app_event('alert-raised');
            """,
            """
            DROP TRIGGER programs_session_app_event ON programs_session;
            DROP TRIGGER programs_alert_app_event ON programs_alert;
            DROP FUNCTION programs_app_event();
            """,
        ),
    ]
