"""An attribute that is worked out when it is first asked for, and then kept."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class kept(Generic[Value]):  # noqa: N801 - it is written as a decorator
    """As functools.cached_property, without the lock that Python 3.11 takes at each first use, which costs more than the work.

    What is kept is a pure function of its object, so that two threads at once could only work it out twice.
    """

    def __init__(self, find: Callable[[Any], Value]) -> None:
        self._find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        """The attribute takes the function's name."""
        self._name = name

    def __get__(self, instance: Any, _owner: type | None = None) -> Value:
        """The value; it then stands in the object itself, which hides this descriptor."""
        value: Value = self._find(instance)
        instance.__dict__[self._name] = value
        return value
