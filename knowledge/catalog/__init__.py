"""The second door to SQL: what the knowledge base consists of. `Catalog` reads, `Changes` (for ingest) writes."""

from knowledge.catalog.reading import Catalog
from knowledge.catalog.tables import metadata

__all__ = ["Catalog", "metadata"]
