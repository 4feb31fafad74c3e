"""How the thematic emphasis of a policy resolution shifted between two versions.

>>> import resanalysis as ra
>>> study = ra.run_study("corpora/itu-pp-res-182")
>>> study.pairs["change"].value_counts().index.tolist()[0]
'NOC'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resanalysis.alignment import align_clauses, source_offsets
    from resanalysis.checks import (
        check_codebook_file,
        check_corpus,
        compare_official,
        compare_tagging,
    )
    from resanalysis.codebook import (
        check_codebook,
        compare_codebooks,
        compare_tags,
        export_codebook,
        lint_codebook,
        read_codebook,
    )
    from resanalysis.coding import (
        agreement,
        check_coding,
        coding_sheet,
        krippendorff_alpha,
        list_disagreements,
        list_uncoded,
        read_coding,
        score_codebook,
        write_sheet,
    )
    from resanalysis.collection import compare_profiles, run_collection, topic_profiles
    from resanalysis.corpus import create_corpus, read_corpus, read_files, read_source
    from resanalysis.explore import show_clauses, try_readings, try_terms
    from resanalysis.explore.widgets import explore_clauses, explore_readings, explore_terms
    from resanalysis.export import compare_clauses, write_comparison, write_tables
    from resanalysis.figures import (
        PrintFigure,
        clause_links_caption,
        figure_caption,
        figure_size,
        name_addressees,
        plot_addressee_shift,
        plot_change_origin,
        plot_clause_links,
        plot_clause_topic_map,
        plot_part_shift,
        plot_redline,
        plot_robustness,
        plot_specifications,
        plot_topic_shares,
        plot_word_shift,
        print_style,
        redline_caption,
        robustness_caption,
        save_figure,
        word_shift_caption,
    )
    from resanalysis.model import (
        COUNTED_KINDS,
        Codebook,
        Corpus,
        Edition,
        InputError,
        Problem,
        Rule,
        Source,
        Study,
        Topic,
    )
    from resanalysis.pipeline import (
        kwic,
        make_nlp,
        make_segmenter,
        show_kwic,
        suggest_terms,
        tag_text,
        tag_texts,
        tag_topics,
        tokenize,
    )
    from resanalysis.progress import show_progress
    from resanalysis.redline import (
        Redline,
        diff_versions,
        read_criticmarkup,
        read_marks,
        read_redline,
        read_word,
        read_word_text,
        recover_versions,
        write_marks,
        write_word,
    )
    from resanalysis.redline.compare import compare_versions
    from resanalysis.results import (
        DrawnFigure,
        derive_tables,
        draw_figure,
        draw_figures,
        make_report,
        redline_runs,
        write_study,
    )
    from resanalysis.review import ReviewSession, carry_decisions, list_places, rank_places
    from resanalysis.review.shell import compare_decisions
    from resanalysis.review.widgets import review_widget
    from resanalysis.robustness import Robustness, assess_robustness, describe_verdict
    from resanalysis.sentences import summarize_topics
    from resanalysis.shift import (
        account_shift,
        find_mentions,
        keyness,
        list_transitions,
        permutation_test,
        profile_distance,
        topic_commitment,
        topic_positions,
        topic_shift,
        topic_specificity,
        word_shift,
    )
    from resanalysis.structure import parse_resolution
    from resanalysis.study import read_clauses, recover_corpus, recover_sources, run_study
    from resanalysis.tables import describe_tables

_ROOMS = {
    "alignment": (
        "align_clauses",
        "source_offsets",
    ),
    "checks": (
        "check_codebook_file",
        "check_corpus",
        "compare_official",
        "compare_tagging",
    ),
    "codebook": (
        "check_codebook",
        "compare_codebooks",
        "compare_tags",
        "export_codebook",
        "lint_codebook",
        "read_codebook",
    ),
    "coding": (
        "agreement",
        "check_coding",
        "coding_sheet",
        "krippendorff_alpha",
        "list_disagreements",
        "list_uncoded",
        "read_coding",
        "score_codebook",
        "write_sheet",
    ),
    "collection": (
        "compare_profiles",
        "run_collection",
        "topic_profiles",
    ),
    "corpus": (
        "create_corpus",
        "read_corpus",
        "read_files",
        "read_source",
    ),
    "explore": (
        "show_clauses",
        "try_readings",
        "try_terms",
    ),
    "explore.widgets": (
        "explore_clauses",
        "explore_readings",
        "explore_terms",
    ),
    "export": (
        "compare_clauses",
        "write_comparison",
        "write_tables",
    ),
    "figures": (
        "PrintFigure",
        "clause_links_caption",
        "figure_caption",
        "figure_size",
        "name_addressees",
        "plot_addressee_shift",
        "plot_change_origin",
        "plot_clause_links",
        "plot_clause_topic_map",
        "plot_part_shift",
        "plot_redline",
        "plot_robustness",
        "plot_specifications",
        "plot_topic_shares",
        "plot_word_shift",
        "print_style",
        "redline_caption",
        "robustness_caption",
        "save_figure",
        "word_shift_caption",
    ),
    "model": (
        "COUNTED_KINDS",
        "Codebook",
        "Corpus",
        "Edition",
        "InputError",
        "Problem",
        "Rule",
        "Source",
        "Study",
        "Topic",
    ),
    "pipeline": (
        "kwic",
        "make_nlp",
        "make_segmenter",
        "show_kwic",
        "suggest_terms",
        "tag_text",
        "tag_texts",
        "tag_topics",
        "tokenize",
    ),
    "progress": ("show_progress",),
    "redline": (
        "Redline",
        "diff_versions",
        "read_criticmarkup",
        "read_marks",
        "read_redline",
        "read_word",
        "read_word_text",
        "recover_versions",
        "write_marks",
        "write_word",
    ),
    "redline.compare": ("compare_versions",),
    "results": (
        "DrawnFigure",
        "derive_tables",
        "draw_figure",
        "draw_figures",
        "make_report",
        "redline_runs",
        "write_study",
    ),
    "review": (
        "ReviewSession",
        "carry_decisions",
        "list_places",
        "rank_places",
    ),
    "review.shell": ("compare_decisions",),
    "review.widgets": ("review_widget",),
    "robustness": (
        "Robustness",
        "assess_robustness",
        "describe_verdict",
    ),
    "sentences": ("summarize_topics",),
    "shift": (
        "account_shift",
        "find_mentions",
        "keyness",
        "list_transitions",
        "permutation_test",
        "profile_distance",
        "topic_commitment",
        "topic_positions",
        "topic_shift",
        "topic_specificity",
        "word_shift",
    ),
    "structure": ("parse_resolution",),
    "study": (
        "read_clauses",
        "recover_corpus",
        "recover_sources",
        "run_study",
    ),
    "tables": ("describe_tables",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "COUNTED_KINDS",
    "Codebook",
    "Corpus",
    "DrawnFigure",
    "Edition",
    "InputError",
    "PrintFigure",
    "Problem",
    "Redline",
    "ReviewSession",
    "Robustness",
    "Rule",
    "Source",
    "Study",
    "Topic",
    "account_shift",
    "agreement",
    "align_clauses",
    "assess_robustness",
    "carry_decisions",
    "check_codebook",
    "check_codebook_file",
    "check_coding",
    "check_corpus",
    "clause_links_caption",
    "coding_sheet",
    "compare_clauses",
    "compare_codebooks",
    "compare_decisions",
    "compare_official",
    "compare_profiles",
    "compare_tagging",
    "compare_tags",
    "compare_versions",
    "create_corpus",
    "derive_tables",
    "describe_tables",
    "describe_verdict",
    "diff_versions",
    "draw_figure",
    "draw_figures",
    "explore_clauses",
    "explore_readings",
    "explore_terms",
    "export_codebook",
    "figure_caption",
    "figure_size",
    "find_mentions",
    "keyness",
    "krippendorff_alpha",
    "kwic",
    "lint_codebook",
    "list_disagreements",
    "list_places",
    "list_transitions",
    "list_uncoded",
    "make_nlp",
    "make_report",
    "make_segmenter",
    "name_addressees",
    "parse_resolution",
    "permutation_test",
    "plot_addressee_shift",
    "plot_change_origin",
    "plot_clause_links",
    "plot_clause_topic_map",
    "plot_part_shift",
    "plot_redline",
    "plot_robustness",
    "plot_specifications",
    "plot_topic_shares",
    "plot_word_shift",
    "print_style",
    "profile_distance",
    "rank_places",
    "read_clauses",
    "read_codebook",
    "read_coding",
    "read_corpus",
    "read_criticmarkup",
    "read_files",
    "read_marks",
    "read_redline",
    "read_source",
    "read_word",
    "read_word_text",
    "recover_corpus",
    "recover_sources",
    "recover_versions",
    "redline_caption",
    "redline_runs",
    "review_widget",
    "robustness_caption",
    "run_collection",
    "run_study",
    "save_figure",
    "score_codebook",
    "show_clauses",
    "show_kwic",
    "show_progress",
    "source_offsets",
    "suggest_terms",
    "summarize_topics",
    "tag_text",
    "tag_texts",
    "tag_topics",
    "tokenize",
    "topic_commitment",
    "topic_positions",
    "topic_profiles",
    "topic_shift",
    "topic_specificity",
    "try_readings",
    "try_terms",
    "word_shift",
    "word_shift_caption",
    "write_comparison",
    "write_marks",
    "write_sheet",
    "write_study",
    "write_tables",
    "write_word",
]


def __getattr__(name: str) -> Any:
    """Import a public name's room when the name is first used, so that the import stays fast."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'resanalysis' has no attribute {name!r}")
    value = getattr(import_module(f"resanalysis.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
