"""Documents: the one way from a record to a paper, and the register of those that were issued.

On the ground floor: it names no room. A room declares its papers (`Document` in its `room.py`), brings a template
(`typst/*.typ`) and plain values; `rendering` gives the PDF, `services.issue` enters it in the register. Rules that
matter: what may stand on paper and its fingerprint (`rules/content.py`), a reference that tells a slip of the pen
(`rules/references.py`), what a stranger is told of the paper in his hand (`rules/verdicts.py`).
"""
