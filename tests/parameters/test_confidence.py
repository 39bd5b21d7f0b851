"""How well a value is known, in words."""

from gevinst.language import speaking
from gevinst.parameters.confidence import confidences


def test_every_word_is_used_by_some_value_and_says_something_in_both_languages() -> None:
    from pathlib import Path

    import gevinst.parameters.confidence as module

    data = "".join(path.read_text(encoding="utf-8") for path in Path(module.FILE).parent.glob("*.yaml")
                   if path != module.FILE)
    for key, one in confidences().items():
        assert f"confidence: {key}\n" in data or f"confidence: {key}," in data or f"confidence: {key}}}" in data, key
        with speaking("da"):
            danish = one.text
        with speaking("en"):
            assert one.text != danish


def test_memory_and_second_hand_are_never_verified() -> None:
    for one in confidences().values():
        if any(word in one.en for word in ("memory", "second hand", "not verified", "not read")):
            assert not one.verified
