"""The script that makes our isolated world in every frame, and the names under which such worlds stand.

An isolated world shares the page's document but none of its globals: what a page has done to `Array`, `JSON` or `axe` does
not reach it, and neither does its content security policy.
"""

import itertools
import json
from functools import cache
from importlib.resources import files
from pathlib import Path

from audit.capture.gather.outline import OUTLINE_SCRIPT

# Where a page's scripts are forbidden (the policy `sandbox`, a frame of that kind) timers never fire, and axe, which waits for
# one between any two steps, would never end. A wait of nothing needs no timer.
_TIMER = """(task, delay, ...rest) => {
    if (delay > 1) return globalThis.setTimeout(task, delay, ...rest);
    Promise.resolve().then(() => task(...rest));
    return 0;
  }"""

# axe's colours keep their seven members in WeakMaps, as a transpiler wrote them: seven entries for each of the many thousand
# colours of a page, a seventh of axe's time. While axe is read, such a map keeps its entries on the object itself. Those that
# axe makes later may hold elements of the page, and are the browser's own.
_MEMBERS = """{
let WeakMap = class {
  constructor() { this.member = Symbol(); }
  has(object) { return this.member in object; }
  get(object) { return object[this.member]; }
  set(object, value) { object[this.member] = value; return this; }
  delete(object) { return delete object[this.member]; }
};
let WeakSet = class extends WeakMap {
  add(object) { return this.set(object, true); }
};
"""
_MEMBERS_END = """
WeakMap = globalThis.WeakMap;
WeakSet = globalThis.WeakSet;
}
"""

_numbers = itertools.count(1)


def new_name() -> str:
    """A name that no world had before: a script that was ended in mid-run leaves axe "already running" in its world."""
    return f"loket-{next(_numbers)}"


@cache
def source(axe_script: str, *, memo: bool = True) -> str:
    """The script for one world. `axe_script` is a path, or empty for the pinned package's; `memo` makes colours cheap.

    Raises:
        OSError: the script cannot be read.

    """
    axe = Path(axe_script).read_text(encoding="utf-8") if axe_script else _pinned_axe()
    axe = f"{_MEMBERS}{axe}{_MEMBERS_END}" if memo else axe
    parts = [
        _script("gather/axe_run.js"),
        OUTLINE_SCRIPT,
        _script("condition.js"),
        _script("consent.js"),
        "true" if memo else "false",
    ]
    ours = ", ".join(f"({part})" for part in parts)
    return f"{{ const setTimeout = {_TIMER};\n{axe}\n}}\n({_script('gather/world.js')})(globalThis.axe, {ours});"


def page_source(axe_script: str, word: str) -> str:
    """The script for the page's own world, in which it is known by a word that no page can know.

    Raises:
        OSError: the script cannot be read.

    """
    ours = f"({_script('gather/page_world.js')})(globalThis.axe, globalThis.loket, {json.dumps(word)});"
    return f"{source(axe_script)}\n{ours}"


def _pinned_axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def _script(name: str) -> str:
    text = files("audit.capture").joinpath(name).read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
