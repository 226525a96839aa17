# Every target is one line over the bootstrap, so a machine without make can call that: python3 -m promotion.bootstrap run
PYTHON ?= python3

.PHONY: run test check demo bench format setup clean

run: ; @$(PYTHON) -m promotion.bootstrap run
test: ; @$(PYTHON) -m promotion.bootstrap test $(ARGS)
check: ; @$(PYTHON) -m promotion.bootstrap check $(ARGS)
demo: ; @$(PYTHON) -m promotion.bootstrap demo $(ARGS)
bench: ; @$(PYTHON) -m promotion.bootstrap bench $(ARGS)
format: ; @$(PYTHON) -m promotion.bootstrap format
setup: ; @$(PYTHON) -m promotion.bootstrap setup
clean: ; @$(PYTHON) -m promotion.bootstrap clean
