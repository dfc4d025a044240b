"""Response headers for doors whose map has one value for each name: an ALB without multi-value headers, Lattice."""

from __future__ import annotations

from .door import group_values


def render_single_headers(headers: list[tuple[str, str]]) -> dict[str, str]:
    """Repetitions are joined with a comma, but for cookies, which get a spelling each."""
    single: dict[str, str] = {}
    for name, values in group_values(headers).items():
        if name == "set-cookie":
            single.update((_spell_variant(name, index), value) for index, value in enumerate(values))
        else:
            single[name] = ", ".join(values)
    return single


def _spell_variant(name: str, index: int) -> str:
    """The header's name with the letters in upper case that are set bits of `index`.

    Cookies cannot be joined, but names that differ in case are two keys of the map and one
    header on the wire.
    """
    letters = []
    for letter in name:
        if letter.isalpha():
            letters.append(letter.upper() if index & 1 else letter)
            index >>= 1
        else:
            letters.append(letter)
    return "".join(letters)
