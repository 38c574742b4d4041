"""The words by which complaints are told apart: finer classes, tone and dangers, in Chinese and English.

The five YAML files beside this one are the whole knowledge; this module reads them into one tree of tokens, so that a
text is searched for every term at once and the longest term wins.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any, Literal, NamedTuple, get_args

import yaml
from ahocorasick_rs import AhoCorasick, MatchKind

from shared.contracts.values import Category, Severity
from shared.text import folded

Tone = Literal["praise", "complaint", "contrast", "concession", "dismissal", "negation", "innocent"]
Kind = Literal["matter", "danger"] | Tone

BREAK = ","
"""The token that ends a clause; no term contains it."""

HARM = 1.5
"""What a danger weighs for the safety of the thing, beside what it says about severity."""

UNKNOWN = "\0"
"""The letter of every word that stands in no term."""

FIRST_LETTER = 0xE000
"""Letters of words are taken from a private use area of Unicode, which no text is spelled in."""

MOST_REMEMBERED = 50_000
"""Words whose letter is remembered; then all are forgotten, and the common ones soon known again."""

_HARM_BY_PEOPLE = ("death", "self-harm", "violence", "privacy")
_TOKEN = re.compile(r"[㐀-鿿]|[0-9]+(?:[.,:][0-9]+)+|[a-z0-9]+|[，。！？；…,.!?;\n~]|(?<=[㐀-鿿])\s+(?=[㐀-鿿])")
_SPELLED = re.compile(_TOKEN.pattern.replace("[㐀-鿿]|", "[㐀-鿿]+|", 1))
_LATIN = re.compile("[a-z]")
_HAN = re.compile("[㐀-鿿]")
_ENDINGS = (("sses", "ss", 5), ("ies", "y", 5), ("ing", "", 7), ("ed", "", 6), ("ly", "", 6), ("s", "", 4))
"""An ending, what takes its place, and how long a word must be to lose it."""


class Mark(NamedTuple):
    """What one term says: the finer class or danger it belongs to, or the tone it gives."""

    kind: Kind
    name: str
    term: str
    weight: float = 0.0


class Found(NamedTuple):
    """A term at its place in a text, counted in tokens."""

    start: int
    end: int
    marks: tuple[Mark, ...]


class Pattern(NamedTuple):
    """A short expression of a finer class, for what single terms cannot say."""

    expression: re.Pattern[str]
    name: str
    weight: float
    chinese: bool

    def marks(self, text: str) -> Iterator[Mark]:
        """What it says where it occurs in a normalised text, with the words that matched."""
        if match := self.expression.search(text):
            yield Mark("matter", self.name, match.group().strip(), self.weight)


class _Alphabet(dict[str, str]):
    """The letter of every token as it stands in a text: Chinese as it is, a word that no term contains `UNKNOWN`."""

    def __init__(self, letters: Mapping[str, str]) -> None:
        super().__init__()
        self._letters = letters

    def __missing__(self, written: str) -> str:
        if len(self) > MOST_REMEMBERED:
            self.clear()
        letter = self[written] = self._letters.get(_token(written), UNKNOWN)
        return letter


class Lexicon:
    """Every term and pattern, ready to be searched for; never changed after it is made.

    Each word of the lexicon has a letter of an alphabet of its own, a Chinese character is its own. In a text spelled
    so, one automaton (Aho, Corasick 1975) looks for every term at once.
    """

    def __init__(self, marks: Iterable[Mark], patterns: Iterable[Pattern] = ()) -> None:
        self._letters = {BREAK: BREAK}
        self._marks: dict[str, tuple[Mark, ...]] = {}
        for mark in marks:
            self._learn(mark)
        self._terms = AhoCorasick(list(self._marks), matchkind=MatchKind.LeftmostLongest)
        self._meant = list(self._marks.values())
        self._alphabet = _Alphabet(self._letters)
        known = tuple(patterns)
        self._in_chinese = [pattern for pattern in known if pattern.chinese]
        self._in_english = [pattern for pattern in known if not pattern.chinese]

    def _learn(self, mark: Mark) -> None:
        letters = self._letters
        term = "".join(
            token if _HAN.match(token) else letters.setdefault(token, chr(FIRST_LETTER + len(letters)))
            for token in tokens_of(mark.term)
        )
        known = self._marks.get(term, ())
        if all((mark.kind, mark.name) != (other.kind, other.name) for other in known):
            self._marks[term] = (*known, mark)

    def spell(self, plain: str) -> str:
        """A normalised text in the lexicon's alphabet, a letter for each token; `BREAK` stands for itself."""
        alphabet = self._alphabet
        return "".join([run if "㐀" <= run[0] <= "鿿" else alphabet[run] for run in _SPELLED.findall(plain)])

    def search(self, spelled: str) -> list[Found]:
        """The terms in a spelled text from left to right, the longest at each place, none overlapping another."""
        meant = self._meant
        return [Found(start, end, meant[term]) for term, start, end in self._terms.find_matches_as_indexes(spelled)]

    def patterns_in(self, text: str) -> list[Pattern]:
        """The patterns that occur in a normalised text, in some line of it at least."""
        known = (self._in_chinese if _HAN.search(text) else []) + (self._in_english if _LATIN.search(text) else [])
        return [pattern for pattern in known if pattern.expression.search(text)]


def normalise(text: str) -> str:
    """One spelling of a text: compatibility forms folded (Unicode UAX 15, NFKC), lower case, `n't` a word by itself."""
    plain = folded(text).replace("’", "'")
    return plain.replace("can't", "cannot").replace("won't", "would not").replace("n't", " not").replace("'s", "")


def tokens_of(text: str) -> list[str]:
    """A text as tokens: each Chinese character, each English word by its stem, and `BREAK` where a clause ends."""
    return [_token(written) for written in _TOKEN.findall(normalise(text))]


def has_chinese(text: str) -> bool:
    """Whether a text has any Chinese character."""
    return bool(_HAN.search(text))


def _token(written: str) -> str:
    if written.isalpha():
        return stem(written) if written.isascii() else written
    return written if written[0].isalnum() else BREAK


def stem(word: str) -> str:
    """An English word without the endings that do not change its matter (`delayed`, `delays` and `delay` are one)."""
    for ending, instead, length in _ENDINGS:
        if len(word) >= length and word.endswith(ending) and not word.endswith(("ss", "us", "is")):
            word = word[: -len(ending)] + instead
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] in "bdgmnprt":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word


def load_lexicon() -> Lexicon:
    """The lexicon that comes with the service."""
    matters = {category: _read(category) for category in get_args(Category)}
    patterns = {category: classes.pop("patterns", {}) for category, classes in matters.items()}
    marks = [*_matters(matters), *_tones(_read("tone")), *_dangers(_read("dangers"))]
    return Lexicon(marks, _patterns(patterns))


def _read(name: str) -> dict[Any, Any]:
    text = (files(__package__) / f"{name}.yaml").read_text(encoding="utf-8")
    content: dict[Any, Any] = yaml.load(text, Loader=yaml.CSafeLoader)  # ten times as fast: a command waits for it
    return content


def _terms(listed: str) -> list[str]:
    return [term.strip() for term in re.split("[、,]", listed) if term.strip()]


def _matters(categories: Mapping[str, Mapping[str, Mapping[str, Mapping[float, str]]]]) -> Iterator[Mark]:
    for category, classes in categories.items():
        for name, languages in classes.items():
            for weights in languages.values():
                for weight, listed in weights.items():
                    yield from (Mark("matter", f"{category}/{name}", term, weight) for term in _terms(listed))


def _tones(tones: Mapping[Tone, Mapping[str, str]]) -> Iterator[Mark]:
    for tone, languages in tones.items():
        for listed in languages.values():
            yield from (Mark(tone, "", term) for term in _terms(listed))


def _dangers(severities: Mapping[Severity, Mapping[str, Mapping[str, str]]]) -> Iterator[Mark]:
    for severity, dangers in severities.items():
        for name, languages in dangers.items():
            for listed in languages.values():
                yield from (Mark("danger", f"{severity}/{name}", term) for term in _terms(listed))
                if name not in _HARM_BY_PEOPLE:
                    yield from (Mark("matter", "product/safety", term, HARM) for term in _terms(listed))


def _patterns(categories: Mapping[str, Mapping[str, list[tuple[str, float]]]]) -> Iterator[Pattern]:
    for category, classes in categories.items():
        for name, listed in classes.items():
            for expression, weight in listed:
                yield Pattern(re.compile(expression), f"{category}/{name}", weight, has_chinese(expression))
