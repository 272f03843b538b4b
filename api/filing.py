"""Names of files that are sent: Chinese ones too (RFC 6266, RFC 5987)."""

import re
from urllib.parse import quote

_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


def disposition(name: str, *, inline: bool = False) -> str:
    """Return the Content-Disposition of a file; old clients get a name in ASCII."""
    plain = _PLAIN.sub("-", name).strip("-") or "file"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
