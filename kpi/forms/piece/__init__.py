"""The forms of a scheme's parts beside its indicators: groups, targets, sections, gates, grades, awards and lists."""

from kpi.forms.piece.kinds import PIECES, Piece
from kpi.forms.piece.proposal import PieceProposal, as_text, begun, entry_of, sent, shown

__all__ = ["PIECES", "Piece", "PieceProposal", "as_text", "begun", "entry_of", "sent", "shown"]
