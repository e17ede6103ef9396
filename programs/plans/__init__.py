"""A draft and its versions: choosing, combining, composing, differences, the note."""
