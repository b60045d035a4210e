"""What each command of the command line does: a module a family, imported when one of its commands is given."""
