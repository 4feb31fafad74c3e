"""How the chain's speed and memory grow: one text, thousands of them, one worker or two."""
