"""Whether the findings survive: the shift counted again under other readings and other choices.

`readings` draws readings of the redline, `choices` tries what an analyst might have chosen
otherwise, `verdicts` compares both with the headline. All stand above the stages, which they rerun.
"""

from resanalysis.robustness.running import Robustness, assess_robustness
from resanalysis.robustness.wording import describe_verdict

__all__ = ["Robustness", "assess_robustness", "describe_verdict"]
