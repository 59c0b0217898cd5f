"""Supervision (督导): samples drawn by rule, the forms F5 to F7, planted checks, and the risk that remains."""
