"""Reading a JPEG from anybody: is it one, how large, what it looks like, what its own metadata say."""

import hashlib
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple, NoReturn
from zoneinfo import ZoneInfo

import imagehash
import numpy as np
from PIL import ExifTags, Image

from app.errors import InvalidInputError
from app.instants import EARLIEST, LATEST

MOST_PIXELS = 25_000_000  # 3 MB hold no more that is worth it; a progressive one takes three bytes of each to decode
LEAST_SIDE = 64  # smaller shows nothing
# A progressive JPEG is decoded as a whole for each of its scans; cameras make a dozen, and bombs thousands.
MOST_SCANS = 30
_START_OF_SCAN = b"\xff\xda"
# 64 bits in five parts: two hashes that differ in four bits or fewer have a part in common.
MOST_DIFFERENT_BITS = 4
_PARTS = (13, 13, 13, 13, 12)
_UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)


class Picture(NamedTuple):
    """What a JPEG is. `look_alike` is a 64-bit difference hash, signed; `own_…` is None where the picture is silent."""

    digest: bytes
    width: int
    height: int
    look_alike: int
    own_taken_at: datetime | None
    own_lon: float | None
    own_lat: float | None


def read_picture(jpeg: bytes, zone: ZoneInfo) -> Picture:
    """A JPEG, decoded to its end. Times in it without a zone are taken as local.

    Raises InvalidInputError for other formats, for what is cut off or broken, and for what is too large or too small.
    """
    if jpeg.count(_START_OF_SCAN) > MOST_SCANS:
        _refuse("照片的编码异常（扫描次数过多）", "scans")
    try:
        with Image.open(BytesIO(jpeg), formats=["JPEG"]) as image:
            size = image.size
            _check_size(*size)
            exif = _metadata(image)
            image.draft("L", (LEAST_SIDE, LEAST_SIDE))  # an eighth of each side is decoded, if that is enough
            image.load()
            look_alike = _look_alike(image)
    except _UNREADABLE:
        _refuse("照片不是完整的 JPEG 图片", "not_jpeg")
    place = _place(exif)
    return Picture(hashlib.sha256(jpeg).digest(), *size, look_alike, _taken_at(exif, zone), *place)


def parts_of(look_alike: int) -> list[int]:
    """The parts of a hash, each with its place among them, by which alike photos are looked up."""
    bits, parts = look_alike & (2**64 - 1), []
    for place, width in enumerate(_PARTS):
        parts.append(place << 16 | bits & (2**width - 1))
        bits >>= width
    return parts


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        _refuse(f"照片有 {width} × {height} 像素，超过上限 {MOST_PIXELS // 10_000} 万像素", "too_many_pixels")
    if min(width, height) < LEAST_SIDE:
        _refuse(f"照片只有 {width} × {height} 像素，看不清内容（每边至少 {LEAST_SIDE} 像素）", "too_small")


def _look_alike(image: Image.Image) -> int:
    bits = imagehash.dhash(image, hash_size=8).hash.ravel()
    return int(np.packbits(bits).view(">i8")[0])


def _metadata(image: Image.Image) -> Image.Exif:
    try:
        exif = image.getexif()
        exif.get_ifd(ExifTags.IFD.Exif)
        exif.get_ifd(ExifTags.IFD.GPSInfo)
    except Exception:  # whatever is wrong in there, the picture itself is judged by its pixels
        return Image.Exif()
    return exif


def _taken_at(exif: Image.Exif, zone: ZoneInfo) -> datetime | None:
    own = exif.get_ifd(ExifTags.IFD.Exif)
    text = str(own.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime) or "").strip("\0 ")
    offset = str(own.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\0 ")
    for stated, form in ((text + offset, "%Y:%m:%d %H:%M:%S%z"), (text, "%Y:%m:%d %H:%M:%S")):
        try:
            at = datetime.strptime(stated, form)  # noqa: DTZ007 - the zone is put in below
        except ValueError:
            continue
        known = at if at.tzinfo else at.replace(tzinfo=zone)
        return known if EARLIEST <= known <= LATEST else None
    return None


def _place(exif: Image.Exif) -> tuple[float, float] | tuple[None, None]:
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), 180)
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), 85)
    return (None, None) if lon is None or lat is None or (lon, lat) == (0, 0) else (lon, lat)


def _degrees(parts: Any, side: Any, most: float) -> float | None:
    try:
        value = sum(float(part) / 60**place for place, part in enumerate(parts))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    signed = -value if str(side).strip("\0 ").upper() in ("S", "W") else value
    return signed if abs(signed) <= most else None  # also refuses NaN


def _refuse(problem: str, kind: str) -> NoReturn:
    raise InvalidInputError(f"{problem}，未保存。请重新拍照后上传。", problem=kind)
