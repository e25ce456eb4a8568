"""All settings in one explicit object; read when a command or the server starts, never at import."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

PREFIX = "MEGURI_"


class Settings(BaseModel):
    """Where things are and how they are served; ``from_environment`` reads ``MEGURI_…``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path = Field(Path("data"), description="The data folder.")
    models: Path | None = Field(None, description="Where prepared models lie; by default the user's cache folder.")
    database: SecretStr | None = Field(
        None, description="The relational database by URL (postgresql://…); by default DATA/meguri.db."
    )
    model: str = Field(
        "multilingual-e5-small",
        description="The embedding model: the packaged default, or any sentence-transformers model by name or path.",
    )
    host: str = Field("127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(8000, ge=0, le=65_535, description="Port that `serve` listens on; 0 takes a free one.")
    api_token: SecretStr | None = Field(None, description="Token for writing over HTTP; writing is closed without one.")

    editions_gb: float | None = Field(
        20.0, gt=0, description="Disk that editions may use in GB (files shared with the live graph cost nothing)."
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
