"""KML, read by a parser that refuses entities and written again with nothing but places, attributes and shapes.

What GDAL is given is this copy. So no document type, network link, style or foreign element ever reaches it, and
attributes without a schema, which GDAL's reader drops, get one.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import parse

from app.errors import InvalidInputError

_KML = "http://www.opengis.net/kml/2.2"
_SHAPES = frozenset({"Polygon", "MultiGeometry", "Point", "LineString", "LinearRing", "MultiTrack", "Track", "Model"})
_SHAPE_PARTS = frozenset({"outerBoundaryIs", "innerBoundaryIs", "coordinates"}) | _SHAPES


def rewrite(source: Path, target: Path) -> None:
    """Write a plain copy of a KML file. Raises InvalidInputError when it is broken, no KML, or carries entities."""
    try:
        root = parse(source, forbid_dtd=True).getroot()
        if root is None or _local(root) != "kml":
            raise InvalidInputError("文件是 XML，但不是 KML。支持 GeoJSON、Shapefile(ZIP)、GeoPackage、KML/KMZ。")
        target.write_bytes(tostring(_plain(root), encoding="utf-8", xml_declaration=True))
    except DefusedXmlException as error:
        raise InvalidInputError(
            "KML 文件含有文档类型或实体声明，出于安全不予读取，未导入任何内容。请用制图软件重新导出。"
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise InvalidInputError(
            "KML 文件的 XML 已损坏，无法读取，未导入任何内容。请用制图软件重新导出。", detail=str(error)
        ) from error
    except RecursionError as error:
        raise InvalidInputError("KML 文件嵌套过深，无法读取，未导入任何内容。") from error


def _plain(root: Element) -> Element:
    places = [element for element in root.iter() if _local(element) == "Placemark"]
    attributes = [dict(_attributes(place)) for place in places]
    plain = Element("kml", xmlns=_KML)
    document = SubElement(plain, "Document")
    SubElement(document, "name").text = "layer"
    schema = SubElement(document, "Schema", name="s", id="s")
    for key in dict.fromkeys(key for pairs in attributes for key in pairs):
        SubElement(schema, "SimpleField", name=key, type="string")
    for place, pairs in zip(places, attributes, strict=True):
        document.append(_place(place, pairs))
    return plain


def _place(place: Element, pairs: dict[str, str]) -> Element:
    copy = Element("Placemark")
    SubElement(copy, "name").text = _text_of(place, "name")
    data = SubElement(SubElement(copy, "ExtendedData"), "SchemaData", schemaUrl="#s")
    for key, value in pairs.items():
        SubElement(data, "SimpleData", name=key).text = value
    for child in place:
        if _local(child) in _SHAPES:
            copy.append(_shape(child))
    return copy


def _shape(element: Element) -> Element:
    copy = Element(_local(element))
    if _local(element) == "coordinates":
        copy.text = element.text
    for child in element:
        if _local(child) in _SHAPE_PARTS:
            copy.append(_shape(child))
    return copy


def _attributes(place: Element) -> Iterator[tuple[str, str]]:
    for element in place.iter():
        key = (element.get("name") or "").strip()
        if key and _local(element) == "SimpleData":
            yield key, (element.text or "").strip()
        elif key and _local(element) == "Data":
            yield key, _text_of(element, "value")


def _text_of(element: Element, name: str) -> str:
    return next(((child.text or "").strip() for child in element if _local(child) == name), "")


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
