"""Every variable of every program, named once: for this machine and for containers alike."""

import json
from collections.abc import Mapping

from stack.deployment import Deployment
from stack.passwords import API_SECRET_KEY, DATABASE_ROLES, DEMO_ROLES

Environment = Mapping[str, str]


def environment(name: str, deployment: Deployment) -> Environment:
    """Return every variable that one of our programs is started with."""
    return {
        "ingest": _ingest,
        "alerts": _alerts,
        "api": _api,
        "prepare": _prepare,
        "simulators": _simulators,
        "migrate": _migrate,
    }[name](deployment)


def _shared(name: str, deployment: Deployment) -> Environment:
    prefix = name.upper()
    return {
        f"{prefix}_BROKER_URL": deployment.broker_url(f"svc-{name}"),
        f"{prefix}_STATE_DIR": str(deployment.instance.state(name)),
    }


def _ingest(deployment: Deployment) -> Environment:
    return {
        **_shared("ingest", deployment),
        "INGEST_DATABASE_URL": deployment.database_url("yiwang_ingest"),
        "INGEST_METRICS_PORT": str(deployment.ports.ingest_metrics),
    }


def _alerts(deployment: Deployment) -> Environment:
    return {
        **_shared("alerts", deployment),
        "ALERTS_DATABASE_URL": deployment.database_url("yiwang_alerts"),
        "ALERTS_METRICS_PORT": str(deployment.ports.alerts_metrics),
    }


def _api(deployment: Deployment) -> Environment:
    return {
        **_shared("api", deployment),
        "API_DATABASE_URL": deployment.database_url("yiwang_api"),
        "API_HOST": "127.0.0.1",
        "API_PORT": str(deployment.ports.api),
        "API_SECRET_KEY": deployment.passwords[API_SECRET_KEY],
        "API_BROKER_ACCESS_DIR": str(deployment.instance.access),
        "API_MAP_FILE": str(deployment.instance.state("simulators") / "map.geojson"),
    }


def _prepare(deployment: Deployment) -> Environment:
    """Only the one-shot that makes the demo's sign-ins is told their passwords."""
    people = {role: [role, deployment.passwords[f"demo-{role}"]] for role in DEMO_ROLES}
    return {**_api(deployment), "API_DEMO_USERS": json.dumps(people)}


def _simulators(deployment: Deployment) -> Environment:
    return {
        **_shared("simulators", deployment),
        "SIMULATORS_API_URL": deployment.api_url,
        "SIMULATORS_API_USERNAME": "admin",
        "SIMULATORS_API_PASSWORD": deployment.passwords["demo-admin"],
    }


def _migrate(deployment: Deployment) -> Environment:
    passwords = {
        f"MIGRATE_{role.upper()}_PASSWORD": deployment.passwords[f"yiwang_{role}"]
        for role in DATABASE_ROLES
    }
    return {"MIGRATE_DATABASE_URL": deployment.superuser_url(), **passwords}
