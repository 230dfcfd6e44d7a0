"""The papers of a plan, each from values alone: the operational plan with its budget, the Gantt, the calendar."""
