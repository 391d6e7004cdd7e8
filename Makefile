# The verbs of ./sunlight, for fingers that type make.
VERBS := demo test up stop status bench deep build lint clean

.PHONY: help $(VERBS)
help:
	@./sunlight

$(VERBS):
	@./sunlight $@
