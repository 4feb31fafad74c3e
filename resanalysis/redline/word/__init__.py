"""Word files with tracked changes, read and written."""

from resanalysis.redline.word.reader import read_word, read_word_text
from resanalysis.redline.word.write import write_word

__all__ = ["read_word", "read_word_text", "write_word"]
