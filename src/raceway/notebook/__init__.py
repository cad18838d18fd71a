"""Door 3: Python, in scripts and notebooks. `raceway.race` is `racing.race`.

`sending` gets functions of a notebook's cell or of `__main__` into other processes, `raced` is what
comes back.
"""
