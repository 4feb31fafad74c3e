"""Questions and answers in a terminal, and what is said there."""

from __future__ import annotations

from typing import TextIO

WELCOME = """\
{count} places can be read in more than one way; what matters most for the topics comes first.
【】 shows what the readings disagree on. Each reading is given as the sentence in the old and in
the new version; "both" stands where it is the same in the two. Choose a reading and say why: it
is saved at once. h explains the keys."""
HELP = """\
  1 2 …  this reading holds; you are asked why, and the decision is saved
  u      your next choice is a guess: it holds, the others stay possible; u again: no guess
  c      none of the readings: type the text with your own marks
  s      skip this place, it stays undecided
  b      back to the place before
  z      take back your last decision
  q      stop; what you decided is saved"""
KNOWN = {
    "proven": "the machine has proof of reading 1",
    "likely": "the machine takes reading 1 for likely",
    "undecidable": "the text alone does not tell",
    "decided": "a reader decided for reading 1, and was uncertain",
}


class Stop(Exception):  # noqa: N818 - no error: the person has had enough
    """The review ends."""


class Dialogue:
    """Questions and answers over two streams."""

    def __init__(self, ask: TextIO, tell: TextIO) -> None:
        self._ask, self._tell = ask, tell

    def say(self, text: str) -> None:
        """Show a text and end the line."""
        self._tell.write(f"{text}\n")
        self._tell.flush()

    def ask(self, question: str) -> str:
        """Return the answer, stripped; the end of the input ends the review."""
        self._tell.write(question)
        self._tell.flush()
        line = self._ask.readline()
        if not line:
            raise Stop
        return line.strip()

    def ask_lines(self, question: str, count: int) -> str:
        """Return an answer of several lines as they were typed; nothing when the first is blank."""
        self.say(question)
        lines = []
        for _ in range(count):
            line = self._ask.readline()
            if not line:
                raise Stop
            lines.append(line.rstrip("\r\n"))
            if not lines[0].strip():
                return ""
        return "\n".join(lines)


def indent(text: str, margin: str) -> str:
    """Return the text with a margin before its first line, and as much space before the others."""
    lines = text.replace("\t", " ").split("\n")
    return margin + f"\n{' ' * len(margin)}".join(lines)
