"""A small sound ontology, whole enough that no rule has anything to say of it, for tests that break a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

SOUND = Path(__file__).parent / "sound_ontology"


def write_ontology(folder: Path) -> Path:
    """The sound ontology in a folder, laid out as the packaged one."""
    shutil.copytree(SOUND, folder)
    return folder
