"""Passwords of tests are hashed with the library's cheapest profile, which it has for tests.

A shipped hash takes 64 MiB and a quarter of a second of work: most of the time of whatever signs somebody in. That the
shipped profile is a strong one is tested in tests/app/accounts/test_passwords.py.
"""

from argon2 import PasswordHasher, profiles

from app.accounts import passwords

SHIPPED = passwords._HASHER


def hash_cheaply() -> None:
    """From now on, in this process and those forked from it."""
    passwords._HASHER = PasswordHasher.from_parameters(profiles.CHEAPEST)
