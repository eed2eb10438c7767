"""`make bench`: says plainly that there is no benchmark yet, and succeeds."""

print("The benchmark is not written yet: nothing was measured.")
