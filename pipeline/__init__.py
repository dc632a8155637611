"""论衡 Lunheng reads Chinese commentary: who argues what, for or against, and in which words.

In a notebook: ``import pipeline as lunheng; result = lunheng.open("build")``.
"""

from pipeline.config import Config, load_config
from pipeline.errors import ConfigError, ContractError, InputError, LunhengError
from pipeline.records import KIND_ZH, STANCE_ZH, Reading, Tables
from pipeline.results import Results
from pipeline.results import open_results as open
from pipeline.version import __version__

__all__ = [
    "KIND_ZH",
    "STANCE_ZH",
    "Config",
    "ConfigError",
    "ContractError",
    "InputError",
    "LunhengError",
    "Reading",
    "Results",
    "Tables",
    "__version__",
    "load_config",
    "open",
]
