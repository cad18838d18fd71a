"""A function of the user's own, and what to call it with, made into a workload file.

`target.Target` says what is called, `workload_text.workload_text` writes the file. The rest serves
these two: `binding` (how an object gets into another process), `lookup` (`module:function`, as
`python -m` finds modules), `items` (the items of a file or of the command line).

The file is an ordinary one with `WORKLOAD = Workload(…)`, so that all that can be done with such a
file can be done with a function: `session.own_function` measures what it waits, and races it.
"""
