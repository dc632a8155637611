"""论衡 Lunheng reads Chinese commentary: who argues what, for or against, and in which words.

In a notebook: ``import pipeline as lunheng; result = lunheng.open("build")``.
"""

from pipeline.version import __version__

__all__ = ["__version__"]
