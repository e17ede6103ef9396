"""What a patient told is appended, never edited, as sessions are."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("programs", "0009_patient_care")]
    operations = [
        migrations.RunSQL(
            sql="""
            CREATE TRIGGER programs_signreport_append_only
                BEFORE UPDATE OR DELETE ON programs_signreport
                FOR EACH ROW EXECUTE FUNCTION programs_append_only();
            """,
            reverse_sql="DROP TRIGGER programs_signreport_append_only ON programs_signreport;",
        )
    ]
