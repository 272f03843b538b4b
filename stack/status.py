"""What runs, where, and how to get in: one table for people, one object for programs."""

import json

from stack.addresses import HOST
from stack.deployment import Deployment
from stack.supervising import State, Supervisor

_PEOPLE = {
    "viewer": "sees everything, changes nothing",
    "officer": "takes alerts",
    "supervisor": "also registers sites and devices, reads the audit",
    "admin": "also manages sign-ins",
}
_NEXT = {
    "make scenario": "let a fire break out at night, and watch the page (NAME=... for others)",
    "make listen": "every message on the broker, as it passes",
    "make sql": "a prompt on the database",
    "make status": "this table again",
    "make down": "stop everything, as Ctrl-C does here",
}


def as_json(deployment: Deployment) -> str:
    """Return the addresses and accounts of the demo, for programs that want to join in."""
    return json.dumps(
        {
            "mqtt": {
                "host": HOST,
                "port": deployment.ports.mqtt,
                "username": "svc-simulators",
                "password": deployment.passwords["svc-simulators"],
            },
            "database": {"dsn": deployment.database_url("yiwang_owner")},
            "api": {
                "url": deployment.api_url,
                "username": "supervisor",
                "password": deployment.passwords["demo-supervisor"],
            },
        }
    )


def as_text(deployment: Deployment) -> str:
    """Return every process, address, sign-in and next step as one table."""
    processes = Supervisor(deployment.instance).states()
    sections = (
        [_line(state.name, _told(state)) for state in processes],
        [_line(name, address) for name, address in _addresses(deployment).items()],
        [_line(*person) for person in _people(deployment)],
        [_line(command, purpose) for command, purpose in _NEXT.items()],
    )
    titles = ("PROCESS", "ADDRESS", "SIGN IN", "TRY NEXT")
    blocks = ("\n".join([title, *lines]) for title, lines in zip(titles, sections, strict=True))
    return "\n\n".join(blocks)


def _line(name: str, *columns: str) -> str:
    return f"  {name:<14}" + "".join(f"{column:<18}" for column in columns).rstrip()


def _told(state: State) -> str:
    return f"{state.state.lower()}, {state.detail}" if state.detail else state.state.lower()


def _people(deployment: Deployment) -> list[tuple[str, str, str]]:
    return [(role, deployment.passwords[f"demo-{role}"], may) for role, may in _PEOPLE.items()]


def _addresses(deployment: Deployment) -> dict[str, str]:
    ports = deployment.ports
    return {
        "page": deployment.api_url,
        "API": f"{deployment.api_url}/docs",
        "broker": f"mqtt://{HOST}:{ports.mqtt}",
        "database": f"postgresql://{HOST}:{ports.database}/yiwang",
        "metrics": f"http://{HOST}:{ports.ingest_metrics}/metrics and :{ports.alerts_metrics}",
        "logs": str(deployment.instance.logs),
    }
