"""What a forecast says about itself besides its numbers: a code for programs, a sentence for people."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`code` names the kind. `sentence` says what, where and what it means, in the reader's words."""

    code: str
    sentence: str
