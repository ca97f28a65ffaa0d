"""Whether one program's samples are more than another's, or only seem so."""

import math


def chance_of_more(ours, theirs):
    """How likely samples of the same thing would look as much as if ours were more, as these do: by Mann and Whitney's U, one-sided, with
    the normal distribution in its place, which is close from ten samples each on (Annals of Mathematical Statistics 18, 1947)."""
    n = len(ours) * len(theirs)
    u = sum((a > b) + 0.5 * (a == b) for a in ours for b in theirs)
    return 0.5 * math.erfc((u - 0.5 - n / 2) / math.sqrt(n * (len(ours) + len(theirs) + 1) / 6))
