"""Every example in the engine's docstrings runs and says what it promises."""

import doctest
import importlib
import pkgutil

import pytest

import geo


@pytest.mark.parametrize("name", sorted(module.name for module in pkgutil.iter_modules(geo.__path__)))
def test_examples_hold(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(f"geo.{name}"))
    assert failed == 0
