"""The shipped model at run time; importing this registers its spaCy component and tokeniser."""

from extract.model.component import FACTORY, ModelComponent
from extract.model.tokenizer import BoundedTokenizer

__all__ = ["FACTORY", "BoundedTokenizer", "ModelComponent"]
