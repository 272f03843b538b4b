"""Who may say what: the rules of a device, of a gateway, and the files they end in."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import Unavailable
from devices.access import render_access, write_access
from devices.credentials import Credential
from devices.registry import Registry

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def held(device_id: str, generation: int = 1) -> Credential:
    username = device_id if generation == 1 else f"{device_id}~{generation}"
    return Credential(username, device_id, generation, f"$7$101$s$h{generation}", NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "services.passwd").write_text("svc-ingest:$7$101$a$b\n")
    (tmp_path / "services.acl").write_text("user svc-ingest\ntopic read yiwang/v1/#\n")
    return tmp_path


def test_a_device_writes_its_channels_and_reads_its_commands(registry: Registry) -> None:
    access = render_access(registry, [held("truck-terminal")])

    own = "yiwang/v1/620171/truck/truck-terminal"
    assert access.passwd == "truck-terminal:$7$101$s$h1\n"
    assert access.acl.splitlines() == [
        "",
        "user truck-terminal",
        *(
            f"topic write {own}/{channel}"
            for channel in ("telemetry", "position", "event", "status", "reply")
        ),
        f"topic read {own}/command",
    ]


def test_both_credentials_of_a_rotation_have_the_same_rules(registry: Registry) -> None:
    acl = render_access(registry, [held("water-meter"), held("water-meter", 2)]).acl

    _, first, second = acl.split("user ")
    assert first.split() == ["water-meter", *second.split()[1:]]
    assert second.split()[0] == "water-meter~2"


def test_a_gateway_speaks_for_the_devices_behind_it_and_as_an_edge_node(
    registry: Registry,
) -> None:
    lines = render_access(registry, [held("lighting-cabinet")]).acl.splitlines()

    assert "topic write yiwang/v1/620171/lighting/lamp-controller/telemetry" in lines
    assert "topic read yiwang/v1/620171/lighting/lamp-controller/command" in lines
    assert "topic readwrite spBv1.0/620171/+/lighting-cabinet" in lines
    assert "topic readwrite spBv1.0/620171/+/lighting-cabinet/#" in lines
    assert not any("truck" in line or "fire" in line for line in lines)


def test_a_credential_of_an_unknown_device_gives_no_access(registry: Registry) -> None:
    assert render_access(registry, [held("ghost")]) == ("", "")


def test_the_services_part_stands_before_the_devices(folder: Path, registry: Registry) -> None:
    write_access(folder, registry, [held("water-meter")])

    assert (folder / "passwd").read_text() == ("svc-ingest:$7$101$a$b\nwater-meter:$7$101$s$h1\n")
    assert (
        (folder / "acl")
        .read_text()
        .startswith("user svc-ingest\ntopic read yiwang/v1/#\n\nuser water-meter\n")
    )


def test_the_files_are_the_folders_owners_alone(folder: Path, registry: Registry) -> None:
    write_access(folder, registry, [held("water-meter")])

    for name in ("passwd", "acl"):
        found = (folder / name).stat()
        assert stat.S_IMODE(found.st_mode) == 0o640
        assert (found.st_uid, found.st_gid) == (folder.stat().st_uid, folder.stat().st_gid)
    assert {path.name for path in folder.iterdir()} == {
        *("services.passwd", "services.acl", "passwd", "acl")
    }


def test_an_unchanged_file_is_left_alone(folder: Path, registry: Registry) -> None:
    write_access(folder, registry, [held("water-meter")])
    before = (folder / "acl").stat()

    write_access(folder, registry, [held("water-meter")])

    assert (folder / "acl").stat() == before


def test_without_the_services_part_nothing_is_written(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(Unavailable, match=r"services\.passwd"):
        write_access(tmp_path, registry, [held("water-meter")])

    assert list(tmp_path.iterdir()) == []
