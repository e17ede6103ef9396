"""Version 1.0.0 began with 0001 and 0002; a database that has all of before has both."""

BEFORE_VERSION_1 = [
    ("accounts", "0001_initial"),
    ("accounts", "0002_one_spelling_of_an_address"),
    ("accounts", "0003_queued_mail"),
    ("accounts", "0004_clinic_settings"),
    ("accounts", "0005_sessions_end_with_the_role"),
    ("accounts", "0006_the_trail"),
    ("accounts", "0007_who_keeps_the_site"),
    ("accounts", "0008_caregivers"),
    ("accounts", "0009_alert_times"),
    ("accounts", "0010_answered_forms"),
    ("accounts", "0011_monitoring"),
    ("accounts", "0012_push_devices"),
    ("accounts", "0013_clinic_settings"),
    ("accounts", "0014_factor_reset"),
    ("accounts", "0015_undelivered_mail"),
    ("accounts", "0016_heartbeat"),
]
