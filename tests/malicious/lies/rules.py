"""The lie that is told now, and which of its rules concern somebody."""

from typing import Any

HONEST: dict[str, Any] = {"answers": [], "frames": []}

lie: dict[str, Any] = dict(HONEST)


def tell(rules: dict[str, Any]) -> None:
    """From now on tell this lie and no other."""
    lie.clear()
    lie.update(HONEST | rules)
    if isinstance(lie["answers"], dict):
        lie["answers"] = [{"do": "instead", "path": path, "answer": told} for path, told in lie["answers"].items()]


def concerns(rule: dict[str, Any], account: bytes) -> bool:
    """Tell whether this account is still to be lied to by this rule."""
    return rule.get("to") in (None, account.hex()) and rule.get("left", 1) > 0


def count(rule: dict[str, Any]) -> None:
    """Note that the rule was used."""
    if "left" in rule:
        rule["left"] -= 1
