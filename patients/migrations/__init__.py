"""Version 1.0.0 began with 0001 and 0002; a database that has all of before has both."""

BEFORE_VERSION_1 = [
    ("patients", "0001_initial"),
    ("patients", "0002_findings"),
    ("patients", "0003_the_wall"),
    ("patients", "0004_the_trail_has_moved"),
    ("patients", "0005_life_of_data"),
    ("patients", "0006_answer_mark"),
    ("patients", "0007_finding_patients"),
    ("patients", "0008_merged_patient"),
    ("patients", "0009_cover"),
    ("patients", "0010_summed_up_screen"),
]
