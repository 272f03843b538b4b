"""What we write is what supervisor reads, whatever the values are made of."""

from pathlib import Path

from supervisor.options import ServerOptions

from stack.folders import Instance
from stack.programs import Program
from stack.supervisord import write_configuration


def _read(instance: Instance) -> ServerOptions:
    options = ServerOptions()
    options.realize(["-c", str(instance.configuration)])
    return options


def _instance(tmp_path: Path) -> Instance:
    instance = Instance("demo", tmp_path)
    instance.logs.mkdir()
    return instance


def test_supervisor_reads_variables_as_they_were_meant(tmp_path: Path) -> None:
    instance = _instance(tmp_path)
    variables = {"LIST": '{"officer": ["a", "b"]}', "URL": "mqtt://u:p%40w@h:1/", "EMPTY": ""}
    program = Program(name="api", command="/bin/true", environment=variables)

    write_configuration(instance, [program])

    (group,) = _read(instance).process_group_configs
    (config,) = group.process_configs
    assert variables.items() <= config.environment.items()


def test_a_stop_leaves_time_to_finish(tmp_path: Path) -> None:
    instance = _instance(tmp_path)

    write_configuration(instance, [Program(name="a", command="/bin/true", stop_within=60)])

    (group,) = _read(instance).process_group_configs
    assert group.process_configs[0].stopwaitsecs == 60


def test_only_the_owner_can_read_the_passwords_in_it(tmp_path: Path) -> None:
    instance = _instance(tmp_path)

    write_configuration(instance, [Program(name="a", command="/bin/true")])

    assert instance.configuration.stat().st_mode & 0o777 == 0o600
