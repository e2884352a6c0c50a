"""The number of an award: read out, typed again, and never taken for another's."""

from itertools import pairwise

import pytest

from audit_app.awards.certificate.numbers import ALPHABET, is_number, new_number, tidy_number

OLD = "MIL-2026-7K3QF1"  # as they were until there were ten signs


def test_a_number_names_its_year_and_checks():
    numbers = {new_number(2026) for _ in range(200)}

    assert len(numbers) == 200
    assert all(number.startswith("MIL-2026-") and len(number) == 20 and is_number(number) for number in numbers)


def test_a_number_from_before_stays_one_for_ever():
    assert is_number(OLD)
    for typed in (OLD.lower(), OLD.replace("-", ""), OLD[4:]):
        assert tidy_number(typed) == OLD


@pytest.mark.parametrize("turn", range(21))
def test_every_single_slip_and_every_swap_of_neighbours_is_found(turn: int):
    number = new_number(2026) if turn else OLD
    for at in [at for at, sign in enumerate(number) if at > 3 and sign != "-"]:
        for other in "0123456789" if at < 9 else ALPHABET:
            wrong = number[:at] + other + number[at + 1 :]
            assert is_number(wrong) == (wrong == number), wrong
    for at, after in pairwise(at for at, sign in enumerate(number) if at > 8 and sign != "-"):
        swapped = number[:at] + number[after] + number[at + 1 : after] + number[at] + number[after + 1 :]
        assert is_number(swapped) == (swapped == number), swapped


def test_a_number_is_known_however_it_is_typed():
    number = new_number(2026)

    for typed in (number.lower(), f"  {number} ", number.replace("-", ""), number.replace("-", " "), number[4:]):
        assert tidy_number(typed) == number
    for nonsense in ("", "MIL", "MIL-2026-", "x" * 1000, "MIL-2026-OOOOOO", f"{number}1", f"{OLD}1"):
        assert tidy_number(nonsense) is None
