"""Accounts: who may come in, sessions, tokens, the audit."""
