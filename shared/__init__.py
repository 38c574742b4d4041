"""What the five services stand on: the commit path, the bus, the clock, the language they share."""
