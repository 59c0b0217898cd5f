"""Zip archives, unpacked into a private folder within bounds; names inside are never used as paths."""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from app.archives import BROKEN_ARCHIVE
from app.errors import InvalidInputError, TooLargeError
from app.settings import UploadLimits

MAX_MEMBERS = 200
RATIO_FREE_BYTES = 16 * 1024 * 1024  # small files of blanks pack well, and do no harm
_CHUNK = 1024 * 1024


class Member(NamedTuple):
    """An unpacked file: the name it had, without folders, and where it lies now under a name of ours."""

    name: str
    path: Path


def unpack(archive: Path, room: Path, wanted: frozenset[str], limits: UploadLimits) -> list[Member]:
    """Files with a wanted suffix (lower case, with the dot), written to `room` under names of ours.

    Sizes are counted while unpacking: what an archive says about itself is not believed. Raises InvalidInputError for
    a broken or locked archive, TooLargeError beyond a bound.
    """
    with archive.open("rb") as file:
        zipped = _opened(file)
        members = _chosen(zipped, wanted)
        by_ratio = max(archive.stat().st_size * limits.unpacked_ratio, RATIO_FREE_BYTES)
        return _extract_all(zipped, members, room, min(limits.unpacked_bytes, by_ratio))


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except BROKEN_ARCHIVE as error:
        raise _broken(error) from error


def _chunks(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """What an entry holds, piece by piece. Only reading is in the try: a full disk is no fault of the archive."""
    try:
        source = zipped.open(entry)
    except BROKEN_ARCHIVE as error:
        raise _broken(error) from error
    with source:
        while True:
            try:
                chunk = source.read(_CHUNK)
            except BROKEN_ARCHIVE as error:
                raise _broken(error) from error
            if not chunk:
                return
            yield chunk


def _broken(error: Exception) -> InvalidInputError:
    return InvalidInputError(
        "压缩包已损坏，或采用了不支持的压缩方式，未导入任何内容。请重新压缩为普通 ZIP 后再传。", detail=str(error)[:200]
    )


def _chosen(zipped: zipfile.ZipFile, wanted: frozenset[str]) -> list[tuple[zipfile.ZipInfo, str]]:
    entries = [entry for entry in zipped.infolist() if not entry.is_dir()]
    if len(entries) > MAX_MEMBERS:
        raise TooLargeError(
            f"压缩包内有 {len(entries)} 个文件，超过上限 {MAX_MEMBERS} 个。请只保留一个图层的文件后重新压缩。",
            count=len(entries),
            limit=MAX_MEMBERS,
        )
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise InvalidInputError("压缩包设有密码，无法读取。请去掉密码后重新压缩。")
    named = [(entry, _bare_name(entry)) for entry in entries]
    chosen = [(entry, name) for entry, name in named if PurePosixPath(name).suffix.lower() in wanted]
    names = [name.lower() for _, name in chosen]
    if len(set(names)) != len(names):
        raise InvalidInputError("压缩包内有同名文件（在不同文件夹中）。请每次只压缩一个图层。")
    return chosen


def _bare_name(entry: zipfile.ZipInfo) -> str:
    name = PurePosixPath(entry.filename.replace("\\", "/")).name
    # macOS puts "._name" twins into archives; they are not the files they are called after.
    return "" if name.startswith(".") else name


def _extract_all(
    zipped: zipfile.ZipFile, members: list[tuple[zipfile.ZipInfo, str]], room: Path, bound: int
) -> list[Member]:
    written: list[Member] = []
    left = bound
    for at, (entry, name) in enumerate(members):
        # Our own name before the suffix: nothing of what the archive says reaches the file system or GDAL.
        target = room / f"{at:03d}{PurePosixPath(name).suffix.lower()}"
        left = _extract(zipped, entry, target, left, bound)
        written.append(Member(name, target))
    return written


def _extract(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int, bound: int) -> int:
    with target.open("wb") as sink:
        for chunk in _chunks(zipped, entry):
            left -= len(chunk)
            if left < 0:
                raise TooLargeError(
                    f"压缩包解开后超过上限 {bound // (1024 * 1024)} MB（或压缩比异常），已停止读取，未导入任何内容。"
                    "请检查文件，或拆分后分批导入。",
                    limit_bytes=bound,
                )
            sink.write(chunk)
    return left
