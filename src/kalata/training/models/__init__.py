"""What is kept of training and of posts, and what the database refuses. One module a vertical."""

from kalata.training.models.procedures import ManualSource, Procedure, ProcedureComment, ProcedureVersion

__all__ = ["ManualSource", "Procedure", "ProcedureComment", "ProcedureVersion"]
