"""Run the command line as `python -m eaps_data`."""

from eaps_data.cli import run

if __name__ == "__main__":
    run()
