"""Tests of judging evidence."""
