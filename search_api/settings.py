"""All settings in one explicit object; read when a command or the server starts, never at import."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from kg.remote_store import RemoteAddress
from kg.sparql.question import Limits

PREFIX = "MEGURI_"


class Settings(BaseModel):
    """Where things are and how they are served; ``from_environment`` reads ``MEGURI_…``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path = Field(Path("data"), description="The data folder.")
    models: Path | None = Field(None, description="Where prepared models lie; by default the user's cache folder.")
    database: SecretStr | None = Field(
        None, description="The relational database by URL (postgresql://…); by default DATA/meguri.db."
    )
    graph: str | None = Field(
        None,
        pattern=r"^https?://[^\s<>\"@]+$",
        description="A SPARQL 1.1 server that holds the graph instead of DATA/graph: its address (with /query, /update "
        "and /store below it), or its query address where graph_update is given.",
    )
    graph_update: str | None = Field(
        None, pattern=r"^https?://[^\s<>\"@]+$", description="The server's update address, where it is not /update."
    )
    graph_store: str | None = Field(
        None, pattern=r"^https?://[^\s<>\"@]+$", description="The server's graph store, where it is not /store."
    )
    graph_authorization: SecretStr | None = Field(
        None, description="The Authorization header for the server, such as `Bearer …` or `Basic …`."
    )
    model: str = Field(
        "multilingual-e5-small",
        description="The embedding model: the packaged default, or any sentence-transformers model by name or path.",
    )
    host: str = Field("127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(8000, ge=0, le=65_535, description="Port that `serve` listens on; 0 takes a free one.")
    api_token: SecretStr | None = Field(None, description="Token for writing over HTTP; writing is closed without one.")
    submit_tokens: SecretStr | None = Field(
        None, description="Tokens of submitters whose registrations wait for review: NAME=TOKEN,NAME=TOKEN."
    )
    sparql_seconds: float = Field(30.0, gt=0, description="Time of a SPARQL query, waiting for its turn included.")
    sparql_memory_mb: int = Field(1_000, ge=100, description="Memory of the process that runs a query.")
    sparql_rows: int = Field(1_000_000, ge=1, description="Solutions or triples of an answer.")
    sparql_result_mb: int = Field(100, ge=1, description="Size of an answer before compression.")
    sparql_spool_mb: int = Field(1_000, ge=1, description="Disk for answers that clients read slowly.")
    sparql_query_kb: int = Field(1_000, ge=1, description="Size of a query.")
    sparql_workers: int = Field(3, ge=1, le=64, description="Queries that run at a time.")
    sparql_queue: int = Field(64, ge=0, description="Queries that wait for their turn.")
    sparql_per_client: int = Field(16, ge=1, description="Queries of one client that run or wait.")
    sparql_nice: int = Field(19, ge=0, le=19, description="Niceness of queries: 19 gives way to all else.")
    sparql_services: tuple[str, ...] = Field(
        (), description="Addresses that SERVICE may ask, separated by commas; by default none."
    )

    @field_validator("sparql_services", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def remote_graph(self) -> RemoteAddress | None:
        """The server that holds the graph, None where the data folder does."""
        if self.graph is None:
            return None
        secret = self.graph_authorization.get_secret_value() if self.graph_authorization else None
        return RemoteAddress.of(self.graph, self.graph_update, self.graph_store, secret)

    @property
    def query_limits(self) -> Limits:
        """What one SPARQL query may take."""
        names = Limits.__dataclass_fields__
        return Limits(**{name: getattr(self, f"sparql_{name}") for name in names})

    editions_gb: float | None = Field(
        20.0, gt=0, description="Disk that editions may use in GB (files shared with the live graph cost nothing)."
    )

    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s<>\"]+$",
        description="Address under which the site is reached; by default the one that each client used.",
    )
    publisher: str = Field("The Meguri developers", description="Who publishes the data set; stands in citations.")
    publisher_url: str | None = Field(None, pattern=r"^https?://[^\s<>\"]+$", description="The publisher's address.")
    data_licence: str = Field(
        "https://creativecommons.org/licenses/by/4.0/",
        pattern=r"^https?://[^\s<>\"]+$",
        description="Licence of the published data, as an address.",
    )

    @property
    def editions_bytes(self) -> int | None:
        """The quota of editions in bytes."""
        return None if self.editions_gb is None else int(self.editions_gb * 1e9)

    @classmethod
    def from_environment(cls, **overrides: Any) -> Settings:
        """The settings of the environment (empty variables count as unset), with what is given instead."""
        named = {name: os.environ.get(PREFIX + name.upper()) for name in cls.model_fields}
        return cls(**({name: value for name, value in named.items() if value} | overrides))
