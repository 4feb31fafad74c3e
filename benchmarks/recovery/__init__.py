"""How well flattened redlines are recovered: `python -m benchmarks.recovery FOLDER`."""

from benchmarks.recovery.documents import Document, Fit, Recover, read_documents

__all__ = ["Document", "Fit", "Recover", "read_documents"]
