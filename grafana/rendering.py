"""From descriptions to files: the same in, the same out, byte for byte."""

import json
from pathlib import Path
from typing import Final

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from grafana.dashboards import SCREENS
from grafana.links import CONSOLE_URL
from grafana.screen import draw
from grafana.words import LANGUAGES, Language, Say

RENDERED: Final = Path(__file__).with_name("rendered")


def render(console_url: str = CONSOLE_URL) -> dict[Path, str]:
    """Return every dashboard's text by its path below `rendered/`: `zh/yw-overview.json`."""
    return {
        Path(language) / f"{uid}.json": text
        for language in LANGUAGES
        for uid, text in render_language(language, console_url).items()
    }


def render_language(language: Language, console_url: str = CONSOLE_URL) -> dict[str, str]:
    """Return the dashboards of one language by uid, in the order of the playlist."""
    say = Say(language)
    drawn = [draw(screen(say), say, console_url) for screen in SCREENS]
    return {
        str(each.uid): json.dumps(each, cls=JSONEncoder, ensure_ascii=False, indent=2) + "\n"
        for each in drawn
    }


def write(folder: Path, console_url: str = CONSOLE_URL) -> list[Path]:
    """Bring `folder` up to date, removing what is no longer rendered; return what changed."""
    wanted = {folder / name: text for name, text in render(console_url).items()}
    changed = []
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    for path in sorted(set(folder.glob("*/*.json")) - wanted.keys()):
        path.unlink()
        changed.append(path)
    return changed


def stale(folder: Path) -> list[str]:
    """Return a sentence for every file that is not what the code says."""
    wanted = {folder / name: text for name, text in render().items()}
    found = {path: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*/*.json"))}
    return [
        f"{path.relative_to(folder)} is not what `python -m grafana render` writes."
        for path in sorted(wanted.keys() | found.keys())
        if wanted.get(path) != found.get(path)
    ]
