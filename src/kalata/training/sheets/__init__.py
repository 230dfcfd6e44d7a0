"""Answer sheets: where each bubble is printed, and the reader of their photographs."""
