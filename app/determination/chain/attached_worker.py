"""Takes an attachment out of a PDF in a process of its own, with bounds on memory and time that a crafted file meets.

Run by path and isolated (`python -I attached_worker.py LIMITS`): it imports nothing of ours. Reads the PDF from its
input, writes the attachment to its output; exit codes say the rest.
"""

import io
import json
import logging
import resource
import sys

from pypdf import PdfReader
from pypdf.errors import PyPdfError

BROKEN, NONE, TOO_LARGE, NO_MEMORY = 10, 11, 12, 13


def main() -> int:
    """Write the attachment that the arguments name; the exit code."""
    limits = json.loads(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()  # one line for each flaw of the file: millions
    try:
        found = PdfReader(io.BytesIO(sys.stdin.buffer.read())).attachments.get(limits["name"])
    except MemoryError:
        return NO_MEMORY
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError):
        return BROKEN
    if not found:
        return NONE
    if len(found[0]) > limits["most_bytes"]:
        return TOO_LARGE
    sys.stdout.buffer.write(found[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
