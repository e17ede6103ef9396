"""Benchmarks: ratios against a bare view, printed and never asserted. `make bench` runs them."""
