from __future__ import annotations

from bot.often import Often


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_counts_each_by_itself_over_a_moving_window() -> None:
    clock = Clock()
    often = Often(2, 60.0, clock)
    assert [often.may("a"), often.may("a"), often.may("a"), often.may("b")] == [True, True, False, True]
    clock.now = 59.0
    assert not often.may("a")
    clock.now = 61.0
    assert [often.may("a"), often.may("a"), often.may("a")] == [True, True, False]


def test_what_was_refused_does_not_count() -> None:
    clock = Clock()
    often = Often(1, 60.0, clock)
    assert often.may("a")
    clock.now = 30.0
    assert not often.may("a")
    clock.now = 61.0
    assert often.may("a")


def test_those_who_stay_away_are_forgotten() -> None:
    clock = Clock()
    often = Often(1, 60.0, clock)
    for number in range(1000):
        assert often.may(number)
    clock.now = 121.0
    assert often.may("a")
    assert len(often._times) == 1


def test_how_long_to_wait() -> None:
    clock = Clock()
    often = Often(2, 60.0, clock)
    assert often.wait("a") == 0
    often.may("a")
    clock.now = 20.0
    often.may("a")
    assert (often.wait("a"), often.wait("b")) == (40.0, 0)
    clock.now = 60.0
    assert often.wait("a") == 0
