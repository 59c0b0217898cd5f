"""What an uploaded file really is, by its content; its name is never believed."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from app.errors import InvalidInputError

MOST_PIXELS = 60_000_000
# A progressive JPEG is decoded as a whole for each of its scans; cameras make a dozen, and bombs thousands.
MOST_SCANS = 30
THUMBNAIL_PX = 480
_MAGIC = {b"\xff\xd8\xff": ("JPEG", "image/jpeg"), b"\x89PNG\r\n\x1a\n": ("PNG", "image/png")}
_PDF_HEAD, _PDF_TAIL, _PDF_WITHIN = b"%PDF-", b"%%EOF", 2048
_UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning)
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


def media_type_of(content: bytes) -> str:
    """image/jpeg, image/png or application/pdf. Raises InvalidInputError for anything else, broken or too large."""
    for magic, (form, media_type) in _MAGIC.items():
        if content.startswith(magic):
            _check_picture(content, form)
            return media_type
    if content.startswith(_PDF_HEAD) and _PDF_TAIL in content[-_PDF_WITHIN:]:
        return "application/pdf"
    raise InvalidInputError(
        "附件只接受 JPEG、PNG 图片和 PDF 文件，这个文件的内容不是其中任何一种（或不完整）。未保存。", problem="kind"
    )


def thumbnail(content: bytes) -> bytes:
    """A small JPEG of a picture, upright, THUMBNAIL_PX at most on each side; on white where it is transparent."""
    with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as image:
        image.draft("RGB", (THUMBNAIL_PX, THUMBNAIL_PX))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
        shown = Image.new("RGB", upright.size, "white")
        clear = upright.convert("RGBA")
        shown.paste(clear, mask=clear.getchannel("A"))
    out = BytesIO()
    shown.save(out, "JPEG", quality=80)
    return out.getvalue()


def _check_picture(content: bytes, form: str) -> None:
    if form == "JPEG" and content.count(b"\xff\xda") > MOST_SCANS:
        raise InvalidInputError("图片的编码异常（扫描次数过多），未保存。请重新拍照后上传。", problem="scans")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[form]) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    raise InvalidInputError(
                        f"图片有 {width} × {height} 像素，超过上限 {MOST_PIXELS // 10_000} 万像素，未保存。",
                        problem="pixels",
                    )
                image.draft("L", (THUMBNAIL_PX, THUMBNAIL_PX))
                image.load()
    except _UNREADABLE as error:
        raise InvalidInputError("图片不完整或已损坏，未保存。请重新拍照或扫描后上传。", problem="broken") from error
