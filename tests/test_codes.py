"""A code of a refusal names one thing: programs act on it without reading the text."""

from collections import Counter

from diia_videoreception import errors


def test_each_code__belongs_to_one_refusal() -> None:
    defined = Counter(
        made.__dict__["code"]
        for made in vars(errors).values()
        if isinstance(made, type) and issubclass(made, errors.ActRefused) and "code" in vars(made)
    )

    assert [code for code, times in defined.items() if times > 1] == []
