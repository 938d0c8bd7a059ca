class Refused(Exception):
    """What somebody wanted to do is not possible now. Subclasses say why; views say it in the reader's language."""


class PhaseClosed(Refused):
    """The open phase does not allow this, or no phase is open."""


class StaleVote(Refused):
    """The vote was changed elsewhere since the page was made."""


class Reworded(Refused):
    """The words were changed since they were read."""


class WordsStay(Refused):
    """Others rest on these words by now, so they are not changed any more."""


class PseudonymTaken(Refused):
    """Somebody in this assembly already goes by that name."""


class JoiningClosed(Refused):
    """This assembly is joined by invitation only."""


class CodeUnknown(Refused):
    """No invitation and no participant has this code."""


class CodeExpired(Refused):
    """The invitation was good until an earlier day."""


class CodeUsedUp(Refused):
    """The invitation has been used as often as it may."""


class NothingToReport(Refused):
    """No map has been made yet."""


class TooLate(Refused):
    """The time in which this could be undone is over."""


class GateShut(Refused):
    """Something is missing before this phase may open."""


class WrongStage(Refused):
    """The drafting round is not where this could be done; perhaps somebody else took a step."""


class TooFewCandidates(Refused):
    """There is nothing to choose between."""


class TooManyCandidates(Refused):
    """Nobody could compare so many."""


class NotRevised(Refused):
    """A second ranking needs something new to rank."""


class InUse(Refused):
    """People have already answered, and their answers would be lost."""


class AlreadyObjected(Refused):
    """Each person objects once."""


class LastFacilitator(Refused):
    """Nobody else could lead the assembly then."""


class StaleReview(Refused):
    """Somebody else changed this sentence or argument of the summary since the page was made."""


class RestsOnIt(Refused):
    """The sentence of a key point is made from this argument, which can therefore not be counted elsewhere."""


class AlreadyChallenged(Refused):
    """This person's objection to this sentence waits for an answer."""


class NotInThisState(Refused):
    """Somebody else took a step meanwhile, or this version was never one that this could be done with."""


class Appealed(Refused):
    """The author has asked for another look: only that decides now."""


class CannotMerge(Refused):
    """They are not of one kind and one place, or one of them is hidden or merged already."""


class NotAnExpert(Refused):
    """Questions are answered by experts and facilitators of the assembly."""


class NotInEveryLanguage(Refused):
    """What everybody is to read has to stand in each language of the assembly."""


class AlreadyAppealed(Refused):
    """Each decision is looked at again once."""


class SameModerator(Refused):
    """Whoever hid something, or wrote it, does not decide on the appeal."""


class SourceGone(Refused):
    """A contribution that this version cites was changed, hidden or taken back."""


class NothingToSummarise(Refused):
    """A summary is made of arguments, and none can be read."""


class AlreadyBeingWritten(Refused):
    """One summary is written at a time."""


class NotClosedYet(Refused):
    """People agreed that what they wrote may be shared after the close, and the assembly is not closed."""


class MayNotFound(Refused):
    """Only those whom the operator lets set up assemblies here."""


class QuestionStays(Refused):
    """People have answered the question as it was asked."""


class OutOfOrder(Refused):
    """The dates of a phase would overlap those of the one named."""

    def __init__(self, neighbour: object) -> None:
        super().__init__(neighbour)
        self.neighbour = neighbour


class OnlyWatching(PhaseClosed):
    """Observers and commissioners read; they neither write nor vote, whatever phase is open."""
