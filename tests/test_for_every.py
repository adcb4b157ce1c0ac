import pytest

from tests.for_every import for_every


def test_what_fails_is_told_with_its_labels_and_every_value_is_looked_at(tmp_path):
    seen = []

    @for_every("value", [1, 2, 3, 4], lambda value: f"no. {value}")
    def is_odd(value, folder):
        seen.append((value, folder))
        assert value % 2

    with pytest.raises(ExceptionGroup, match=r"2 of 4 fail \(value: no. 2, value: no. 4\)") as found:
        is_odd(folder=tmp_path)
    assert seen == [(value, tmp_path) for value in (1, 2, 3, 4)]
    assert [error.__notes__ for error in found.value.exceptions] == [["value: no. 2"], ["value: no. 4"]]


@pytest.mark.parametrize("suffix", ["a", "b"])
@for_every("value", "xy")
def test_other_arguments_are_fixtures_and_parameters_as_ever(value, suffix, tmp_path):
    (tmp_path / f"{value}{suffix}").touch()
    assert (tmp_path / f"x{suffix}").exists()


def test_no_values_are_refused():
    with pytest.raises(ValueError, match="value has no values"):
        for_every("value", [])
