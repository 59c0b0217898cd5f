"""Pictures that look like something, with or without what cameras write into them."""

from datetime import datetime
from io import BytesIO

import numpy as np
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture of soft shapes; another for each seed."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8))
    return small.resize(size, Image.Resampling.BICUBIC)


def jpeg(
    picture: Image.Image,
    quality: int = 85,
    taken: str | None = None,
    offset: str | None = None,
    place: tuple[float, float] | None = None,
) -> bytes:
    """The bytes of a JPEG, with the camera's own time ("2024:10:01 09:00:00") and place (lon, lat)."""
    exif = Image.Exif()
    if taken is not None:
        own = exif.get_ifd(ExifTags.IFD.Exif)
        own[ExifTags.Base.DateTimeOriginal] = taken
        if offset is not None:
            own[ExifTags.Base.OffsetTimeOriginal] = offset
    if place is not None:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        for value, tag, side_tag, sides in (
            (place[0], ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "EW"),
            (place[1], ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "NS"),
        ):
            gps[side_tag] = sides[value < 0]
            gps[tag] = (IFDRational(int(abs(value))), IFDRational(0), IFDRational(round(abs(value) % 1 * 3.6e7), 10000))
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def exif_time(at: datetime) -> str:
    """A time as cameras write it, in the zone it is given in."""
    return f"{at:%Y:%m:%d %H:%M:%S}"
