"""Pure part: specifications, comparison maths, findings and reports; standard library and numpy."""
