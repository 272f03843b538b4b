"""The registry's copy on disk, so that alarms are understood while the database is away."""

from pathlib import Path

import msgspec

from core.errors import Invalid, NotFound
from devices.files import replace_file
from devices.registry import Registry, RegistryContent


def save(registry: Registry, path: Path) -> None:
    """Replace the copy in one step."""
    replace_file(path, msgspec.json.encode(registry.content))


def load(path: Path) -> Registry:
    """Read the copy; NotFound if there is none yet, Invalid if it cannot be used."""
    try:
        return Registry(msgspec.json.decode(path.read_bytes(), type=RegistryContent))
    except FileNotFoundError:
        raise NotFound(f"There is no copy of the registry at {path} yet.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError) as error:
        raise Invalid(f"The copy of the registry at {path} cannot be read: {error}.") from error
