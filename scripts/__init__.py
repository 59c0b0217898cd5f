"""The set-up of a checkout; see bootstrap.py."""
