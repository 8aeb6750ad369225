"""The shipped model at run time: word pieces, encoder, decoding, and the spaCy component that importing this registers."""

from extract.model.component import FACTORY, ModelComponent
from extract.model.tokenizer import BoundedTokenizer

__all__ = ["FACTORY", "BoundedTokenizer", "ModelComponent"]
