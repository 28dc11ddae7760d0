"""Two policies beside each other: by their provisions, by the persons of a roster, by records made for the purpose."""
