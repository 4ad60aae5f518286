"""Prints the folder of the node that set_up.py chose, for make to put first in PATH."""

from set_up import find_node

print(find_node())  # noqa: T201 - this is its purpose
