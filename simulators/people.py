"""Whom an officer calls at a unit: invented people, whose numbers ring nowhere."""

from typing import NamedTuple

_SURNAMES = (
    ("赵", "Zhao"), ("钱", "Qian"), ("孙", "Sun"), ("李", "Li"), ("周", "Zhou"), ("吴", "Wu"),
    ("郑", "Zheng"), ("王", "Wang"), ("冯", "Feng"), ("陈", "Chen"), ("马", "Ma"),
)  # fmt: skip


class _Post(NamedTuple):
    """A duty the law puts on somebody: 消防法 art. 16 and 17; who sits there, GB 25201-2010 5.2."""

    zh: str
    en: str


_POSTS = (
    _Post("消控室值班", "Fire control room"),
    _Post("消防安全管理人", "Fire safety manager"),
    _Post("消防安全责任人", "Liable for fire safety"),
)


def contacts_of(unit: int) -> list[dict[str, str]]:
    """Return a unit's contacts, the one who is there at night first: `role`, `name`, `phone`."""
    return [_contact(unit, number, post) for number, post in enumerate(_POSTS)]


def _contact(unit: int, number: int, post: _Post) -> dict[str, str]:
    zh, en = _SURNAMES[(unit * len(_POSTS) + number) % len(_SURNAMES)]
    return {
        "role": f"{post.zh} {post.en}",
        "name": f"{zh}某 {en}",
        # No subscriber's number in China begins with 0: nobody is rung by mistake.
        "phone": f"0931-0{unit:03d}{number:03d}",
    }
