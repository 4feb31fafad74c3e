"""The tables of a study: from the redline to the shift."""

from __future__ import annotations

from resanalysis.tables.columns import Column, key_columns

_OP = "equal, delete, insert"
_CERTAINTY = "proven, likely, undecidable, decided"

STUDY_TABLES: dict[str, tuple[Column, ...]] = {
    "segments": (
        *key_columns(edition=False),
        Column("start", "int", "code points", "first character in the source"),
        Column("end", "int", "code points", "one past the last character in the source"),
        Column("text", "str", "", "the characters"),
        Column(
            "op", "str", _OP, "what holds after decisions: in both versions, old only, new only"
        ),
        Column("certainty", "str", _CERTAINTY, "how `op` is known"),
        Column("confidence", "float", "probability, 0 to 1", "confidence of `op`"),
        Column(
            "rule", "str", "name", "what proposed the operation: numbering or a rule of wording"
        ),
        Column("proposed_op", "str", _OP, "what the machine proposed before decisions"),
        Column("proposed_certainty", "str", "proven, likely, undecidable", "of the proposal"),
        Column("proposed_confidence", "float", "probability, 0 to 1", "of the proposal"),
        Column(
            "group",
            "str",
            "id",
            "place whose segments stand or fall together; links `alternatives`",
        ),
        Column("decided_by", "str", "coder", "who decided; empty where nobody did"),
        Column("reason", "str", "", "the decider's reason"),
        Column("changed_by", "str", "", "author of a tracked change as the source records it"),
        Column(
            "changed_at", "str", "ISO 8601", "time of a tracked change as the source records it"
        ),
    ),
    "alternatives": (
        *key_columns(edition=False),
        Column("group", "str", "id", "place in `segments`"),
        Column("reading", "int", "1, 2, ...", "whole reading of the place; 1 is the one in force"),
        Column("weight", "float", "sums to 1 in a group", "plausibility of the reading"),
        Column("start", "int", "code points", "first character in the source"),
        Column("end", "int", "code points", "one past the last character in the source"),
        Column(
            "op",
            "str",
            _OP,
            "operation in this reading; a whole line of one version prevails over places inside it,"
            " a line kept as equal leaves them as they are",
        ),
    ),
    "clauses": (
        *key_columns(),
        Column(
            "clause_id", "str", "id", "readable id from heading and marker; unique in an edition"
        ),
        Column(
            "kind",
            "str",
            "title, opening, heading, lead_in, clause, item, footnote, other",
            "what the row is; lead_in, clause and item are counted",
        ),
        Column("part", "str", "preambular, operative or empty", "part of the resolution"),
        Column("heading", "str", "", "heading the row stands under, as printed"),
        Column(
            "addressee",
            "str",
            "codes joined by +",
            "who is told to act, as one set; empty if nobody",
        ),
        Column(
            "strength",
            "int",
            "0 to 5",
            "strength of the heading's verb; compare within an addressee",
        ),
        Column("marker", "str", "", "label as printed, such as a) or 1; empty if none"),
        Column("depth", "int", "0, 1, 2, ...", "0 outside lists, 1 for clauses, 2 for items"),
        Column("parent_id", "str", "id", "clause_id of the row above; empty at the top"),
        Column("text", "str", "", "the row's own text, without marker, children and masked spans"),
        Column("start", "int", "code points", "first character in the version's text"),
        Column("end", "int", "code points", "one past the last character in the version's text"),
        Column(
            "masked",
            "str",
            "JSON list of [start, end]",
            "spans of the version's text inside the row that are not read (artefacts, footnotes)",
        ),
    ),
    "tokens": (
        *key_columns(),
        Column("clause_id", "str", "id", "clause the token stands in"),
        Column("i", "int", "0, 1, ...", "position among the clause's tokens"),
        Column("text", "str", "", "the token"),
        Column("start", "int", "code points", "first character in the clause's text"),
        Column("end", "int", "code points", "one past the last character in the clause's text"),
        Column("is_punct", "bool", "", "only punctuation, symbols or white space"),
        Column("is_stop", "bool", "", "a function word of spaCy's Chinese list"),
    ),
    "tags": (
        *key_columns(),
        Column("clause_id", "str", "id", "clause the term stands in"),
        Column("topic", "str", "id", "topic of the codebook"),
        Column("term", "str", "", "word of the codebook that matched, as written there"),
        Column("rule", "str", "term or id", "`term`: a term by itself; or the rule it is part of"),
        Column("tier", "str", "core, peripheral", "strict reading uses core only"),
        Column("start", "int", "code points", "first character in the clause's text"),
        Column("end", "int", "code points", "one past the last character in the clause's text"),
        Column("on_boundary", "bool", "", "both edges are edges of jieba's tokens"),
        Column("in_citation", "bool", "", "inside the title of a cited instrument"),
    ),
    "codings": (
        *key_columns(),
        Column("clause_id", "str", "id", "clause that was coded"),
        Column("coder", "str", "", "who coded it"),
        Column("topic", "str", "id", "topic of the codebook"),
        Column("code", "int", "0, 1", "1: the coder gave the clause the topic"),
        Column("sure", "bool", "", "false: the coder marked the clause as uncertain"),
        Column("note", "str", "", "what the coder noted on the clause"),
    ),
    "pairs": (
        *key_columns(edition=False),
        Column("old_id", "str", "clause_id", "clause of the old edition; empty for ADD"),
        Column("new_id", "str", "clause_id", "clause of the new edition; empty for SUP"),
        Column(
            "change",
            "str",
            "NOC, MOD, ADD, SUP",
            "ITU's symbols: no change, modified, added, suppressed",
        ),
        Column("editorial", "bool", "", "NOC where label or closing punctuation differ"),
        Column("renumbered", "bool", "", "the markers differ"),
        Column("moved", "bool", "", "out of the common order, or under another heading"),
        Column(
            "relation",
            "str",
            "1:1, split, merge",
            "split and merge rows come on top and are not counted",
        ),
        Column("similarity", "float", "0 to 1", "normalised indel similarity of the two texts"),
    ),
    "shift": (
        *key_columns(edition=False),
        Column("unit", "str", "clause, character, token, matched", "what is counted"),
        Column("breakdown", "str", "total, part, addressee, strength", "how clauses are grouped"),
        Column(
            "category",
            "str",
            "all; part; addressee set or none; the same with the verb's strength, such as SG 4",
            "group within the breakdown; compare strengths within one addressee only",
        ),
        Column("topic", "str", "id", "topic of the codebook"),
        Column(
            "n_old",
            "int",
            "units",
            "clauses with the topic; characters or tokens of such clauses; matched characters",
        ),
        Column("n_new", "int", "units", "the same in the new edition"),
        Column("base_old", "int", "units", "counted units of the old edition"),
        Column("base_new", "int", "units", "counted units of the new edition"),
        Column("assigned_old", "int", "units", "sum of n_old over all topics of the edition"),
        Column("assigned_new", "int", "units", "sum of n_new over all topics of the edition"),
        Column("rate_old", "float", "per 100 units", "100 * n_old / base_old"),
        Column("rate_new", "float", "per 100 units", "100 * n_new / base_new"),
        Column("share_old", "float", "0 to 1", "n_old / assigned_old"),
        Column("share_new", "float", "0 to 1", "n_new / assigned_new"),
        Column("difference", "float", "per 100 units", "rate_new - rate_old; positive = grew"),
        Column(
            "log_ratio",
            "float",
            "log2",
            "log2 of the ratio of rates, 0.5 added to both counts; 0 where neither has the topic",
        ),
        Column("add", "int", "units", "brought by added clauses"),
        Column("sup", "int", "units", "taken by suppressed clauses"),
        Column("mod_gain", "int", "units", "gained in clauses that both editions have"),
        Column("mod_loss", "int", "units", "lost in clauses that both editions have"),
        Column("moved_in", "int", "units", "came with clauses from other categories"),
        Column("moved_out", "int", "units", "left with clauses to other categories"),
        Column(
            "change_share",
            "float",
            "0 to 1",
            "add + sup + mod_gain + mod_loss + moved_in + moved_out, of their sum in the breakdown",
        ),
        Column(
            "difference_low", "float", "per 100 units", "lower end of the interval of `difference`"
        ),
        Column(
            "difference_high", "float", "per 100 units", "upper end of the interval of `difference`"
        ),
        Column("log_ratio_low", "float", "log2", "lower end of the interval of `log_ratio`"),
        Column("log_ratio_high", "float", "log2", "upper end of the interval of `log_ratio`"),
        Column("share_difference", "float", "-1 to 1", "share_new - share_old"),
        Column("share_difference_low", "float", "-1 to 1", "lower end of its interval"),
        Column("share_difference_high", "float", "-1 to 1", "upper end of its interval"),
        Column("interval_model", "str", "name", "model behind the intervals, with level and draws"),
    ),
}
