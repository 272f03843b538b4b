"""Both languages side by side: whoever writes a text writes it twice, or it does not compile."""

from typing import Final, Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


class Word(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


class Say:
    """Chooses the text of one language: `say("告警", "Alerts")`."""

    def __init__(self, language: Language) -> None:
        """Speak this language from now on."""
        self.language = language

    def __call__(self, zh: str, en: str) -> str:
        """Return the text in the language spoken."""
        return zh if self.language == "zh" else en

    def word(self, word: Word) -> str:
        """Return a word in the language spoken."""
        return self(*word)


DOMAINS: Final = {
    "fire": Word("消防", "Fire"),
    "lighting": Word("照明", "Lighting"),
    "truck": Word("渣土车", "Trucks"),
    "environment": Word("环境", "Environment"),
    "utility": Word("水气热", "Utilities"),
    "system": Word("系统", "System"),
    "unknown": Word("未知", "Unknown"),
}
"""What the domains of profiles and alerts are called."""

DESKS: Final = {
    "": Word("未分席", "No desk"),
    "duty_room": Word("总值班室", "Duty room"),
    "fire": Word("消防监控中心", "Fire monitoring centre"),
    "city": Word("城市管理指挥中心", "City management desk"),
}
"""What the desks of a new city are called (alerts/desks.toml); others show their id."""
