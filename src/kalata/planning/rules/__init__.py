"""What decides in the operational plan: reading, dates, draws, quality, cost, levelling, exchange. Nothing here knows a database."""
