"""What can go wrong with the knowledge base. Every error has a stable `code`; its message ends with the next step."""


class CodedError(Exception):
    """An error of ours: `message` is for the operator, `code` for records and tests."""

    code = "internal"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class KnowledgeError(CodedError):
    """Base of everything this package raises on purpose."""

    code = "knowledge"


class ReadError(KnowledgeError):
    """One file can't be read; the code says why: encrypted, no_text, too_large, timeout, ..."""

    code = "unreadable"


class IndexMismatch(KnowledgeError):
    """The index was made by another embedder or splitter."""

    code = "index_mismatch"


class IndexMissing(KnowledgeError):
    """Nothing has been ingested into this collection."""

    code = "index_missing"


class IndexUnavailable(KnowledgeError):
    """Chroma, its server or its folder can't be used now."""

    code = "index_unavailable"


class StoreError(KnowledgeError):
    """The SQL database can't be used now: locked, full, damaged, gone. `lasting`: until it is stopped and healed."""

    code = "store_unavailable"
    lasting = False


class EmbeddingFailed(KnowledgeError):
    """The embedder or its endpoint failed."""

    code = "embedding_failed"


class PictureError(KnowledgeError):
    """There is no picture of a page. Codes: gone, changed, format, encrypted, no_page, timeout, died, too_large."""

    code = "picture"


class IngestBusy(KnowledgeError):
    """Another process is ingesting into the same data."""

    code = "ingest_busy"
