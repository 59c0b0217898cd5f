"""Reading a Mapbox vector tile, as far as the tests need it (version 2.1: layers, features, tags, geometry)."""

import struct
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Feature:
    """Properties and the raw geometry commands of one feature."""

    properties: dict[str, Any]
    commands: list[int]

    def points(self) -> list[tuple[int, int]]:
        """All vertices in tile units, rings and parts joined."""
        found, at, x, y = [], 0, 0, 0
        while at < len(self.commands):
            command, count = self.commands[at] & 7, self.commands[at] >> 3
            at += 1
            for _ in range(count if command in (1, 2) else 0):
                x += _signed(self.commands[at])
                y += _signed(self.commands[at + 1])
                found.append((x, y))
                at += 2
        return found


@dataclass
class Layer:
    """A named layer."""

    name: str = ""
    features: list[Feature] = field(default_factory=list)

    def values(self, key: str) -> list[Any]:
        """One property of every feature, sorted."""
        return sorted(feature.properties[key] for feature in self.features)


def decode(data: bytes) -> dict[str, Layer]:
    """The layers of a tile by name; empty bytes give none."""
    layers = [_layer(part) for number, part in _fields(data) if number == 3]
    return {layer.name: layer for layer in layers}


def _layer(data: bytes) -> Layer:
    layer, keys, values, features = Layer(), [], [], []
    for number, part in _fields(data):
        if number == 1:
            layer.name = part.decode()
        elif number == 2:
            features.append(dict(_fields(part)))
        elif number == 3:
            keys.append(part.decode())
        elif number == 4:
            values.append(_value(part))
    for feature in features:
        tags = _packed(feature.get(2, b""))
        properties = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
        layer.features.append(Feature(properties, _packed(feature[4])))
    return layer


def _value(data: bytes) -> Any:
    number, part = next(iter(_fields(data)))
    if number == 1:
        return part.decode()
    if number == 2:
        return struct.unpack("<f", part)[0]
    if number == 3:
        return struct.unpack("<d", part)[0]
    return _signed(part) if number == 6 else bool(part) if number == 7 else part


def _fields(data: bytes) -> list[tuple[int, Any]]:
    found, at = [], 0
    while at < len(data):
        head, at = _varint(data, at)
        kind = head & 7
        if kind == 0:
            value, at = _varint(data, at)
        else:
            size, at = _varint(data, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
            value, at = data[at : at + size], at + size
        found.append((head >> 3, value))
    return found


def _packed(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        found.append(value)
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)
