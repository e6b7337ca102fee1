"""How we behave at somebody's site: scope, robots, pace, and the guard."""
