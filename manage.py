#!/usr/bin/env python
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
    try:
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError:
        sys.exit("Django is not installed here. Run `make demo` once: it makes .venv and installs everything.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
