"""Everything an instance needs on disk before its first program starts, and finding it again."""

from core.errors import Unavailable
from stack.addresses import Ports, load_ports, require_free, save_ports
from stack.deployment import Deployment
from stack.folders import Instance, require_space
from stack.mosquitto import prepare_broker
from stack.parts import Parts
from stack.passwords import keep_passwords
from stack.postgres import prepare_database
from stack.programs import OURS, programs
from stack.supervising import Supervisor
from stack.supervisord import write_configuration

_MEGABYTES = 1_000  # an instance's first data and logs
_PORT_OF = {
    "broker": "mqtt",
    "database": "database",
    "api": "api",
    "ingest": "ingest_metrics",
    "alerts": "alerts_metrics",
}

Names = frozenset[str]


def prepare(instance: Instance, ports: Ports, only: Names, parts: Parts) -> Deployment:
    """Check disk and ports, then write passwords, folders and configurations."""
    require_space(instance.folder, megabytes=_MEGABYTES)
    require_free(ports, frozenset(port for name, port in _PORT_OF.items() if name in only))
    save_ports(ports, instance.folder / "ports.json")
    deployment = known(instance)
    prepare_broker(deployment)
    prepare_database(deployment, parts)
    for name in OURS:
        instance.state(name).mkdir(parents=True, exist_ok=True, mode=0o700)
    chosen = [program for program in programs(deployment, parts).values() if program.name in only]
    write_configuration(instance, chosen)
    return deployment


def running(instance: Instance) -> Deployment:
    """Return an instance that runs; the others have no addresses to give."""
    if not Supervisor(instance).answers():
        raise Unavailable("The system is not running; start it with `make up`.")
    return known(instance)


def known(instance: Instance) -> Deployment:
    """Return an instance as its last start left it."""
    return Deployment(
        instance,
        load_ports(instance.folder / "ports.json"),
        keep_passwords(instance.folder / "passwords.json"),
    )
