"""Which of its cosigned checkpoints a log shows.

A browser wants k signatures on one checkpoint. So each is sent to all witnesses; the one that most of them have lately
signed is shown, of these the newest; and none is kept that a newer one is as good as.
"""

from collections.abc import Iterable, Sequence

from keys.key_log.cosignature import Witness, is_of, time_of
from keys.key_log.note import Note, Signature

# A browser counts a cosignature for 26 hours and looks every hour: by then it has to have been shown others.
LATELY_SECONDS = 24 * 3600


def with_lines(found: Note, added: Sequence[Signature]) -> Note:
    """Return the note with these lines, each in the place of an older one of its key."""
    replaced = {(one.name, one.key_id) for one in added}
    kept = [one for one in found.signatures if (one.name, one.key_id) not in replaced]
    return Note(found.text, (*kept, *added))


def signed_at(found: Note, witness: Witness) -> int:
    """Return when this witness has signed, unix seconds; 0 when it has not. The lines were verified before."""
    return max((time_of(one) for one in found.signatures if is_of(one, witness)), default=0)


def signed_lately(found: Note, witnesses: Iterable[Witness], now: int) -> int:
    """Return how many of the witnesses have signed within the last day; `now` in unix seconds."""
    return sum(now - signed_at(found, one) < LATELY_SECONDS for one in witnesses)


def best(notes: Sequence[Note], witnesses: Sequence[Witness], now: int) -> Note | None:
    """Return which of the notes, newest first, to show; None when no witness has signed any."""
    signed = [found for found in notes if any(signed_at(found, one) for one in witnesses)]
    return max(signed, key=lambda found: signed_lately(found, witnesses, now), default=None)


def useful(notes: Sequence[Note], witnesses: Sequence[Witness], now: int) -> list[Note]:
    """Return those of the notes, newest first, that may have to be shown: each has more signatures than all newer."""
    kept, most = list(notes[:1]), signed_lately(notes[0], witnesses, now) if notes else 0
    for found in notes[1:]:
        count = signed_lately(found, witnesses, now)
        if count > most:
            kept.append(found)
            most = count
    return kept
