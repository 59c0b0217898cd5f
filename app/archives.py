"""What zip archives may fail with: the one list for every door that archives come through."""

import lzma
import zipfile
import zlib

# `zipfile` says NotImplementedError for an unknown method and RuntimeError for a password; its decompressors raise
# their own, bzip2 and seeking before the start OSError. Catch around reading only: a full disk is no broken archive.
BROKEN_ARCHIVE = (
    zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, lzma.LZMAError, zlib.error
)  # fmt: skip
