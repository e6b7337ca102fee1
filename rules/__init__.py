"""The ground floor: the words, the facts and the judgement, all pure."""
