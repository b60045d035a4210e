"""The formats of a report, a module each; `eaps_data.validation.reporters` makes them."""
