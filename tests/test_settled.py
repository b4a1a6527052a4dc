from analysis.settled import _Process, once_settled


def test_a_process_looks_anew_until_it_is_settled(monkeypatch):
    asked = []

    @once_settled
    def look_up(name, *more):
        asked.append(name)
        return f"{name} {len(asked)}"

    assert (look_up("a"), look_up("a")) == ("a 1", "a 2")
    monkeypatch.setattr(_Process, "settled", True)
    assert (look_up("a"), look_up("a"), look_up("b"), look_up("a", "c")) == (
        "a 3",
        "a 3",
        "b 4",
        "a 5",
    )
    monkeypatch.setattr(_Process, "settled", False)
    assert look_up("a") == "a 6"


def test_this_process_is_not_settled():
    assert not _Process.settled


def test_named_arguments_are_told_apart_once_settled(monkeypatch):
    monkeypatch.setattr(_Process, "settled", True)
    look_up = once_settled(lambda *found, **named: f"{found} {named}")
    assert look_up("a") == "('a',) {}"
    assert look_up(b="a") == "() {'b': 'a'}"
    assert look_up("b", c="a") == "('b',) {'c': 'a'}"
