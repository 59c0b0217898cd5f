"""XML read as a stream, bounded in depth and number of elements; no document types, hence no entities."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from app.errors import TooLargeError
from app.patrols.reading.common import refused
from app.patrols.wording import NOTHING_KEPT

_MAX_DEPTH = 64
_HEAD_BYTES = 200
_ENCODING = re.compile(rb"""encoding\s*=\s*["'](gb[-_\w]*)["']""", re.IGNORECASE)


class Step(NamedTuple):
    """Start or end of an element; names without namespace. `text` is whole only at the end."""

    is_start: bool
    name: str
    parent: str
    element: Element


def steps(source: BinaryIO, max_elements: int) -> Iterator[Step]:
    """Starts and ends in document order; what has ended is forgotten, so memory does not grow with the file."""
    open_elements: list[Element] = []
    seen = 0
    try:
        for event, element in iterparse(_readable(source), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                parent = _local(open_elements[-1]) if open_elements else ""
                open_elements.append(element)
                seen += 1
                _check(seen, max_elements, len(open_elements))
                yield Step(True, _local(element), parent, element)
                continue
            open_elements.pop()
            above = open_elements[-1] if open_elements else None
            yield Step(False, _local(element), "" if above is None else _local(above), element)
            if above is not None:
                above.remove(element)  # the only child left
    except ParseError as error:
        line, column = error.position
        raise refused(
            f"XML 文件不完整或已损坏（第 {line} 行第 {column} 列附近）", problem="broken_xml", line=line
        ) from None
    except DefusedXmlException:
        raise refused("XML 文件带有文档类型或实体定义，出于安全不予读取，请去掉后重新导出", problem="dtd") from None
    except (LookupError, UnicodeError, ValueError) as error:
        raise refused("XML 文件的编码不能识别，请另存为 UTF-8", problem="encoding", detail=str(error)[:100]) from None


def _check(seen: int, max_elements: int, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise refused(f"XML 文件嵌套超过 {_MAX_DEPTH} 层", problem="depth")
    if seen > max_elements:
        message = f"XML 文件的元素超过 {max_elements} 个，请按时段拆分成多个文件导入。{NOTHING_KEPT}"
        raise TooLargeError(message, problem="too_many", limit=max_elements)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _readable(source: BinaryIO) -> BinaryIO:
    """The parser knows no GBK, which Chinese tools still write: turn it into UTF-8."""
    head = source.read(_HEAD_BYTES)
    declared = _ENCODING.search(head)
    rest = head + source.read()
    if declared is None:
        return io.BytesIO(rest)
    start, end = declared.span(1)
    text = codecs.decode(rest[:start] + b"utf-8" + rest[end:], "gb18030")
    return io.BytesIO(text.encode())
