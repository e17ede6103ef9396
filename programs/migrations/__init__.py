"""Version 1.0.0 began with 0001 and 0002; a database that has all of before has both."""

BEFORE_VERSION_1 = [
    ("programs", "0001_initial"),
    ("programs", "0002_index_waiting_reminders"),
    ("programs", "0003_program_entry_excludes"),
    ("programs", "0004_alert_codes"),
    ("programs", "0005_restrictions"),
    ("programs", "0006_restrictions_of_alerts"),
    ("programs", "0007_facts_that_bind"),
    ("programs", "0008_dosage_limits"),
    ("programs", "0009_patient_care"),
    ("programs", "0010_sign_reports_stay"),
    ("programs", "0011_corrected_measures"),
    ("programs", "0012_range_and_plain_titles"),
    ("programs", "0013_foot_strength"),
    ("programs", "0014_the_wall"),
    ("programs", "0015_erasing"),
    ("programs", "0016_alert_work"),
    ("programs", "0017_merging"),
    ("programs", "0018_measures_taken_by"),
    ("programs", "0019_monitoring"),
    ("programs", "0020_notes"),
]
