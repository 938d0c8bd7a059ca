"""How each language writes dates and times; templates name them (`|date:"DATETIME_FORMAT"`)."""
