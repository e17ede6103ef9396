"""Version 1.0.0 began with 0001 and 0002; a database that has all of before has both."""

BEFORE_VERSION_1 = [
    ("cms", "0001_initial"),
    ("cms", "0002_author_of_reviews"),
    ("cms", "0003_invented_authors"),
    ("cms", "0004_authors_by_review"),
    ("cms", "0005_no_tags_on_files"),
    ("cms", "0006_whole_references"),
    ("cms", "0007_without_citation"),
]
