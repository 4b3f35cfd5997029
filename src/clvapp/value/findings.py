"""What a forecast has to say about itself beside its numbers: each with a code for programs and a sentence for people."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`code` names the kind; `sentence` says what, where and what it means."""

    code: str
    sentence: str
