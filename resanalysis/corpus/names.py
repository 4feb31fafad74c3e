"""The files of a corpus folder."""

DESCRIPTOR = "datapackage.json"
SOURCE = "source.txt"
DECISIONS = "decisions.critic.txt"
LEXICON = "lexicon.txt"
CODEBOOK = "codebook.toml"
README = "README.md"
