"""Word lists, one TOML file per language."""
