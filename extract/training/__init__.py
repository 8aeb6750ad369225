"""Data to model: everything that makes the pipeline in `models/`; needs the `train` extra."""
