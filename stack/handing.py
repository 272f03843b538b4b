"""Hands the running demo's settings to commands typed beside it (core/demo.py picks them up)."""

import os

from core.demo import settings_file
from stack.deployment import Deployment
from stack.folders import Instance
from stack.parts import Parts
from stack.programs import OURS, programs

DEMO = "demo"


def hand_over(deployment: Deployment, parts: Parts) -> None:
    """Write each program's variables where only this user can read them; the demo's alone."""
    if deployment.instance.name != DEMO:
        return
    running = programs(deployment, parts)
    for name in OURS:
        file = settings_file(name)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lines = [f"{key}='{value}'\n" for key, value in running[name].environment.items()]
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.writelines(lines)


def take_back(instance: Instance) -> None:
    """Remove what was handed over: a stopped demo has nothing to offer."""
    if instance.name == DEMO:
        for name in OURS:
            settings_file(name).unlink(missing_ok=True)
