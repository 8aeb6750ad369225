"""The package's version, also in every fact."""

__version__ = "0.1.0"
