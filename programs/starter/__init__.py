"""The starter library: loading it, and its words for translation."""
