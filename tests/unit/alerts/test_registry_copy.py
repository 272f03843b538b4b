from pathlib import Path

from alerts.registry_copy import RegistryCopy
from devices import snapshot
from tests.unit.alerts.making import device, registry

CITY = registry(device("d"), version=7)


def test_a_registry_is_copied_once(tmp_path: Path) -> None:
    path = tmp_path / "registry.json"
    copy = RegistryCopy(path)

    copy.renew(CITY)
    copy.write()
    assert snapshot.load(path).version == 7
    path.unlink()
    copy.write()

    assert not path.exists()
    assert copy.trouble is None


def test_a_registry_that_cannot_be_copied_is_said_and_copied_later(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    copy = RegistryCopy(folder / "registry.json")

    copy.renew(CITY)
    copy.write()
    assert copy.trouble is not None
    assert "No such file or directory" in copy.trouble
    folder.mkdir()
    copy.renew(CITY)
    copy.write()

    assert copy.trouble is None
    assert snapshot.load(folder / "registry.json").version == 7
