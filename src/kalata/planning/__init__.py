"""Planning: the operational plan. Law, dates, people, money and risk in one object."""
