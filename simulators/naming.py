"""Invented names, Chinese first: no street, firm or house here exists under its name."""

from collections.abc import Iterator

import numpy as np

_FIRST = (
    ("云", "Yun"), ("星", "Xing"), ("望", "Wang"), ("清", "Qing"), ("安", "An"), ("和", "He"),
    ("瑞", "Rui"), ("松", "Song"), ("柳", "Liu"), ("祥", "Xiang"), ("明", "Ming"), ("永", "Yong"),
    ("春", "Chun"), ("凤", "Feng"), ("锦", "Jin"), ("雁", "Yan"),
)  # fmt: skip
_SECOND = (
    ("岭", "ling"), ("河", "he"), ("川", "chuan"), ("山", "shan"), ("泉", "quan"), ("原", "yuan"),
    ("湖", "hu"), ("岗", "gang"), ("桥", "qiao"), ("林", "lin"), ("台", "tai"), ("坪", "ping"),
    ("溪", "xi"), ("峰", "feng"), ("滩", "tan"), ("谷", "gu"),
)  # fmt: skip

Word = tuple[str, str]
"""A made-up word: Chinese characters and their pinyin."""


def words(rng: np.random.Generator) -> Iterator[Word]:
    """Yield made-up words for ever, each once per round; later rounds are numbered."""
    count = len(_FIRST) * len(_SECOND)
    order = rng.permutation(count)
    turn = 0
    while True:
        yield from (_word(int(number), turn) for number in order)
        turn += 1


def _word(number: int, turn: int) -> Word:
    first, second = _FIRST[number // len(_SECOND)], _SECOND[number % len(_SECOND)]
    suffix_zh, suffix_en = (f"{turn + 1}", f" {turn + 1}") if turn else ("", "")
    return first[0] + second[0] + suffix_zh, first[1] + second[1] + suffix_en


def title(word: Word, kind_zh: str, kind_en: str) -> str:
    """Name a thing: `云岭中学 Yunling School`."""
    return f"{word[0]}{kind_zh} {word[1]} {kind_en}"
