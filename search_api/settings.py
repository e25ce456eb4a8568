"""All settings in one explicit object; read when a command or the server starts, never at import."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings from the environment (``MEGURI_…``); the command line overrides them."""

    model_config = SettingsConfigDict(env_prefix="MEGURI_", extra="ignore")

    data: Path = Field(Path("data"), description="The data folder.")
    models: Path | None = Field(None, description="Where prepared models lie; by default the user's cache folder.")
    model: str = Field(
        "multilingual-e5-small",
        description="The embedding model: the packaged default, or any sentence-transformers model by name or path.",
    )
    host: str = Field("127.0.0.1", description="Address that `serve` listens on.")
    port: int = Field(8000, ge=0, le=65_535, description="Port that `serve` listens on; 0 takes a free one.")
    api_token: SecretStr | None = Field(None, description="Token for writing over HTTP; writing is closed without one.")
