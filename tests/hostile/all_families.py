"""Every family of hostile pages, found by looking into `families`: a new file there is a new family."""

import importlib
import pkgutil

import families
from hostile_server import Plan

FAMILIES: dict[str, Plan] = {
    module.name: importlib.import_module(f"families.{module.name}").PLAN
    for module in pkgutil.iter_modules(families.__path__)
}

UNDISTURBED = "undisturbed"
"""The name of the site that has no hostile page."""
