"""What the city's own codes are called, in either language."""

from api.reports.model import Language

_PRIORITIES = {
    "critical": ("紧急", "critical"),
    "high": ("重要", "high"),
    "medium": ("一般", "medium"),
    "low": ("提示", "low"),
}
_DOMAINS = {
    "fire": ("消防", "fire"),
    "lighting": ("城市照明", "lighting"),
    "truck": ("渣土运输", "muck trucks"),
    "environment": ("环境监测", "environment"),
    "utility": ("水气热", "utilities"),
    "system": ("系统自身", "system itself"),
}
_STATES = {
    "unacknowledged": ("未确认", "unacknowledged"),
    "acknowledged": ("已确认", "acknowledged"),
    "returned_unacknowledged": ("已恢复未确认", "returned, unacknowledged"),
    "shelved": ("搁置", "shelved"),
    "suppressed": ("按设计抑制", "suppressed by design"),
    "out_of_service": ("停用（检修）", "out of service"),
}
_SITES = {
    "fire_unit": ("消防联网单位", "fire unit"),
    "lighting_cabinet": ("照明配电箱", "lighting cabinet"),
    "construction_site": ("建筑工地", "construction site"),
    "dump_site": ("消纳场", "dump site"),
    "haulage_firm": ("运输企业", "haulage firm"),
    "utility_station": ("水气热站点", "utility station"),
    "laboratory": ("实验点", "laboratory"),
}


def priority(code: str, language: Language) -> str:
    """Return how urgent an alert is, in words."""
    return _word(_PRIORITIES, code, language)


def domain(code: str, language: Language) -> str:
    """Return a trade's name."""
    return _word(_DOMAINS, code, language)


def state(code: str, language: Language) -> str:
    """Return a state of ISA-18.2 in words."""
    return _word(_STATES, code, language)


def site_kind(code: str, language: Language) -> str:
    """Return what kind of place it is."""
    return _word(_SITES, code, language)


def _word(words: dict[str, tuple[str, str]], code: str, language: Language) -> str:
    return words[code][language == "en"] if code in words else code
