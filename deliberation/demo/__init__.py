"""The demo assembly: content in TOML, read by `manage.py seed_demo`."""
