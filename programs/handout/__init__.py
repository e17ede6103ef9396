"""The plan on paper: what is on it, its pictures, and the PDF."""
